"""The pages of reports: who comes in, and what a reader gets to see."""

import pytest

from best_portal.accounts.models import Role
from tests.factories import (
    frozen,
    make_draft,
    make_grant,
    make_programme,
    make_released,
    make_report,
    make_user,
    produced,
)
from tests.reports.pages import address, officer_of

pytestmark = pytest.mark.django_db


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
        address("figure_rows", version.pk, "BEST-BER", "csv"): [Role.FUNDER],
        address("figure_cumulated", version.pk, "BEST-BER"): [Role.FUNDER],
        address("figure_cumulated_rows", version.pk, "BEST-BER", "csv"): [Role.FUNDER],
        address("cell", version.pk, "areas", "1", 2): [Role.FUNDER],
        address("cell_rows", version.pk, "areas", "1", 2, "csv"): [Role.FUNDER],
        address("download", version.pk, "pdf"): [Role.FUNDER],
    }


# --- doors ---


def test_an_advisor_who_was_not_asked_to_review_it_finds_nothing(sign_in):
    version = make_draft()
    client = sign_in(make_user(Role.ADVISOR))

    seen = {at: client.get(at).status_code for at, roles in pages(version).items() if roles}

    assert set(seen.values()) == {403, 404}
    assert [at for at, status in seen.items() if status == 403] == [address("list")]


@pytest.mark.parametrize("role", [Role.FUNDER, Role.FOUNDER, Role.EVALUATOR])
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

    [tray] = page.context["trays"]
    assert [report.newest for report in tray.reports] == [new, old]


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

    with django_assert_max_num_queries(15):
        page = browser.get(address("list"))

    if role == Role.MANAGER:
        assert len(page.context["page"].object_list) == rows
    else:
        assert [len(tray.reports) for tray in page.context["trays"]] == [rows]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_report_costs_the_same_however_many_versions(
    manager, rows, django_assert_max_num_queries
):
    report = make_report()
    for _row in range(rows):
        make_draft(report=report)

    # With the check of the data that stands beside the release of a draft.
    with django_assert_max_num_queries(28):
        page = manager.get(address("detail", report.pk))

    assert len(page.context["versions"]) == rows


# --- figures and documents ---


def test_a_figure_opens_exactly_the_rows_that_were_counted(manager):
    version = make_draft()

    page = manager.get(address("figure", version.pk, "BEST-BER"))

    evidence = page.context["evidence"]
    assert [row["id"] for row in evidence.rows] == [1, 3]
    assert evidence.total == page.context["figure"].in_period == 2
    assert evidence.minutes == 90


def test_a_figure_with_rows_of_its_own_shows_those(manager):
    rows = {"BEST-BER": [{"on": "2024-05-01", "kind": "Gründung", "case_number": "F-9"}]}
    version = make_draft(produced(frozen=frozen(rows=rows)))

    page = manager.get(address("figure", version.pk, "BEST-BER"))

    assert [row["case_number"] for row in page.context["evidence"].rows] == ["F-9"]


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
