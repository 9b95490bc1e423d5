"""Rules with a validity: what an unpaid hour is worth, and how many hours a year has."""

from datetime import date

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import ProductiveHours
from enterprises.models import UnpaidWorkRate
from tests.factories import make_accounting_rule, make_user

pytestmark = pytest.mark.django_db

RATES = reverse("enterprises:unpaid_rates")
HOURS = reverse("consultations:productive_hours")
RATE = {"euros_per_hour": "12,50", "starts_on": "2026-01-01", "source": "Beschluss des Vorstands"}
YEAR = {"hours": "1700", "full_week": "39,4", "starts_on": "2027-01-01", "source": "VO (EU) 1"}


@pytest.fixture
def manager(sign_in):
    return sign_in(make_user(Role.MANAGER))


@pytest.fixture
def year():
    """As a migration brings it; tests that empty the tables lose it."""
    ProductiveHours.objects.all().delete()
    return ProductiveHours.objects.create(
        hours=1720, full_week=40, starts_on=date(2021, 1, 1), source="VO"
    )


@pytest.fixture
def earlier():
    return UnpaidWorkRate.objects.create(
        euros_per_hour=10, starts_on=date(2024, 1, 1), source="Schätzung"
    )


def test_a_new_rule_ends_the_one_before_the_day_before(manager, earlier):
    assert manager.post(RATES, RATE).url == RATES

    earlier.refresh_from_db()
    new = UnpaidWorkRate.objects.newest_first().first()
    assert earlier.ends_on == date(2025, 12, 31)
    assert (str(new.euros_per_hour), new.ends_on) == ("12.50", None)
    assert Event.objects.about(new).get().actor.role == Role.MANAGER
    text = manager.get(RATES).text
    for words in ("12,50", "10,00", "Beschluss des Vorstands", "Schätzung", "31.12.2025"):
        assert words in text


@pytest.mark.parametrize("starts_on", ["2024-01-01", "2023-06-01"])
def test_a_rule_that_begins_within_another_is_refused_and_nothing_is_lost(
    manager, earlier, starts_on
):
    answer = manager.post(RATES, RATE | {"starts_on": starts_on})

    assert answer.status_code == 200
    assert "Beschluss des Vorstands" in answer.text
    assert answer.context["form"].non_field_errors()
    earlier.refresh_from_db()
    assert earlier.ends_on is None
    assert UnpaidWorkRate.objects.count() == 1


def test_a_rule_is_corrected(manager, earlier):
    sent = RATE | {"starts_on": "2024-01-01"}

    assert manager.post(earlier.get_absolute_url(), sent).url == RATES
    earlier.refresh_from_db()
    assert (str(earlier.euros_per_hour), earlier.source) == ("12.50", "Beschluss des Vorstands")


def test_two_windows_overwrite_nothing_unseen(manager, earlier):
    page = manager.get(earlier.get_absolute_url())
    opened = page.context["form"]["as_opened"].value()
    UnpaidWorkRate.objects.update(source="Inzwischen anders")

    answer = manager.post(
        earlier.get_absolute_url(), RATE | {"starts_on": "2024-01-01", "as_opened": opened}
    )

    assert answer.status_code == 200
    assert "Inzwischen anders" in answer.text
    earlier.refresh_from_db()
    assert earlier.source == "Inzwischen anders"


@pytest.mark.parametrize(
    "wrong",
    [
        {"euros_per_hour": "0"},
        {"euros_per_hour": "-1"},
        {"euros_per_hour": "viel"},
        {"starts_on": "irgendwann"},
        {"ends_on": "2025-01-01"},
        {"source": ""},
    ],
)
def test_what_cannot_be_is_refused(manager, wrong):
    answer = manager.post(RATES, RATE | wrong)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not UnpaidWorkRate.objects.exists()


def test_the_hours_of_a_year_are_listed_entered_and_corrected(manager, year):
    assert manager.post(HOURS, YEAR).url == HOURS
    year.refresh_from_db()
    new = ProductiveHours.objects.newest_first().first()
    assert (year.ends_on, new.hours) == (date(2026, 12, 31), 1700)
    text = manager.get(HOURS).text
    assert "1.720" in text
    assert "VO (EU) 1" in text
    manager.post(new.get_absolute_url(), YEAR | {"hours": "1650"})
    new.refresh_from_db()
    assert new.hours == 1650


def test_a_year_of_more_hours_than_there_are_is_refused(manager, year):
    answer = manager.post(HOURS, YEAR | {"hours": "9000"})

    assert "8.784" in answer.text
    assert ProductiveHours.objects.count() == 1


@pytest.mark.parametrize("address", [RATES, HOURS])
@pytest.mark.parametrize("role", [Role.ADVISOR, Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_only_the_management_sees_the_rules(sign_in, address, role):
    assert sign_in(make_user(role)).get(address).status_code == 403


def test_the_list_is_a_file(manager, earlier):
    answer = manager.get(reverse("enterprises:unpaid_rates_export", args=["csv"]))

    assert "Schätzung" in b"".join(answer).decode("utf-8-sig")


def test_a_rule_of_accounting_that_ends_before_it_starts_is_refused_in_words(manager):
    rule = make_accounting_rule()

    answer = manager.post(
        reverse("reports:accounting_rule", args=[rule.pk]),
        {
            "key": rule.key,
            "value": "20",
            "since": "2026-01-01",
            "until": "2025-01-01",
            "source": "Bescheid",
        },
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors["until"]
