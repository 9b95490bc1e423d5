"""What figures and amounts are made of, in Chromium: sound at every width and in the dark."""

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import frozen, make_released, make_user, produced

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_SUMS = dict.fromkeys(("actual", "actual_eligible", "since_start", "since_start_eligible"))


def document():
    """A report with a line by hours and a flat rate of it."""
    found = frozen()
    by_hours = {
        "kind": "expense",
        "position": "1.1",
        "label": "Beratung in den Quartieren, zwei halbe Stellen",
        "planned": "40000.00",
        "costing": "hours",
        "hours": [
            {
                "person": 1,
                "month": "2024-03-01",
                "minutes": 7210,
                "rate": "23.26",
                "amount": "2795.08",
            }
        ],
        "earlier_hours": [],
        "method": {"key": "Stundensatz", "version": "01.01.2021", "text": "Art. 55 " * 20},
    }
    flat = {
        "kind": "expense",
        "position": "1.2",
        "label": "Gemeinkosten",
        "planned": "6000.00",
        "costing": "flat",
        "base": [3],
        "rate": "15.00",
    }
    found["finances"] += [
        by_hours | dict.fromkeys(NO_SUMS, "2795.08"),
        flat | dict.fromkeys(NO_SUMS, "419.26"),
    ]
    return found


@themes
@widths
def test_what_amounts_are_made_of_is_sound(browser, live_server, sign_in, theme, width):
    released = make_released(produced(frozen=document()))
    funder = make_user(Role.FUNDER)
    released.report.grant.programme.officers.add(funder)
    addresses = [
        released.report.get_absolute_url(),
        reverse("reports:figure_part", args=[released.pk, "BEST-BER", 1]),
        reverse("reports:money_line", args=[released.pk, 1]),
        reverse("reports:money_line", args=[released.pk, 3]),
        reverse("reports:money_line_since", args=[released.pk, 4]),
        reverse("reports:settled", args=[released.pk, "zuwendung"]),
        reverse("reports:settled", args=[released.pk, "ausgezahlt"]),
    ]

    with visit(browser, live_server, theme=theme, width=width, client=sign_in(funder)) as (
        page,
        seen,
    ):
        for address in addresses:
            page.goto(f"{live_server.url}{address}")
            assert_sound(page, seen)
