"""The pages of duplicates: a pair compared, merged, told apart, undone; hints while typing."""

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from enterprises.models import Merge, NotTheSame, Organisation
from tests.factories import make_consultation, make_organisation, make_person, make_user
from tests.routes.forms import forms_of

pytestmark = pytest.mark.django_db
BUSINESSES, PEOPLE = "betriebe", "personen"


@pytest.fixture
def page(sign_in):
    return sign_in(make_user())


@pytest.fixture
def pair():
    one = make_organisation(name="Wäscherei am Platz", phone="030 1111111")
    other = make_organisation(name="Waescherei am Platz", phone="030 2222222")
    make_consultation(organisation=one)
    return one, other


def address(name, pair):
    return reverse(f"enterprises:{name}", args=[BUSINESSES, *(row.pk for row in pair)])


def answers(page, pair, **changed):
    """What a browser would send of the form as it stands, with what somebody changed."""
    form = page.get(address("compare", pair)).context["form"]
    return {name: form[name].initial for name in form.fields} | changed


def test_a_pair_is_listed_with_its_reason(page, pair):
    text = page.get(reverse("enterprises:duplicates", args=[BUSINESSES])).content.decode()

    assert "Wäscherei am Platz" in text
    assert "Die Namen ähneln sich" in text or "die Namen ähneln sich" in text


def test_without_a_pair_the_list_says_so(page):
    for kind in (BUSINESSES, PEOPLE):
        answer = page.get(reverse("enterprises:duplicates", args=[kind]))
        assert "empty-state" in answer.content.decode()


@pytest.mark.parametrize("rows", [2, 4])
def test_the_list_costs_the_same_however_many_pairs(page, rows, count_queries):
    for _ in range(rows):
        make_organisation(name="Doppelt")

    assert count_queries(page.get, reverse("enterprises:duplicates", args=[BUSINESSES])) <= 12


def test_two_are_compared_field_by_field_and_by_what_hangs_on_them(page, pair):
    form = page.get(address("compare", pair)).context["form"]

    assert {"name", "phone"} <= set(form.fields)
    assert "email" not in form.fields
    assert ("Beratungen", 1, 0) in form.counts


def test_what_was_chosen_stays(page, pair):
    one, other = pair

    answer = page.post(address("compare", pair), answers(page, pair, keep="other", phone="one"))

    merge = Merge.objects.get()
    assert answer.url == merge.get_absolute_url()
    [left] = Organisation.objects.all()
    assert (left.pk, left.name, left.phone) == (other.pk, "Wäscherei am Platz", "030 1111111")
    assert left.consultations.count() == 1
    page.post(reverse("enterprises:merge_undo", args=[merge.pk]))
    assert Organisation.objects.count() == 2
    assert one.consultations.count() == 1


def test_what_changed_in_another_window_is_compared_again(page, pair):
    sent = answers(page, pair)
    Organisation.objects.filter(pk=pair[0].pk).update(phone="030 3333333")

    answer = page.post(address("compare", pair), sent)

    assert "erneut" in answer.content.decode()
    assert not Merge.objects.exists()
    # The page that came back holds the new state, so that the next sending counts.
    [form] = [form for form in forms_of(answer.content.decode()) if "seen" in form]
    assert page.post(address("compare", pair), form).status_code == 302


def test_a_merge_sent_twice_leads_to_the_one_that_stayed(page, pair):
    sent = answers(page, pair, keep="one")
    page.post(address("compare", pair), sent)

    answer = page.post(address("compare", pair), sent)

    assert answer.url == pair[0].get_absolute_url()
    assert Merge.objects.count() == 1


def test_a_pair_told_apart_is_gone_from_the_list(page, pair):
    for _ in range(2):
        page.post(address("tell_apart", pair))

    assert NotTheSame.objects.count() == 1
    listed = page.get(reverse("enterprises:duplicates", args=[BUSINESSES]))
    assert not listed.context["page"].object_list


@pytest.mark.parametrize("kind", ["geheim", "betrieb"])
def test_an_unknown_kind_is_not_found(page, kind):
    assert page.get(reverse("enterprises:duplicates", args=[kind])).status_code == 404


def test_one_is_not_compared_with_itself_or_with_nobody(page, pair):
    one, _other = pair
    for second in (one.pk, 999_999):
        path = reverse("enterprises:compare", args=[BUSINESSES, one.pk, second])
        assert page.get(path).status_code == 404


def test_a_new_name_that_is_on_file_is_hinted_at(page, pair):
    hints = reverse("enterprises:lookalikes", args=[BUSINESSES])

    assert "Wäscherei am Platz" in page.get(hints, {"name": "wascherei am platz"}).content.decode()
    assert "Wäscherei" in page.get(hints, {"phone": "+49 (30) 111 11 11"}).content.decode()
    assert page.get(hints, {"name": "Fahrradladen"}).content.decode().strip() == ""
    assert page.get(hints).content.decode().strip() == ""


def test_a_new_person_that_is_on_file_is_hinted_at(page):
    make_person(name="Mara Muster", email="m@muster.example")
    hints = reverse("enterprises:lookalikes", args=[PEOPLE])

    assert "Mara Muster" in page.get(hints, {"email": "M@muster.example"}).content.decode()


@pytest.mark.parametrize("role", [Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_nobody_but_staff_is_hinted_at(sign_in, pair, role):
    page = sign_in(make_user(role))

    answer = page.get(reverse("enterprises:lookalikes", args=[BUSINESSES]), {"name": "Wäscherei"})

    assert answer.status_code == 403
