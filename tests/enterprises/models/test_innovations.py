"""What an enterprise introduced: only with its day and evidence, confirmed as a whole or not."""

from datetime import date

import pytest
from django.db import IntegrityError

from best_portal.accounts.models import Role
from enterprises.models import Innovation
from tests.factories import make_enterprise, make_innovation, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_innovation_kind_is_known", {"kind": "wheel"}),
        ("enterprises_innovation_says_what", {"what": ""}),
        ("enterprises_innovation_has_evidence", {"evidence": ""}),
        ("enterprises_innovation_confirmation_is_whole", {"confirmed_by": ""}),
        ("enterprises_innovation_confirmation_is_whole", {"confirmed_on": None}),
    ],
)
def test_an_innovation_is_refused(constraint, fields):
    innovation = make_innovation()

    with pytest.raises(IntegrityError, match=constraint):
        Innovation.objects.filter(pk=innovation.pk).update(**fields)


def test_staff_record_one_on_the_page_of_the_organisation(sign_in):
    client, organisation = sign_in(make_user(Role.ADVISOR)), make_enterprise()
    data = {
        "kind": "process",
        "what": "Brot ohne Verpackung",
        "introduced_on": "2024-03-01",
        "is_in_house": "on",
        "evidence": "Foto",
        "confirmed_on": "2024-04-01",
        "confirmed_by": "Erika Muster",
    }

    answer = client.post(f"/betriebe/{organisation.pk}/innovationen/neu/", data, follow=True)

    assert "Brot ohne Verpackung" in answer.text
    assert "01.04.2024, Erika Muster" in answer.text
    innovation = Innovation.objects.get()
    assert (innovation.introduced_on, innovation.is_in_house) == (date(2024, 3, 1), True)
