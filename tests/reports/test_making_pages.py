"""The pages on which a report is asked for, watched, written and released."""

import uuid
from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext as _

from best_portal.accounts.models import Role
from reports.models import Report, ReportVersion, Step, VersionStatus
from tests.factories import (
    YEAR,
    frozen,
    make_draft,
    make_grant,
    make_indicator,
    make_releasable,
    make_released,
    make_report,
    make_review,
    make_target,
    make_user,
    make_version,
    produced,
)
from tests.reports.pages import address

pytestmark = pytest.mark.django_db


def asked(**fields):
    return {
        "kind": "interim",
        "starts_on": f"{YEAR}-01-01",
        "ends_on": f"{YEAR}-12-31",
        "form_key": uuid.uuid4(),
        "change_note": "",
    } | fields


# --- asking ---


def test_the_manager_asks_for_a_report(manager):
    grant = make_grant()

    answer = manager.post(address("new_for", grant.ref), asked())

    version = ReportVersion.objects.get()
    assert answer.url == address("detail", version.report.pk)
    assert version.report.grant == grant


def test_a_double_click_is_one_report(manager):
    page, form = address("new_for", make_grant().ref), asked()

    manager.post(page, form)
    answer = manager.post(page, form)

    assert answer.status_code == 302
    assert ReportVersion.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_on": "31.02.2024"},
        {"starts_on": "0000-00-00"},
        {"ends_on": "9999-12-31"},
        {"kind": "Roman\x00"},
        {"form_key": "no key"},
        {"change_note": "x" * 301},
        {"starts_on": f"{YEAR}-12-31", "ends_on": f"{YEAR}-01-01"},
    ],
)
def test_what_cannot_be_asked_for_is_explained_and_kept(manager, wrong):
    grant = make_grant()

    page = manager.post(address("new_for", grant.ref), asked(**wrong))

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Report.objects.exists()


def test_the_usual_periods_are_offered_and_chosen(manager):
    grant = make_grant(early_start_on=date(YEAR - 1, 12, 1))

    page = manager.get(address("new_for", grant.ref), {"zeitraum": str(YEAR)})

    assert [preset.key for preset in page.context["presets"]] == ["whole", "2024"]
    days = [page.context["form"][name].value() for name in ("starts_on", "ends_on")]
    assert days == [date(YEAR - 1, 12, 1), date(YEAR, 12, 31)]


def test_an_unknown_preset_is_the_first(manager):
    page = manager.get(address("new_for", make_grant().ref), {"zeitraum": "\x00"})

    assert page.context["chosen"] == page.context["presets"][0]


def test_a_period_without_a_consultation_is_pointed_out(manager):
    page = manager.get(address("new_for", make_grant().ref))

    assert page.context["hints"] == [_("No consultation of the project is logged in this period.")]


def test_another_version_asks_what_changed_after_a_release(manager):
    report = make_released().report
    page = address("version_new", report.pk)

    refused = manager.post(page, {"form_key": uuid.uuid4()})
    manager.post(page, {"form_key": uuid.uuid4(), "change_note": "Nachgetragen."})

    assert refused.context["form"].errors
    assert report.versions.get(number=2).change_note == "Nachgetragen."


# --- watching ---


def test_progress_names_the_step_and_asks_again(manager):
    version = ReportVersion.objects.claim(make_version().pk)
    version.enter(Step.FREEZING)

    fragment = manager.get(address("progress", version.pk)).content.decode()

    assert str(Step.FREEZING.label) in fragment
    assert "every 1s" in fragment


def test_progress_counts_no_step_before_the_first(manager):
    version = ReportVersion.objects.claim(make_version().pk)
    page = address("progress", version.pk)

    assert "0 von" not in manager.get(page).text
    version.enter(Step.FREEZING)
    assert f"Schritt {Step.FREEZING} von {len(Step)}" in manager.get(page).text


def test_progress_says_nothing_while_nothing_is_new(manager):
    version = ReportVersion.objects.claim(make_version().pk)
    version.enter(Step.FREEZING)

    answer = manager.get(address("progress", version.pk), {"known": "working-2"})

    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    "make",
    [
        make_draft,
        make_released,
        lambda: make_version(status=VersionStatus.FAILED, error="No."),
        lambda: make_version(status=VersionStatus.CANCELLED),
    ],
)
def test_progress_shows_the_page_anew_when_there_is_nothing_to_wait_for(manager, make):
    version = make()
    page = address("progress", version.pk)

    by_htmx = manager.get(page, headers={"HX-Request": "true"})
    by_hand = manager.get(page)

    assert by_htmx["HX-Refresh"] == "true"
    assert by_hand.url == address("detail", version.report.pk)
    assert "hx-get" not in manager.get(by_hand.url).content.decode()


def test_who_waits_takes_back_what_a_dead_worker_left(manager):
    version = ReportVersion.objects.claim(make_version().pk)
    long_ago = timezone.now() - timedelta(minutes=5)
    ReportVersion.objects.filter(pk=version.pk).update(lease_until=long_ago)

    manager.get(address("progress", version.pk))

    assert ReportVersion.objects.get().status == VersionStatus.QUEUED


def test_a_report_under_way_can_be_cancelled_and_made_again(manager):
    version = make_version()

    manager.post(address("cancel", version.pk))
    assert ReportVersion.objects.get().status == VersionStatus.CANCELLED

    manager.post(address("retry", version.pk))
    assert ReportVersion.objects.get().status == VersionStatus.QUEUED


@pytest.mark.parametrize("verb", ["cancel", "retry"])
def test_a_decision_that_comes_too_late_is_explained(manager, verb):
    page = manager.post(address(verb, make_draft().pk), follow=True)

    assert page.status_code == 200
    assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_a_failed_version_says_why_in_the_readers_language(manager):
    version = make_version(status=VersionStatus.FAILED, error="<b>Kaputt</b>")

    page = manager.get(address("detail", version.report.pk)).content.decode()

    assert "&lt;b&gt;Kaputt&lt;/b&gt;" in page


# --- writing ---


def test_texts_and_reasons_are_kept(manager):
    draft = make_draft()
    page = address("texts", draft.report.pk)

    manager.post(page, {"text_summary": "Gut gelaufen.", "reason_BEST-BER": "Umzug."})

    report = Report.objects.get()
    assert report.narrative["summary"] == "Gut gelaufen."
    assert report.reasons == {"BEST-BER": "Umzug."}


def test_what_two_people_write_at_once_is_not_lost(manager):
    report = make_report()
    page = address("texts", report.pk)
    manager.post(page, {"text_summary": "Zuerst."})

    late = manager.post(page, {"text_summary": "Danach.", "seen": ""})

    assert late.status_code == 200
    assert "Danach." in late.content.decode()
    assert Report.objects.get().narrative["summary"] == "Zuerst."


def test_a_text_can_be_changed_again_from_the_page(manager):
    report = make_report()
    page = address("texts", report.pk)
    manager.post(page, {"text_summary": "Zuerst."})
    seen = manager.get(page).context["form"]["seen"].value()

    manager.post(page, {"text_summary": "Danach.", "seen": seen})

    assert Report.objects.get().narrative["summary"] == "Danach."


@pytest.mark.parametrize("seen", ["yesterday", "\x00", "9" * 400, "2024-01-01"])
def test_a_made_up_time_of_reading_overwrites_nothing(manager, seen):
    report = make_report()
    report.write(by=None, narrative={"summary": "Zuerst."}, reasons={}, seen=None)

    page = manager.post(address("texts", report.pk), {"text_summary": "Danach.", "seen": seen})

    form = page.context["form"]
    assert form.conflict or form.errors
    assert form["text_summary"].value() == "Danach."
    assert Report.objects.get().narrative["summary"] == "Zuerst."


# --- releasing ---


def test_releasing_asks_first_and_then_publishes(manager):
    draft = make_releasable()

    page = manager.get(address("detail", draft.report.pk))
    assert page.context["hindering"] == []
    assert address("release", draft.pk) in page.content.decode()
    question = manager.get(address("release", draft.pk))
    assert ReportVersion.objects.get().status == VersionStatus.READY
    assert question.context["check"].to_look_at
    assert "Endgültig freigeben" in question.content.decode()

    manager.post(address("release", draft.pk))
    assert ReportVersion.objects.get().status == VersionStatus.RELEASED
    assert "hindering" not in manager.get(address("detail", draft.report.pk)).context


def test_what_blocks_a_release_is_named_with_where_to_settle_it_and_nothing_to_press(manager):
    grant = make_grant()
    for _number in range(5):
        make_target(grant=grant, value=100, indicator=make_indicator())
    draft = make_releasable(grant=grant)

    page = manager.get(address("release", draft.pk))
    blocks = page.context["check"].open
    assert len(blocks) == 5
    assert f'href="{blocks[0].href}"' in page.content.decode()
    assert address("data_check", draft.report.pk) in page.content.decode()
    assert "Endgültig freigeben" not in page.content.decode()

    # The page of the report and the data check tell the same, the page only what comes first.
    page = manager.get(address("detail", draft.report.pk))
    assert page.context["hindering"] == blocks
    assert [each.text in page.content.decode() for each in blocks] == [True] * 3 + [False] * 2
    assert address("data_check", draft.report.pk) in page.content.decode()
    check = manager.get(address("data_check", draft.report.pk)).context["check"]
    assert check.open == blocks

    reasons = {each.indicator.code: "Umzug." for each in grant.targets.all()}
    draft.report.write(by=None, narrative=draft.report.narrative, reasons=reasons, seen=None)
    page = manager.get(address("release", draft.pk)).content.decode()
    assert "Endgültig freigeben" in page


def test_a_version_that_only_does_not_know_what_was_settled_leads_to_a_new_one(manager):
    draft = make_releasable(produced(frozen=frozen(blocked_by=["size"])))

    page = manager.get(address("release", draft.pk)).content.decode()

    assert address("version_new", draft.report.pk) in page
    assert "Endgültig freigeben" not in page


def test_a_draft_that_waits_for_a_second_person_has_no_button_to_release_it(manager):
    draft = make_releasable()
    programme = draft.report.grant.programme
    programme.wants_review = True
    programme.save()

    page = manager.get(address("release", draft.pk)).content.decode()

    assert "vier Augen" in page
    assert address("review_ask", draft.pk) in page
    assert "Endgültig freigeben" not in page


def test_nobody_but_the_manager_is_told_what_hinders_a_release(sign_in):
    draft, advisor = make_draft(), make_user(Role.ADVISOR)
    draft.report.grant.project.team.add(advisor)
    make_review(version=draft, reviewer=advisor)

    page = sign_in(advisor).get(address("detail", draft.report.pk))

    assert page.status_code == 200
    assert "hindering" not in page.context


def test_no_text_of_a_report_is_called_voluntary(manager):
    page = manager.get(address("texts", make_draft().report.pk)).content.decode()

    assert "text_summary" in page
    assert "kern-label__optional" not in page


def test_what_is_no_draft_is_not_released(manager):
    version = make_version()

    page = manager.post(address("release", version.pk), follow=True)

    assert page.status_code == 200
    assert manager.get(address("release", version.pk)).status_code == 302
    assert ReportVersion.objects.get().status == VersionStatus.QUEUED
