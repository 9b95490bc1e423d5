"""The form of a closed month and the confirmation of a fixed share: sound, with logos, kept."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.urls import reverse

from best_portal.accounts.models import Role
from consultations.models import MonthSheet
from reports import hour_papers
from reports.models import Grant, SheetPaper
from tests.factories import (
    make_assignment,
    make_employment,
    make_grant,
    make_project,
    make_time_entry,
    make_user,
)
from tests.reports.test_group_papers import BERLIN, EU, assert_sound, figures_in, text_of

pytestmark = pytest.mark.django_db

JUNE = date(2024, 6, 1)


@pytest.fixture
def advisor():
    user = make_user(name="Änne Muster")
    make_employment(user=user, function="Beraterin")
    return user


@pytest.fixture
def project(advisor):
    project = make_project(
        name="Muster-Projekt",
        team=[advisor],
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
    )
    make_grant(
        project=project,
        logos=[EU, BERLIN],
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
    )
    return project


@pytest.fixture
def sheet(advisor, project):
    make_time_entry(
        user=advisor, project=project, day=date(2024, 6, 3), minutes=90, activity="Netzwerktreffen"
    )
    [sheet] = MonthSheet.objects.close(by=advisor, month=JUNE)
    return sheet


def file_of(client, name, row):
    return client.get(reverse(f"reports:{name}", args=[row.pk]))


def test_the_form_says_what_was_closed_and_carries_the_logos(sheet, tmp_path):
    content = hour_papers.month_sheet(sheet)

    text = text_of(content)
    for words in ("Stundennachweis", "Juni 2024", "Änne Muster", "Beraterin", "03.06.2024"):
        assert words in text
    assert "Netzwerktreffen" in text
    assert "1,5" in text
    assert "100,00 %" in text.replace("\u00a0", " ")
    assert "Unterschrift der vorgesetzten Person" in text
    assert "EU-Emblem" in figures_in(content)
    assert "Logo: Land Berlin" in text
    assert_sound(content, "Stundennachweis Juni 2024: Änne Muster", tmp_path)


def test_a_printed_month_never_changes(sign_in, advisor, sheet, project):
    client = sign_in(advisor)
    first = file_of(client, "month_sheet_paper", sheet)
    assert first.headers["Content-Type"] == "application/pdf"

    Grant.objects.update(logos=[])
    project.name = "Anderer Name"
    project.save()
    advisor.name = "Anderer Mensch"
    advisor.save()
    sheet.confirm(by=make_user(Role.MANAGER))
    again = file_of(client, "month_sheet_paper", sheet)

    assert again.content == first.content
    paper = SheetPaper.objects.get()
    with pytest.raises(IntegrityError, match="reports_printed_sheets_never_change"):
        SheetPaper.objects.filter(pk=paper.pk).update(content=b"")


def test_opened_and_closed_anew_a_month_gets_another_paper(advisor, sheet):
    manager = make_user(Role.MANAGER)
    first = SheetPaper.objects.of(sheet, lambda sheet: b"one")
    sheet.reopen(by=manager, reason="Ein Tag fehlte.")
    [closed] = MonthSheet.objects.close(by=advisor, month=JUNE)

    second = SheetPaper.objects.of(closed, lambda sheet: b"two")

    assert first.pk != second.pk
    assert bytes(SheetPaper.objects.of(closed, lambda sheet: b"three").content) == b"two"


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({}, "reports_sheetpaper_one_for_each_closing"),
        ({"closed_at": "2024-07-01T00:00Z", "sha256": "x"}, "reports_sheetpaper_sha256_is_one"),
    ],
)
def test_a_closing_has_one_paper_with_its_check_sum(sheet, fields, constraint):
    paper = SheetPaper.objects.of(sheet, lambda sheet: b"one")
    copy = {"sheet": sheet, "closed_at": paper.closed_at, "content": b"", "sha256": paper.sha256}

    with pytest.raises(IntegrityError, match=constraint):
        SheetPaper.objects.create(**copy | fields)


def test_an_open_month_and_a_colleagues_have_no_paper_to_see(sign_in, sheet):
    assert file_of(sign_in(make_user()), "month_sheet_paper", sheet).status_code == 404
    sheet.reopen(by=make_user(Role.MANAGER), reason="Ein Tag fehlte.")
    manager = sign_in(make_user(Role.MANAGER))
    assert file_of(manager, "month_sheet_paper", sheet).status_code == 404


def test_the_confirmation_says_whose_share_of_what(advisor, project, tmp_path):
    row = make_assignment(
        user=advisor, project=project, percent=Decimal("62.50"), starts_on=date(2024, 6, 1)
    )

    content = hour_papers.assignment(row)

    text = text_of(content)
    for words in ("Feste Zuordnung", "Änne Muster", "62,50 %", "ab 01.06.2024", "39,40 Stunden"):
        assert words in text.replace("\u00a0", " ")
    assert_sound(content, "Feste Zuordnung zum Projekt: Änne Muster", tmp_path, headed=["/Row"])
