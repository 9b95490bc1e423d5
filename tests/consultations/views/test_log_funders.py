"""The log form and the funders: what they would see, and names that should not go to them."""

from datetime import date

import pytest

from consultations.models import Consultation
from enterprises.models import Involvement
from tests.consultations.views.conftest import CANARY, LOG, typed
from tests.factories import make_consultation, make_district, make_organisation, make_person

pytestmark = pytest.mark.django_db

PREVIEW = f"{LOG}vorschau/"
NAMED = "Erika Muster hat den Plan überarbeitet."


@pytest.fixture
def organisation():
    organisation = make_organisation(
        name="Wäscherei Beispiel", district=make_district(name="Musterkiez")
    )
    person = make_person(name="Erika Muster")
    Involvement.objects.create(person=person, organisation=organisation)
    return organisation


# --- the preview ---


def test_the_preview_shows_the_row_of_a_report_and_no_more(page, project, organisation):
    answer = page.post(
        PREVIEW, typed(project, organisation, internal_note=CANARY, result="Plan überarbeitet.")
    )

    text = answer.content.decode()
    for word in ("06.05.2024", "90", "Musterkiez", organisation.number, "Plan überarbeitet."):
        assert word in text
    assert CANARY not in text
    assert organisation.name not in text
    assert Consultation.objects.count() == 0


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"held_on": "31.02.2024", "length": "viel", "organisation": "9" * 30, "project": "x"},
        {"result": "<script>", "start": "25:00", "district": "nirgends", "kind": "talk"},
    ],
)
def test_the_preview_of_half_a_form_is_half_empty(page, project, sent):
    answer = page.post(PREVIEW, sent)

    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_without_javascript_a_button_shows_it_and_everything_stays(page, project, organisation):
    answer = page.post(
        LOG, typed(project, organisation, preview="1", internal_note=CANARY, result="Ergebnis")
    )

    form = answer.context["form"]
    assert answer.context["seen"].case_number == organisation.number
    assert (form["internal_note"].value(), form["result"].value()) == (CANARY, "Ergebnis")
    assert Consultation.objects.count() == 0


# --- names ---


def test_a_name_on_file_is_asked_about_and_may_be_confirmed(page, project, organisation):
    sent = typed(project, organisation, result=NAMED, internal_note=CANARY)

    form = page.post(LOG, sent).context["form"]
    assert "Erika Muster" in form.errors["names_confirmed"][0]
    assert form["internal_note"].value() == CANARY
    assert Consultation.objects.count() == 0

    page.post(LOG, sent | {"names_confirmed": "on"})
    assert Consultation.objects.get().result == NAMED


def test_the_note_may_name_whom_it_likes(page, project, organisation):
    page.post(LOG, typed(project, organisation, internal_note=NAMED))

    assert Consultation.objects.count() == 1


def test_names_of_other_organisations_are_not_looked_up(page, project, organisation):
    page.post(LOG, typed(project, make_organisation(), result=NAMED))

    assert Consultation.objects.count() == 1


def test_what_was_confirmed_once_is_not_asked_again(page, advisor, project, organisation):
    consultation = make_consultation(
        [advisor],
        project=project,
        organisation=organisation,
        held_on=date(2024, 5, 6),
        result=NAMED,
    )
    sent = typed(project, organisation, result=NAMED, place="Neu", revision=1)
    address = f"{consultation.get_absolute_url()}bearbeiten/"

    assert page.post(address, sent).status_code == 302
    again = page.post(address, sent | {"result": f"{NAMED} Erika kommt wieder.", "revision": 2})
    assert "names_confirmed" in again.context["form"].errors
