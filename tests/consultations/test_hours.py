"""Hours: counted by hand, refused where they cannot be, frozen once a month is closed."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from best_portal.accounts.models import Role
from consultations import hours
from consultations.models import (
    Employment,
    MonthSheet,
    MonthSheetVersion,
    SheetStatus,
    TimeEntry,
    TimeKind,
    WorkingMonth,
)
from consultations.models.month_sheets import fingerprint
from tests.factories import (
    BERLIN,
    make_consultation,
    make_employment,
    make_project,
    make_time_entry,
    make_user,
)

pytestmark = pytest.mark.django_db

JUNE = date(2024, 6, 1)
MONDAY = date(2024, 6, 3)


@pytest.fixture
def advisor():
    user = make_user()
    make_employment(user=user)
    return user


@pytest.fixture
def project(advisor):
    return make_project(team=[advisor])


@pytest.fixture
def sheet(advisor, project):
    make_time_entry(user=advisor, project=project)
    [sheet] = MonthSheet.objects.close(by=advisor, month=JUNE)
    return sheet


def refused(call, *args, **kwargs):
    with pytest.raises(ValidationError) as refusal:
        call(*args, **kwargs)
    return refusal.value.messages[0]


def enter(user, project, **fields):
    fields = {"kind": TimeKind.PROJECT, "day": MONDAY, "activity": "Netzwerk"} | fields
    return TimeEntry.objects.enter(by=user, project=project, **fields)


def test_contract_hours_are_working_days_without_holidays(advisor):
    # June 2024 has 20 days from Monday to Friday and no holiday; May has 23, three of them free.
    assert WorkingMonth.of(advisor, JUNE).contract_minutes == 20 * 39.4 * 60 / 5
    assert WorkingMonth.of(advisor, date(2024, 5, 1)).contract_minutes == 20 * 39.4 * 60 / 5


def test_whoever_starts_in_the_middle_has_the_hours_from_there():
    user = make_user()
    make_employment(user=user, weekly_hours=Decimal(40), starts_on=date(2024, 6, 17))

    assert WorkingMonth.of(user, JUNE).contract_minutes == 10 * 8 * 60


def test_a_month_adds_up_as_plain_sql_does(advisor, project):
    other = make_project(team=[advisor])
    consultation = make_consultation(
        project=project,
        held_on=MONDAY,
        minutes=60,
        preparation_minutes=20,
        travel_minutes=10,
        starts_at=None,
        ends_at=None,
    )
    consultation.advisors.set([advisor])
    enter(advisor, project, minutes=30)
    enter(advisor, other, minutes=60, day=date(2024, 6, 4))
    enter(advisor, None, kind=TimeKind.LEAVE, minutes=480, day=date(2024, 6, 5), activity="")
    work = WorkingMonth.of(advisor, JUNE)

    assert work.minutes_of(project) == 60 + 20 + 10 + 30
    assert (work.worked, work.minutes) == (180, 660)
    assert work.share_of(project) == Decimal("66.67")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT sum(minutes) FROM consultations_timeentry WHERE user_id = %s)"
            " + (SELECT sum(c.minutes + preparation_minutes + travel_minutes) FROM"
            " consultations_consultation c JOIN consultations_consultation_advisors a"
            " ON a.consultation_id = c.id WHERE a.user_id = %s)",
            [advisor.pk, advisor.pk],
        )
        assert cursor.fetchone() == (work.minutes,)


@pytest.mark.parametrize(("day", "minutes"), [(date(2024, 3, 31), 120), (date(2024, 10, 27), 240)])
def test_when_the_clocks_change_the_time_that_passed_counts(advisor, project, day, minutes):
    starts, ends = (datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN) for hour in (1, 4))

    assert enter(advisor, project, day=day, starts_at=starts, ends_at=ends).minutes == minutes


def test_a_day_has_24_hours(advisor, project):
    enter(advisor, project, minutes=1000)

    assert "24 Stunden" in refused(enter, advisor, project, minutes=441)
    enter(advisor, project, minutes=440)


def test_overlapping_times_of_one_person_are_refused(advisor, project):
    nine, eleven = (datetime(2024, 6, 3, hour, tzinfo=BERLIN) for hour in (9, 11))
    enter(advisor, project, starts_at=nine, ends_at=eleven)

    assert "schon einen Eintrag" in refused(enter, advisor, project, starts_at=nine, ends_at=eleven)


def test_more_than_the_contract_asks_for_a_sentence():
    user = make_user()
    make_employment(user=user, weekly_hours=Decimal("0.25"))
    make_time_entry(user=user, minutes=90)

    assert "0:30 Stunden mehr" in refused(MonthSheet.objects.close, by=user, month=JUNE)
    [sheet] = MonthSheet.objects.close(by=user, month=JUNE, explanation="Antragsfrist.")
    assert sheet.explanation == "Antragsfrist."


def test_two_projects_have_a_sheet_each(advisor, project):
    for each in (project, make_project(team=[advisor])):
        enter(advisor, each, minutes=60)

    sheets = MonthSheet.objects.close(by=advisor, month=JUNE)
    assert [sheet.rows["own"] for sheet in sheets] == [60, 60]
    assert [sheet.rows["share"] for sheet in sheets] == ["50.00", "50.00"]
    assert all(sheet.sha256 == fingerprint(sheet.rows) for sheet in sheets)


def test_a_closed_month_takes_no_entries_and_shows_what_changed(sheet, advisor, project):
    assert "abgeschlossen" in refused(enter, advisor, project, minutes=5)
    assert "abgeschlossen" in refused(TimeEntry.objects.get().remove, by=advisor)
    consultation = make_consultation(
        project=project, held_on=MONDAY, minutes=45, starts_at=None, ends_at=None
    )
    consultation.advisors.set([advisor])
    sheet.refresh_from_db()

    assert sheet.rows["own"] == 60
    assert sheet.differences() == [(MONDAY, 60, 105)]


def test_a_sheet_is_confirmed_by_another_and_opened_with_a_reason(sheet, advisor):
    manager = make_user(Role.MANAGER)
    assert "die eigenen Stunden" in refused(sheet.confirm, by=advisor)
    sheet.confirm(by=manager)
    assert "nur einmal" in refused(sheet.confirm, by=manager)
    assert "Grund" in refused(sheet.reopen, by=manager, reason="")
    sheet.reopen(by=manager, reason="Ein Tag fehlt.")

    assert sheet.is_open
    assert [version.rows["own"] for version in sheet.versions.all()] == [60]
    TimeEntry.objects.get().remove(by=advisor)


def test_the_database_keeps_closed_sheets(sheet):
    for change in ({"rows": {}}, {"explanation": "anders"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MonthSheet.objects.filter(pk=sheet.pk).update(**change)


EMPLOYMENTS = {
    "consultations_employment_ends_after_start": {"ends_on": date(2019, 1, 1)},
    "consultations_employment_hours_are_plausible": {"weekly_hours": 0},
}
ENTRIES = {
    "consultations_timeentry_kind_is_known": {"kind": "nap", "project": None},
    "consultations_timeentry_project_where_it_is_for_one": {"project": None},
    "consultations_timeentry_work_says_what": {"activity": ""},
    "consultations_timeentry_minutes_are_plausible": {"minutes": 0},
    "consultations_timeentry_start_and_end": {"starts_at": datetime(2024, 6, 3, 9, tzinfo=BERLIN)},
}
SHEETS = {
    "consultations_monthsheet_month_is_its_first_day": {"month": MONDAY},
    "consultations_monthsheet_status_is_known": {"status": "lost"},
    "consultations_monthsheet_closed_is_frozen": {"status": SheetStatus.OPEN},
    "consultations_monthsheet_confirmed_by_somebody": {"status": SheetStatus.CONFIRMED},
}


def refuses(name, rows, change):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**change)


@pytest.mark.parametrize("name", EMPLOYMENTS)
def test_impossible_contracts(advisor, name):
    refuses(name, Employment.objects.all(), EMPLOYMENTS[name])


@pytest.mark.parametrize("name", ENTRIES)
def test_impossible_entries(name):
    make_time_entry()
    refuses(name, TimeEntry.objects.all(), ENTRIES[name])


@pytest.mark.parametrize("name", SHEETS)
def test_impossible_sheets(sheet, name):
    refuses(name, MonthSheet.objects.all(), SHEETS[name])


def test_what_may_be_there_once_only(sheet, advisor, project):
    key = "11111111-1111-4111-8111-111111111111"
    times = {
        f"{name}_at": datetime(2024, 6, 3, at, tzinfo=BERLIN)
        for name, at in (("starts", 9), ("ends", 10))
    }
    make_time_entry(user=advisor, project=project, form_key=key, **times)
    sheet.reopen(by=make_user(Role.MANAGER), reason="Ein Tag fehlt.")
    version = {"rows": {}, "sha256": "0", "closed_at": times["ends_at"], "reason": "anders"}
    tries = {
        "consultations_employment_one_at_a_time": lambda: make_employment(user=advisor),
        "consultations_timeentry_one_per_form": lambda: make_time_entry(form_key=key),
        "consultations_timeentry_no_overlap": lambda: make_time_entry(user=advisor, **times),
        "consultations_monthsheet_one_per_month": lambda: MonthSheet.objects.create(
            user=advisor, project=project, month=JUNE
        ),
        "consultations_monthsheetversion_numbered": lambda: MonthSheetVersion.objects.create(
            sheet=sheet, number=1, reopened_by=advisor, **version
        ),
        "consultations_monthsheetversion_says_why": lambda: MonthSheetVersion.objects.create(
            sheet=sheet, number=2, reopened_by=advisor, **version | {"reason": ""}
        ),
    }
    for name, attempt in tries.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            attempt()


def test_nobody_confirms_their_own(sheet, advisor):
    refuses(
        "consultations_monthsheet_confirmed_by_another",
        MonthSheet.objects.all(),
        {
            "status": SheetStatus.CONFIRMED,
            "confirmed_by": advisor,
            "confirmed_at": datetime(2024, 7, 1, tzinfo=BERLIN),
        },
    )


def test_the_pages_add_close_confirm_and_export(sign_in, advisor, project):
    address = reverse("consultations:month", args=[advisor.pk, JUNE])
    form = {
        "form_key": "22222222-2222-4222-8222-222222222222",
        "day": "2024-06-03",
        "what_for": f"project-{project.pk}",
        "duration": "1:30",
        "activity": "Netzwerk",
    }
    client = sign_in(advisor)
    for _twice in range(2):
        assert client.post(address, form).status_code == 302
    assert TimeEntry.objects.get().minutes == 90
    assert client.post(f"{address}abschliessen/", {"sent": "1"}).status_code == 302
    sheet = MonthSheet.objects.get()
    assert client.get(sheet.get_absolute_url()).status_code == 200
    text = b"".join(client.get(f"{address}liste.csv").streaming_content).decode()
    assert "03.06.2024;;;90;1,5" in text
    assert project.name in text
    manager = sign_in(make_user(Role.MANAGER))
    assert manager.post(f"{sheet.get_absolute_url()}bestaetigen/").status_code == 302
    team = manager.get(reverse("consultations:team_hours", args=[JUNE])).content.decode()
    assert "bestätigt" in team


def test_what_is_missing_comes_back_with_what_was_typed(sign_in, advisor, project):
    address = reverse("consultations:month", args=[advisor.pk, JUNE])
    key = "33333333-3333-4333-8333-333333333333"
    form = {"form_key": key, "day": "2024-06-03", "what_for": "other", "activity": "Netzwerk"}

    page = sign_in(advisor).post(address, form | {"starts": "9"}).content.decode()
    assert 'value="Netzwerk"' in page
    assert "beide Uhrzeiten" in page


@pytest.fixture
def on_the_sixth(monkeypatch):
    monkeypatch.setattr(hours.timezone, "localdate", lambda: date(2024, 7, 6))


def test_a_month_is_asked_for_while_its_work_is_unclosed(on_the_sixth, advisor, project):
    assert hours.to_close(advisor) is None
    enter(advisor, project, minutes=60)
    assert hours.to_close(advisor) == JUNE
    MonthSheet.objects.close(by=advisor, month=JUNE)
    assert hours.to_close(advisor) is None
