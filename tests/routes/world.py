"""Two complete worlds that know nothing of each other: one object of each noun, with its people.

Every text that is not for everyone is a canary: a word that stands nowhere else.
"""

import io
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import LetterStatus
from consultations.models import ImportBatch, OfficeHours
from enterprises.models import (
    Criterion,
    CriterionAssessment,
    IncomeMix,
    Involvement,
    InvolvementRole,
    Job,
    JobKind,
    Membership,
    OrganisationKind,
)
from tests.factories import (
    frozen,
    make_absence,
    make_appointment,
    make_busy_calendar,
    make_calendar_feed,
    make_case,
    make_changed_day,
    make_consultation,
    make_district,
    make_draft,
    make_founder,
    make_grant,
    make_indicator,
    make_letter,
    make_office_hours,
    make_organisation,
    make_person,
    make_programme,
    make_project,
    make_released,
    make_report,
    make_target,
    make_task,
    make_topic,
    make_user,
    make_version,
    produced,
)

BERLIN = ZoneInfo("Europe/Berlin")
PAST = date(2024, 6, 3)


def free_time_of(office_hours):
    [first] = OfficeHours.objects.filter(pk=office_hours.pk).next_free_times(1)
    return first.starts_at


class World:
    """One team with its project, client, grant and report; `people` by role, `objects` by noun."""

    def __init__(self, name, manager):
        self.name = name
        self.canaries = {}
        self.people = {
            role: make_user(
                role,
                name=self.canary(f"{role}_name"),
                phone=self.canary(f"{role}_phone"),
                email=self.address(f"{role}_email"),
            )
            for role in (Role.ADVISOR, Role.FUNDER, Role.EVALUATOR)
        }
        self.people[Role.MANAGER] = manager
        self.objects = {"account": self.people[Role.ADVISOR]}
        self.make_organisation()
        self.make_project()
        self.make_work()
        self.make_appointments()
        self.make_import()
        self.make_grant()
        self.make_reports()

    def canary(self, what):
        """A word that stands only there: of `eigen` and `note` it is `Zkeigennoteq`."""
        # The end keeps one canary from being the beginning of another.
        word = f"Zk{self.name}{what}q".replace("_", "")
        self.canaries[what] = word
        return word

    def address(self, what):
        """An e-mail address; not one of the demo, whose people anybody may see."""
        return f"{self.canary(what)}@muster.example".lower()

    def make_organisation(self):
        organisation = make_organisation(
            name=self.canary("organisation"),
            kind=OrganisationKind.NETWORK,
            purpose=self.canary("organisation_purpose"),
            address=self.canary("organisation_address"),
            email=self.address("organisation_email"),
            phone=self.canary("organisation_phone"),
        )
        founder = make_founder(
            organisation,
            name=self.canary("founder_name"),
            phone=self.canary("founder_phone"),
            email=self.address("founder_email"),
        )
        self.people[Role.FOUNDER] = founder
        colleague = make_person(
            name=self.canary("colleague_name"),
            phone=self.canary("colleague_phone"),
            email=self.address("colleague_email"),
        )
        member = make_organisation(name=self.canary("member_organisation"))
        self.objects |= {
            "organisation": organisation,
            "person": founder.person,
            "involvement": Involvement.objects.create(
                person=colleague, organisation=organisation, role=InvolvementRole.CONTACT
            ),
            "membership": Membership.objects.create(group=organisation, member=member),
            "assessment": CriterionAssessment.objects.create(
                organisation=organisation,
                criterion=Criterion.COMMUNITY,
                is_met=True,
                assessed_on=PAST,
                evidence=self.canary("evidence"),
                assessed_by=self.people[Role.ADVISOR],
            ),
            "income": IncomeMix.objects.create(
                organisation=organisation, year=2024, note=self.canary("income_note")
            ),
            "job": Job.objects.create(
                organisation=organisation,
                title=self.canary("job_title"),
                kind=JobKind.NEW,
                fte=1,
                since=PAST,
                confirmed_on=PAST,
                confirmed_by=self.canary("job_confirmed_by"),
            ),
        }

    def make_project(self):
        district = make_district()
        project = make_project(
            name=self.canary("project"),
            purpose=self.canary("project_purpose"),
            team=[self.people[Role.ADVISOR]],
            districts=[district],
            evaluators=[self.people[Role.EVALUATOR]],
            starts_on=date(2024, 1, 1),
            ends_on=timezone.localdate() + timedelta(days=700),
        )
        office_hours = make_office_hours(
            advisor=self.people[Role.ADVISOR], project=project, district=district
        )
        make_busy_calendar(
            advisor=self.people[Role.ADVISOR],
            address=f"https://kalender.example/{self.canary('calendar_secret')}.ics",
        )
        make_calendar_feed(self.name, advisor=self.people[Role.ADVISOR], has_names=True)
        self.objects |= {
            "district": district,
            "project": project,
            "task": make_task(project=project),
            "topic": make_topic(),
            "office_hours": office_hours,
            "changed_day": make_changed_day(
                office_hours=office_hours,
                day=office_hours.due_days(9)[8],
                reason=self.canary("changed_day_reason"),
            ),
            "absence": make_absence(
                advisor=self.people[Role.ADVISOR],
                starts_at=timezone.now() + timedelta(days=90),
                ends_at=timezone.now() + timedelta(days=91),
                reason=self.canary("absence_reason"),
            ),
            "free_time": free_time_of(office_hours),
        }

    def make_work(self):
        advisor, project = self.people[Role.ADVISOR], self.objects["project"]
        case = make_case(
            project=project,
            organisation=self.objects["organisation"],
            advisor=advisor,
            goal=self.canary("case_goal"),
        )
        shared = {
            "advisors": [advisor],
            "project": project,
            "organisation": self.objects["organisation"],
            "district": self.objects["district"],
            "held_on": PAST,
            "case": case,
        }
        consultation = make_consultation(
            internal_note=self.canary("note"),
            result=self.canary("result"),
            next_step=self.canary("next_step"),
            next_step_on=timezone.localdate(),
            place=self.canary("place"),
            **shared,
        )
        consultation.people.add(self.objects["person"], self.objects["involvement"].person)
        withdrawn = make_consultation(
            internal_note=self.canary("withdrawn_note"),
            result=self.canary("withdrawn_result"),
            **shared,
        )
        withdrawn.withdraw(by=advisor)
        self.objects |= {"case": case, "consultation": consultation, "withdrawn": withdrawn}

    def make_appointments(self):
        soon = self.objects["free_time"] + timedelta(days=1)
        before = datetime.combine(PAST, time(9), BERLIN)
        shared = {
            "advisor": self.people[Role.ADVISOR],
            "person": self.objects["person"],
            "project": self.objects["project"],
            "organisation": self.objects["organisation"],
        }
        appointment = make_appointment(
            starts_at=soon, concern=self.canary("concern"), place="Büro", **shared
        )
        letter = make_letter(
            key=f"{appointment.letters_key}:booked",
            recipient=self.address("letter_recipient"),
            subject=self.canary("letter_subject"),
            text=self.canary("letter_text"),
            status=LetterStatus.FAILED,
            error="Postfach voll",
        )
        self.objects |= {
            "appointment": appointment,
            "past_appointment": make_appointment(starts_at=before, **shared),
            "letter": letter,
        }

    def make_import(self):
        def bring(what):
            text = (
                "Nr.;Datum;Minuten;Art;Gebiet;Initiative;Notiz\n"
                f"1;03.06.2024;60;Beratung;{self.objects['district']};"
                f"{self.canary(what)};{self.canary(f'{what}_note')}\n"
                f"2;99.99.2024;60;Beratung;;{self.canary(f'{what}_rejected')};\n"
            )
            return ImportBatch.objects.propose(
                by=self.people[Role.ADVISOR],
                project=self.objects["project"],
                file=io.BytesIO(text.encode()),
                name=f"{self.canary(f'{what}_file')}.csv",
            )

        self.objects["batch"] = bring("log")
        imported = bring("imported_log")
        imported.commit(by=self.people[Role.ADVISOR])
        self.objects["imported_batch"] = imported

    def make_grant(self):
        programme = make_programme(
            officers=[self.people[Role.FUNDER]],
            name=self.canary("programme"),
            rules=self.canary("programme_rules"),
        )
        grant = make_grant(
            project=self.objects["project"],
            programme=programme,
            title=self.canary("grant_title"),
            purpose=self.canary("grant_purpose"),
            reference=self.canary("grant_reference"),
            notes=self.canary("grant_notes"),
        )
        make_target(grant=grant, indicator=make_indicator(code=f"BEST-{self.name.upper()}"))
        self.objects |= {"programme": programme, "grant": grant}

    def make_reports(self):
        """A report with a released version, one that is still a draft, one waiting for a worker."""
        grant = self.objects["grant"]

        def ending(days_before, **fields):
            ends_on = grant.ends_on - timedelta(days=days_before)
            return make_report(grant=grant, ends_on=ends_on, **fields)

        report, draft_report, waiting_report = ending(0), ending(1), ending(2)
        draft_report.narrative = {"summary": self.canary("draft_words")}
        draft_report.save()
        self.objects |= {
            "report": report,
            "version": make_released(self.document("released"), report=report),
            "newer_draft": make_draft(
                self.document("newer_draft"),
                report=report,
                change_note=self.canary("newer_draft_change"),
            ),
            "draft_report": draft_report,
            "draft": make_draft(self.document("draft"), report=draft_report),
            "waiting_report": waiting_report,
            "waiting": make_version(report=waiting_report),
        }

    def document(self, what):
        words = self.canary(f"{what}_words_of_report")
        chapter = {"key": "summary", "heading": "Zusammenfassung", "paragraphs": [words]}
        return produced(
            frozen=frozen(narrative=[chapter]),
            pdf=f"%PDF-1.7 {words}".encode(),
            csv=f"Schlüssel;Wert\r\n{words};1\r\n".encode("utf-8-sig"),
            json=f'{{"words": "{words}"}}'.encode(),
        )
