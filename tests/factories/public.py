"""What the public reads, and how a need becomes a job."""

import uuid
from datetime import date, timedelta

from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.pages.models import Barrier, PageVersion, SmallCellRule
from consultations.models import Finding, Idea, Need, ProgrammeItem
from districts.models import Survey, SurveyResponse
from reports.models import (
    ContinuityRule,
    CoordinatingTask,
    Story,
    StoryConsent,
    TransferStep,
)
from tests.factories.base import make_user, number
from tests.factories.consultations import make_case, make_group_session, make_project


def make_page_version(**fields):
    fields.setdefault("page", "imprint")
    fields.setdefault("language", "de")
    fields.setdefault("number", 1)
    fields.setdefault("text", "Mustertext")
    fields.setdefault("checked_on", date(2026, 11, 27))
    if "written_by" not in fields:
        fields["written_by"] = make_user(Role.MANAGER)
    return PageVersion.objects.create(**fields)


def make_barrier(**fields):
    fields.setdefault("text", "Der Knopf hat keinen Namen.")
    fields.setdefault("due_on", timezone.localdate() + timedelta(days=30))
    fields.setdefault("form_key", uuid.uuid4())
    return Barrier.objects.create(**fields)


def make_small_cell_rule(**fields):
    fields.setdefault("starts_on", date(2020, 1, 1))
    fields.setdefault("fewest", 5)
    fields.setdefault("note", "Musterregel")
    return SmallCellRule.objects.create(**fields)


def make_survey(*, questions=(), is_open=True, **fields):
    """An open survey; `questions` are (kind, words, options)."""
    today = timezone.localdate()
    n = next(number)
    fields.setdefault("title", f"Musterumfrage {n}")
    fields.setdefault("slug", f"musterumfrage-{n}")
    fields.setdefault("introduction", "Was fehlt Ihnen hier?")
    fields.setdefault("opens_on", today - timedelta(days=7))
    fields.setdefault("closes_on", today + timedelta(days=7))
    if is_open:
        fields.setdefault("published_at", timezone.now())
    if "planned_by" not in fields:
        fields["planned_by"] = make_user(Role.MANAGER)
    areas = fields.pop("areas", [])
    survey = Survey.objects.create(**fields)
    survey.areas.set(areas)
    for position, (kind, words, options) in enumerate(questions, start=1):
        survey.questions.create(position=position, kind=kind, words=words, options=options)
    return survey


def make_response(survey=None, **answers):
    """Answers by position: `p1=[2]`, `p2="Worte"`."""
    survey = survey or make_survey()
    questions = {f"p{row.position}": row for row in survey.questions.all()}
    return SurveyResponse.objects.give(
        survey,
        form_key=uuid.uuid4(),
        district=answers.pop("district", None),
        replies={questions[name]: answer for name, answer in answers.items()},
    )


def make_need(**fields):
    fields.setdefault("title", f"Musterbedarf {next(number)}")
    fields.setdefault("source", "other")
    if "noted_by" not in fields:
        fields["noted_by"] = make_user()
    return Need.objects.create(**fields)


def make_idea(**fields):
    fields.setdefault("title", f"Musteridee {next(number)}")
    if "need" not in fields:
        fields["need"] = make_need()
    if "noted_by" not in fields:
        fields["noted_by"] = make_user()
    return Idea.objects.create(**fields)


def make_item(**fields):
    if "session" not in fields:
        fields["session"] = make_group_session()
    fields.setdefault("starts_at", fields["session"].starts_at or timezone.now())
    fields.setdefault("title", "Begrüßung")
    return ProgrammeItem.objects.create(**fields)


def make_finding(**fields):
    topics = fields.pop("topics", [])
    if "session" not in fields:
        fields["session"] = make_group_session()
    fields.setdefault("text", f"Mustererkenntnis {next(number)}")
    finding = Finding.objects.create(**fields)
    finding.topics.set(topics)
    return finding


def make_story(*, agreed=True, approved=True, **fields):
    """A story everyone can read, unless told otherwise."""
    n = next(number)
    if "case" not in fields:
        fields["case"] = make_case()
    fields.setdefault("title", f"Mustergeschichte {n}")
    fields.setdefault("slug", f"mustergeschichte-{n}")
    fields.setdefault("summary", "Aus einer Idee wurde ein Betrieb.")
    fields.setdefault("text", "Wie es dazu kam.")
    fields.setdefault("organisation", fields["case"].organisation)
    fields.setdefault("project", fields["case"].project)
    if "written_by" not in fields:
        fields["written_by"] = make_user()
    story = Story.objects.create(**fields)
    if agreed:
        make_story_consent(story=story, of="organisation")
        if story.person_id:
            make_story_consent(story=story, of="person")
    if agreed and approved:
        story.approve(by=make_user(Role.MANAGER))
    return story


def make_story_consent(**fields):
    if "story" not in fields:
        fields["story"] = make_story(agreed=False)
    fields.setdefault("of", "organisation")
    fields.setdefault("given_by", "Muster")
    fields.setdefault("given_on", date(2024, 5, 1))
    fields.setdefault("way", "paper")
    if "recorded_by" not in fields:
        fields["recorded_by"] = make_user()
    return StoryConsent.objects.create(**fields)


def make_coordinating_task(**fields):
    if "project" not in fields:
        fields["project"] = make_project()
    fields.setdefault("title", f"Musteraufgabe {next(number)}")
    if "owner" not in fields:
        fields["owner"] = make_user()
    return CoordinatingTask.objects.create(**fields)


def make_step(**fields):
    if "task" not in fields:
        fields["task"] = make_coordinating_task()
    fields.setdefault("text", "Zugang übergeben")
    fields.setdefault("due_on", timezone.localdate() + timedelta(days=30))
    return TransferStep.objects.create(**fields)


def make_continuity_rule(**fields):
    fields.setdefault("starts_on", date(2020, 1, 1))
    fields.setdefault("days_before", 180)
    fields.setdefault("note", "Musterregel")
    return ContinuityRule.objects.create(**fields)
