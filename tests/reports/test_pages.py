"""The pages of reports: what the manager decides there, and what a funder gets to see."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from best_portal.accounts.models import Role
from reports.models import Report, ReportVersion, Step, VersionStatus
from tests.factories import (
    YEAR,
    frozen,
    make_draft,
    make_grant,
    make_programme,
    make_released,
    make_report,
    make_user,
    make_version,
    produced,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(sign_in):
    return sign_in(make_user(Role.MANAGER))


def address(name, *args):
    return reverse(f"reports:{name}", args=args)


def officer_of(version):
    funder = make_user(Role.FUNDER)
    version.report.grant.programme.officers.add(funder)
    return funder


def asked(**fields):
    return {
        "kind": "interim",
        "starts_on": f"{YEAR}-01-01",
        "ends_on": f"{YEAR}-12-31",
        "form_key": uuid.uuid4(),
        "change_note": "",
    } | fields


def pages(version):
    """Every page of a version, and who besides the manager may come through its door."""
    report = version.report
    return {
        address("list"): [Role.FUNDER],
        address("new"): [],
        address("new_for", report.grant.ref): [],
        address("detail", report.pk): [Role.FUNDER],
        address("texts", report.pk): [],
        address("version_new", report.pk): [],
        address("progress", version.pk): [],
        address("release", version.pk): [],
        address("figure", version.pk, "BEST-BER"): [Role.FUNDER],
        address("figure_cumulated", version.pk, "BEST-BER"): [Role.FUNDER],
        address("download", version.pk, "pdf"): [Role.FUNDER],
    }


# --- doors ---


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_each_page_opens_for_its_roles_only(sign_in, role):
    version = make_released()
    user = officer_of(version) if role == Role.FUNDER else make_user(role)
    browser = sign_in(user)

    answers = {page: browser.get(page).status_code for page in pages(version)}

    assert answers == {page: 200 if role in may else 403 for page, may in pages(version).items()}


@pytest.mark.parametrize("make", [make_draft, make_released])
def test_the_manager_finds_every_page(manager, make):
    version = make()

    answers = {page: manager.get(page, follow=True).status_code for page in pages(version)}

    assert answers == dict.fromkeys(pages(version), 200)


@pytest.mark.parametrize("verb", ["cancel", "retry"])
@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_nobody_but_the_manager_decides(sign_in, role, verb):
    version = make_released()
    user = officer_of(version) if role == Role.FUNDER else make_user(role)

    assert sign_in(user).post(address(verb, version.pk)).status_code == 403


def test_a_funder_does_not_know_of_drafts(sign_in):
    draft = make_draft()
    browser = sign_in(officer_of(draft))

    assert str(draft.report) not in browser.get(address("list")).content.decode()
    for page, may in pages(draft).items():
        if may and page != address("list"):
            assert browser.get(page).status_code == 404


def test_a_funder_does_not_know_of_other_programmes(sign_in):
    released = make_released()
    browser = sign_in(officer_of(make_released()))

    assert browser.get(address("detail", released.report.pk)).status_code == 404
    assert browser.get(address("download", released.pk, "pdf")).status_code == 404
    assert browser.get(address("figure", released.pk, "BEST-BER")).status_code == 404


def test_a_funder_sees_the_released_version_while_a_new_one_is_drafted(sign_in):
    released = make_released()
    released.report.add_version(by=None, change_note="Neu.")
    page = sign_in(officer_of(released)).get(address("detail", released.report.pk))

    assert list(page.context["versions"]) == [released]
    assert "being made" not in page.content.decode()


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(address("list")).status_code == 302


# --- lists ---


def test_a_funder_reads_the_newest_release_first(sign_in):
    old = make_released()
    new = make_released(report=make_report(grant=make_grant(programme=old.report.grant.programme)))

    page = sign_in(officer_of(old)).get(address("list"))

    assert list(page.context["page"]) == [new, old]


def test_the_list_names_each_report_once_with_its_newest_version(manager):
    first = make_released()
    second = make_draft(report=first.report)

    assert list(manager.get(address("list")).context["page"]) == [second]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("role", [Role.MANAGER, Role.FUNDER])
def test_the_list_costs_the_same_however_long(sign_in, rows, role, django_assert_max_num_queries):
    user = make_user(role)
    programme = make_programme(officers=[user] if role == Role.FUNDER else [])
    for _row in range(rows):
        make_released(report=make_report(grant=make_grant(programme=programme)))
    browser = sign_in(user)

    with django_assert_max_num_queries(7):
        page = browser.get(address("list"))

    assert len(page.context["page"].object_list) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_a_report_costs_the_same_however_many_versions(
    manager, rows, django_assert_max_num_queries
):
    report = make_report()
    for _row in range(rows):
        make_draft(report=report)

    with django_assert_max_num_queries(10):
        page = manager.get(address("detail", report.pk))

    assert len(page.context["versions"]) == rows


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

    page = manager.get(address("new_for", grant.ref), {"zeitraum": str(YEAR - 1)})

    assert [preset.key for preset in page.context["presets"]] == ["whole", "2024", "2023"]
    assert page.context["form"]["ends_on"].value() == date(YEAR - 1, 12, 31)


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

    assert page.context["form"].errors
    assert Report.objects.get().narrative["summary"] == "Zuerst."


# --- releasing ---


def test_releasing_asks_first_and_then_publishes(manager):
    draft = make_draft()

    question = manager.get(address("release", draft.pk))
    assert ReportVersion.objects.get().status == VersionStatus.READY
    assert question.context["concerns"]

    manager.post(address("release", draft.pk))
    assert ReportVersion.objects.get().status == VersionStatus.RELEASED


def test_a_missed_target_without_a_reason_is_pointed_out(manager):
    draft = make_draft()

    concerns = manager.get(address("release", draft.pk)).context["concerns"]

    assert any("BEST-BER" in concern for concern in concerns)


def test_a_missed_target_with_its_reason_is_no_concern(manager):
    document = frozen()
    document["indicators"][0]["reason"] = "Umzug."
    draft = make_draft(produced(frozen=document))

    concerns = manager.get(address("release", draft.pk)).context["concerns"]

    assert not any("BEST-BER" in concern for concern in concerns)


def test_texts_written_after_the_draft_are_pointed_out(manager):
    draft = make_draft()
    before = manager.get(address("release", draft.pk)).context["concerns"]
    draft.report.write(by=None, narrative={"summary": "Neu"}, reasons={}, seen=None)

    after = manager.get(address("release", draft.pk)).context["concerns"]

    assert len(after) == len(before) + 1


def test_what_is_no_draft_is_not_released(manager):
    version = make_version()

    page = manager.post(address("release", version.pk), follow=True)

    assert page.status_code == 200
    assert ReportVersion.objects.get().status == VersionStatus.QUEUED


# --- figures and documents ---


def test_a_figure_opens_exactly_the_rows_that_were_counted(manager):
    version = make_draft()

    page = manager.get(address("figure", version.pk, "BEST-BER"))

    assert [row["id"] for row in page.context["rows"]] == [1, 3]
    assert len(page.context["rows"]) == int(page.context["figure"].in_period)
    assert page.context["minutes"] == 90


def test_a_figure_with_rows_of_its_own_shows_those(manager):
    rows = {"BEST-BER": [{"on": "2024-05-01", "kind": "Gründung", "case_number": "F-9"}]}
    version = make_draft(produced(frozen=frozen(rows=rows)))

    page = manager.get(address("figure", version.pk, "BEST-BER"))

    assert [row["case_number"] for row in page.context["rows"]] == ["F-9"]


def test_a_figure_that_is_not_in_the_report_is_not_found(manager):
    assert manager.get(address("figure", make_draft().pk, "\x01'")).status_code == 404


@pytest.mark.parametrize(
    ("extension", "content_type"),
    [("pdf", "application/pdf"), ("csv", "text/csv; charset=utf-8"), ("json", "application/json")],
)
def test_a_document_comes_as_a_file_of_a_stable_name(sign_in, extension, content_type):
    version = make_released()
    funder = officer_of(version)

    answer = sign_in(funder).get(address("download", version.pk, extension))

    ref = version.report.grant.ref
    name = f"{ref}_zwischennachweis_2024-01-01_2024-12-31_v1.{extension}"
    assert answer.content == bytes(getattr(version.document, extension))
    assert answer["Content-Type"] == content_type
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in answer["Cache-Control"]
    assert version.downloads.get().user == funder


@pytest.mark.parametrize("extension", ["exe", "frozen", "lease_token"])
def test_there_are_no_other_documents(manager, extension):
    assert manager.get(address("download", make_draft().pk, extension)).status_code == 404


def test_the_hash_is_shown(manager):
    version = make_draft()
    page = manager.get(address("detail", version.report.pk)).content.decode()

    assert version.sha256 in page.replace("<wbr>", "")
