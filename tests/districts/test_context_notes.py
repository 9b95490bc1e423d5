"""Notes on areas: with source and day, for everyone or for the staff."""

from datetime import date

import pytest
from django.db import IntegrityError

from best_portal.accounts.models import Role
from districts.models import ContextNote
from tests.factories import make_context_note, make_district, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("districts_contextnote_kind_is_known", {"kind": "gossip"}),
        ("districts_contextnote_has_text_and_source", {"text": ""}),
        ("districts_contextnote_has_text_and_source", {"source": ""}),
    ],
)
def test_a_note_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_context_note(**fields)


def test_only_what_is_deleted_was_deleted_by_somebody():
    note = make_context_note()

    with pytest.raises(IntegrityError, match="districts_contextnote_deleted_by_somebody"):
        ContextNote.objects.filter(pk=note.pk).update(withdrawn_by=make_user())


def test_an_internal_note_is_for_the_staff(client, sign_in):
    area = make_district()
    make_context_note(district=area, text="Für alle", is_public=True)
    make_context_note(district=area, text="Nur für uns")
    address = area.get_absolute_url()

    public = client.get(address).text
    founders = sign_in(make_user(Role.FOUNDER)).get(address).text
    staff = sign_in(make_user()).get(address).text

    assert "Für alle" in public
    assert "Nur für uns" not in public + founders
    assert "Nur für uns" in staff


def test_an_advisor_writes_changes_and_deletes_a_note(sign_in):
    area, advisor = make_district(), make_user()
    client, address = sign_in(advisor), area.get_absolute_url()
    form = {
        "kind": "history",
        "text": "Alte Brauerei",
        "source": "Muster 2020",
        "dated": "2024-05-01",
    }

    assert client.post(f"{address}notizen/neu/", form).status_code == 302
    note = ContextNote.objects.get(district=area)
    assert (note.author, note.dated, note.is_public) == (advisor, date(2024, 5, 1), False)

    client.post(f"{address}notizen/{note.pk}/", form | {"is_public": "on"})
    note.refresh_from_db()
    assert note.is_public

    html = client.post(f"/papierkorb/contextnote/{note.pk}/loeschen/", follow=True).text
    assert "Alte Brauerei" not in html


def test_a_note_without_a_source_comes_back_as_typed(sign_in):
    area = make_district()

    response = sign_in(make_user()).post(
        f"{area.get_absolute_url()}notizen/neu/",
        {"kind": "actors", "text": "Verein Muster", "dated": "2024-05-01"},
    )

    assert "Verein Muster" in response.text
    assert "source" in response.context["form"].errors


def test_a_note_is_found_below_its_own_area_only(sign_in):
    note, other = make_context_note(), make_district()

    response = sign_in(make_user()).get(f"{other.get_absolute_url()}notizen/{note.pk}/")

    assert response.status_code == 404
