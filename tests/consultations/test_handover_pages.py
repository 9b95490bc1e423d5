"""Pages of handovers: what is in whose hands, one button for all of it, and the dossiers."""

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from consultations.models import Dossier, Handover
from tests.factories import (
    NINE,
    make_appointment,
    make_case,
    make_dossier,
    make_group_session,
    make_handover,
    make_office_hours,
    make_project,
    make_promise,
    make_user,
)
from tests.routes.forms import forms_of

pytestmark = pytest.mark.django_db

LIST = reverse("consultations:handovers")


def page_of(person):
    return reverse("consultations:handover_of_person", args=[person.pk])


@pytest.fixture
def giver():
    return make_user(name="Geht Muster")


@pytest.fixture
def to():
    return make_user(name="Kommt Muster")


@pytest.fixture
def case(giver):
    return make_case(advisor=giver, project=make_project(team=[giver]))


def test_the_management_hands_everything_over_in_one_step(sign_in, giver, to, case):
    third = make_user(name="Dritte Muster")
    hours = make_office_hours(advisor=giver)
    make_promise(advisor=giver)
    client = sign_in(make_user(Role.MANAGER))
    page = client.get(page_of(giver))
    assert dict(page.context["moved"]).values()
    [form] = [form for form in forms_of(page.content.decode()) if "form_key" in form]

    answer = client.post(
        page_of(giver),
        form | {"to": [to.pk], f"hours_{hours.pk}": [third.pk]},
        follow=True,
    )

    handover = Handover.objects.get()
    assert answer.redirect_chain == [(handover.get_absolute_url(), 302)]
    assert not answer.context["left"]
    hours.refresh_from_db()
    case.refresh_from_db()
    assert (case.advisor, hours.advisor) == (to, third)
    assert "Nichts ist übrig" in client.get(page_of(giver)).content.decode()


def test_what_could_not_be_moved_is_listed_for_somebody_to_decide(sign_in, giver, to, case):
    make_appointment(advisor=giver, project=case.project)
    make_appointment(advisor=to, project=case.project)
    session = make_group_session(leaders=[giver], title="Buchführung für Vereine")
    unlogged = make_appointment(advisor=giver, starts_at=NINE.replace(year=2024))
    client = sign_in(make_user(Role.MANAGER))
    [form] = [
        form for form in forms_of(client.get(page_of(giver)).content.decode()) if "form_key" in form
    ]

    page = client.post(page_of(giver), form | {"to": [to.pk]}, follow=True)

    assert [number for _kind, number in page.context["left"]] == [1, 1, 1]
    shown = page.content.decode()
    assert reverse("consultations:group_edit", args=[session.pk]) in shown
    assert unlogged.get_absolute_url() in shown
    assert page_of(giver) in shown


def test_without_a_choice_the_form_says_so_and_nothing_moves(sign_in, giver, to, case):
    client = sign_in(make_user(Role.MANAGER))

    page = client.post(page_of(giver), {"sent": "1"})

    assert page.context["form"].errors["to"]
    assert not Handover.objects.exists()


def test_an_advisor_sees_what_is_theirs_and_cannot_hand_over_all_of_it(sign_in, giver, to, case):
    client = sign_in(giver)

    page = client.post(page_of(giver), {"to": to.pk})

    assert page.status_code == 200
    assert case.organisation.name in page.content.decode()
    assert not Handover.objects.exists()
    assert client.get(page_of(to)).status_code == 404


def test_where_nobody_could_take_over_the_page_says_so(sign_in, giver, case):
    page = sign_in(make_user(Role.MANAGER)).get(page_of(giver))
    assert "Niemand kann übernehmen" in page.content.decode()


def test_the_dossier_from_the_first_word_to_its_acceptance(sign_in, giver, to, case):
    case.project.team.add(to)
    client = sign_in(giver)
    begun = client.post(reverse("consultations:dossier_begin", args=[case.pk]))
    dossier = Dossier.objects.get()
    assert begun.url == reverse("consultations:dossier_edit", args=[dossier.pk])
    [form] = [form for form in forms_of(client.get(begun.url).content.decode()) if "state" in form]
    written = client.post(
        begun.url, form | {"state": ["Steht gut."], "first_step": ["Anrufen"], "keys_held": ["3"]}
    )
    assert written.url == dossier.get_absolute_url()

    case.hand_over(to=to, by=giver)

    client = sign_in(to)
    assert dossier.get_absolute_url() in client.get(reverse("home")).content.decode()
    page = client.get(dossier.get_absolute_url()).content.decode()
    accept = reverse("consultations:dossier_accept", args=[dossier.pk])
    assert accept in page
    assert "Steht gut." in page
    client.post(accept)
    dossier.refresh_from_db()
    assert dossier.accepted_at
    assert dossier.get_absolute_url() not in client.get(reverse("home")).content.decode()
    assert client.get(begun.url).url == dossier.get_absolute_url()


def test_two_windows_on_a_dossier_do_not_overwrite_each_other(sign_in, giver, case):
    dossier = make_dossier(case)
    address = reverse("consultations:dossier_edit", args=[dossier.pk])
    client = sign_in(giver)
    [form] = [form for form in forms_of(client.get(address).content.decode()) if "state" in form]
    client.post(address, form | {"state": ["zuerst"]})

    page = client.post(address, form | {"state": ["danach"]})

    assert page.status_code == 200
    assert page.context["form"].conflict
    dossier.refresh_from_db()
    assert dossier.state == "zuerst"


def test_the_management_sees_what_nobody_accepted(sign_in, giver, to, case):
    dossier = make_dossier(case, handover=make_handover(giver=giver, to=to))
    client = sign_in(make_user(Role.MANAGER))
    assert dossier.get_absolute_url() in client.get(LIST).content.decode()
    assert LIST in client.get(reverse("home")).content.decode()
    assert dossier.get_absolute_url() not in sign_in(make_user()).get(LIST).content.decode()
