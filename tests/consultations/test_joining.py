"""From the first contact in the street to a member of a network."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.models import Visit
from tests.factories import make_district, make_network, make_organisation, make_user, make_visit

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def test_whoever_was_visited_becomes_a_member_and_the_visit_says_so():
    network = make_network()
    visit = make_visit(organisation=make_organisation(), wants_to_join="yes")

    membership = visit.join(network, by=make_user(), since=today())

    assert (membership.group, membership.member) == (network, visit.organisation)
    assert Visit.objects.get().membership == membership
    with pytest.raises(ValidationError, match="schon Mitglied"):
        visit.join(network, by=make_user(), since=today())


def test_nobody_joins_unasked_or_without_a_file():
    network, advisor = make_network(), make_user()
    without_file = make_visit(name="Bäckerei Beispiel")
    barred = make_visit(organisation=make_organisation(), do_not_contact=True)
    visit = make_visit(organisation=make_organisation())

    with pytest.raises(ValidationError, match="Akte"):
        without_file.join(network, by=advisor, since=today())
    with pytest.raises(ValidationError, match="nicht wieder"):
        barred.join(network, by=advisor, since=today())
    with pytest.raises(ValidationError, match="ersten Besuch"):
        visit.join(network, by=advisor, since=visit.visited_on - timedelta(days=1))
    with pytest.raises(ValidationError, match="Netzwerk"):
        visit.join(make_organisation(), by=advisor, since=today())


def test_a_network_sees_who_of_its_area_might_join(sign_in):
    area = make_district()
    network = make_network(district=area)
    yes = make_visit(name="Ja Muster", wants_to_join="yes", district=area)
    perhaps = make_visit(name="Vielleicht Muster", wants_to_join="perhaps", district=area)
    make_visit(name="Nein Muster", wants_to_join="no", district=area)
    make_visit(name="Zu Muster", wants_to_join="yes", district=area, do_not_contact=True)
    make_visit(name="Fern Muster", wants_to_join="yes", district=make_district())
    member = make_visit(organisation=make_organisation(), wants_to_join="yes", district=area)
    member.join(network, by=make_user(), since=today())

    page = sign_in(make_user()).get(network.get_absolute_url())

    [given] = [given for panel, given in page.context["panels"] if panel.name == "to_win"]
    assert set(given["visits"]) == {yes, perhaps}
    assert (given["number"], given["joined"]) == (2, 1)


def test_an_advisor_takes_a_visit_into_the_network(sign_in):
    network = make_network()
    visit = make_visit(organisation=make_organisation(), wants_to_join="yes")
    client, address = sign_in(make_user()), f"/besuche/{visit.pk}/beitritt/"

    opened = client.get(f"{address}?network={network.pk}")
    refused = client.post(address, {"network": network.pk, "since": "2001-01-01"})
    done = client.post(address, {"network": network.pk, "since": f"{today()}"})

    assert f'value="{network.pk}" selected' in opened.text
    assert "since" in refused.context["form"].errors
    assert done.status_code == 302
    assert network.memberships.get().member == visit.organisation
    assert "Mitglied seit" in client.get(visit.get_absolute_url()).text


def test_a_visit_without_a_file_leads_to_the_file_first(sign_in):
    visit = make_visit(name="Bäckerei Beispiel", wants_to_join="yes")

    answer = sign_in(make_user()).get(f"/besuche/{visit.pk}/beitritt/")

    assert answer.headers["Location"] == f"/besuche/{visit.pk}/akte/"


def test_a_deleted_membership_is_no_longer_shown(sign_in):
    network = make_network()
    visit = make_visit(organisation=make_organisation(), wants_to_join="yes")
    visit.join(network, by=make_user(), since=today()).withdraw(by=make_user())

    assert "Mitglied seit" not in sign_in(make_user()).get(visit.get_absolute_url()).text
