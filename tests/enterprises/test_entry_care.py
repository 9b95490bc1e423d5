"""How entries come into the directory, stay true and leave it, without an account."""

import re
import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from best_portal.outbox.models import Letter
from enterprises.models import Entry, Organisation
from enterprises.tasks import tend_directory
from tests.factories import make_district, make_enterprise, make_entry, make_user

pytestmark = pytest.mark.django_db

WRITTEN = {
    "name": "Radladen Muster",
    "kind": "local_business",
    "text": "Wir reparieren",
    "address": "Musterweg 1",
    "phone": "030 5550 1",
    "parts": ["entry", "contact"],
    "keeper_name": "Mara Muster",
    "keeper_email": "mara@muster.example",
}
DAY = date(2024, 5, 1)
KEPT = {"keeper_name": "Mara Muster", "keeper_email": "mara@muster.example"}


def write(client, **fields):
    form = WRITTEN | {"form_key": uuid.uuid4()} | fields
    return client.post("/verzeichnis/eintragen/", form)


def links(letter):
    return re.findall(r"/mein-eintrag/\S+", letter.text)


def age(entry, **fields):
    """Let days have gone by."""
    Entry.objects.filter(pk=entry.pk).update(**fields)
    entry.refresh_from_db()
    return entry


def ago(days):
    return timezone.now() - timedelta(days=days)


def a_year_old(**fields):
    entry = make_entry(**KEPT | fields)
    return age(entry, checked_on=timezone.localdate() - timedelta(days=365))


# --- what must never be true ---


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_entry_waiting_since_a_time", {"status": "submitted"}),
        ("enterprises_entry_waiting_since_a_time", {"proposed": {"name": "x"}}),
        ("enterprises_entry_refused_with_reason", {"status": "refused"}),
    ],
)
def test_an_entry_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        Entry.objects.filter(pk=make_entry().pk).update(**fields)


def test_a_link_opens_one_entry():
    one, other = make_entry(**KEPT), make_entry(**KEPT)
    assert one.token != other.token

    with pytest.raises(IntegrityError, match="enterprises_entry_link_of_its_own"):
        Entry.objects.filter(pk=other.pk).update(token_digest=one.token_digest)


# --- from the form to the page ---


def test_an_enterprise_enters_itself_and_an_advisor_publishes(client, sign_in):
    assert write(client).status_code == 302
    entry = Entry.objects.get()
    letter = Letter.objects.get()
    assert (entry.status, letter.recipient) == ("unconfirmed", "mara@muster.example")
    [own] = links(letter)

    # The scanner of a mail program opens it.
    assert client.get(own).status_code == 200
    entry.refresh_from_db()
    assert entry.status == "unconfirmed"
    client.post(f"{own}bestaetigen/")
    client.post(f"{own}bestaetigen/")
    entry.refresh_from_db()
    assert entry.status == "submitted"
    assert client.get(entry.get_absolute_url()).status_code == 404

    staff = sign_in(make_user(), client=type(client)())
    assert [row.pk for row in staff.get("/verzeichnis/pflege/").context["waiting"]] == [entry.pk]
    assert staff.post(f"{entry.staff_url}veroeffentlichen/").status_code == 302

    html = client.get(entry.get_absolute_url()).text
    assert "Wir reparieren" in html
    assert "030 5550 1" in html
    assert "Musterweg" not in html
    assert "Mara" not in html
    assert "mara@" not in html
    assert Letter.objects.count() == 2


def test_the_same_form_sent_twice_is_one_entry_and_one_letter(client):
    key = uuid.uuid4()
    write(client, form_key=key)
    write(client, form_key=key)

    assert (Entry.objects.count(), Letter.objects.count()) == (1, 1)


def test_a_robot_is_answered_as_everybody_and_stores_nothing(client):
    assert write(client, fax="x").status_code == 302
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"parts": ["contact"]}, "parts"),
        ({"parts": []}, "parts"),
        ({"keeper_email": "nein"}, "keeper_email"),
        ({"text": ""}, "text"),
        ({"text": "x" * 1501}, "text"),
        ({"kind": "public_body"}, "kind"),
        ({"website": "javascript:hit()"}, "website"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(client, fields, field):
    response = write(client, **fields)

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "Mara Muster" in response.text
    assert not Entry.objects.exists()


def test_what_nobody_confirms_is_forgotten(client):
    write(client)
    entry = age(Entry.objects.get(), created_at=ago(3))

    tend_directory()

    assert not Entry.objects.filter(pk=entry.pk).exists()


def test_a_refusal_is_told_with_its_reason(client, sign_in):
    write(client)
    entry = Entry.objects.get()
    entry.confirm()
    staff = sign_in(make_user())

    assert staff.post(f"{entry.staff_url}ablehnen/", {"because": ""}).status_code == 200
    staff.post(f"{entry.staff_url}ablehnen/", {"because": "Der Text nennt Kundinnen"})
    entry.refresh_from_db()

    assert entry.status == "refused"
    assert "Der Text nennt Kundinnen" in Letter.objects.order_by("pk").last().text
    assert staff.post(f"{entry.staff_url}veroeffentlichen/", follow=True).status_code == 200
    entry.refresh_from_db()
    assert entry.status == "refused"


def test_without_consent_nothing_is_published(english):
    entry = make_entry(parts=[], status="submitted", submitted_at=timezone.now(), **KEPT)

    with pytest.raises(ValidationError, match="nothing is published"):
        entry.publish(by=make_user())


def test_who_waits_longer_than_two_days_is_late():
    entry = make_entry(status="submitted", submitted_at=ago(1), **KEPT)
    assert not entry.is_late
    assert age(entry, submitted_at=ago(2)).is_late


def test_the_own_day_says_that_entries_wait(sign_in):
    make_entry(status="submitted", submitted_at=ago(3), **KEPT)
    client = sign_in(make_user())

    entries = client.get("/").context["entries"]

    assert entries["number"] == 1
    assert entries["oldest"].waited_days == 3


# --- changing ---


def test_a_change_is_public_once_an_advisor_has_looked(client, sign_in):
    area = make_district()
    entry = make_entry(latitude="52.5", longitude="13.4", parts=["entry", "address"], **KEPT)
    address = reverse("enterprises:entry_change", args=[entry.token])
    form = {
        "name": entry.name,
        "kind": entry.kind,
        "text": "Neuer Text",
        "district": area.pk,
        "address": "Neuer Weg 2",
    }

    assert client.post(address, form).status_code == 302
    assert "Neuer Text" not in client.get(entry.get_absolute_url()).text
    entry.refresh_from_db()
    assert set(entry.proposed) == {"text", "district", "address"}
    staff = sign_in(make_user(), client=type(client)())
    assert "Neuer Text" in staff.get(entry.staff_url).text
    staff.post(f"{entry.staff_url}veroeffentlichen/")

    entry.refresh_from_db()
    assert (entry.text, entry.district, entry.proposed) == ("Neuer Text", area, None)
    assert entry.latitude is None
    assert "Neuer Text" in client.get(entry.get_absolute_url()).text


def test_a_second_change_goes_on_with_the_first(client):
    entry = make_entry(kind="founding_initiative", district=make_district(ends_on=DAY), **KEPT)
    address = reverse("enterprises:entry_change", args=[entry.token])
    form = {"name": entry.name, "kind": entry.kind, "district": entry.district_id}

    client.post(address, form | {"text": "Erstens"})
    assert "Erstens" in client.get(address).text
    client.post(address, form | {"text": "Erstens", "phone": "030 5550 9"})

    entry.refresh_from_db()
    assert entry.proposed == {"text": "Erstens", "phone": "030 5550 9"}


def test_a_change_declined_leaves_the_entry(sign_in):
    entry = make_entry(**KEPT)
    entry.propose({"text": "Unfug"})

    sign_in(make_user()).post(f"{entry.staff_url}ablehnen/", {"because": "Kein Text"})

    entry.refresh_from_db()
    assert (entry.text, entry.proposed, entry.status) == ("Mustertext", None, "published")
    assert "Kein Text" in Letter.objects.get().text


def test_what_is_proposed_can_change_nothing_but_what_an_enterprise_writes():
    entry = make_entry(**KEPT)
    entry.propose({"text": "Neu", "status": "archived", "keeper_email": "x@x.example"})
    entry.accept(by=make_user())

    assert (entry.text, entry.status) == ("Neu", "published")
    assert entry.keeper_email == KEPT["keeper_email"]


# --- once a year ---


def test_after_a_year_the_enterprise_is_asked_once():
    entry = a_year_old()
    make_entry(**KEPT)

    tend_directory()
    tend_directory()

    [letter] = Letter.objects.all()
    assert len(links(letter)) == 3
    entry.refresh_from_db()
    assert entry.asked_at is not None


def test_each_link_acts_on_its_button_only(client):
    entry = a_year_old()
    tend_directory()
    true, change, end = links(Letter.objects.get())

    for link in (true, change, end):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code == 200
    entry.refresh_from_db()
    assert (entry.status, entry.proposed) == ("published", None)
    assert entry.checked_on < timezone.localdate()

    client.post(true)
    entry.refresh_from_db()
    assert (entry.checked_on, entry.asked_at) == (timezone.localdate(), None)
    client.post(end)
    entry.refresh_from_db()
    assert entry.status == "archived"
    assert client.get(entry.get_absolute_url()).status_code == 410
    client.post(reverse("enterprises:entry_back", args=[entry.token]))
    assert client.get(entry.get_absolute_url()).status_code == 200


def test_without_an_answer_it_is_greyed_then_archived(client):
    entry = a_year_old()
    tend_directory()
    assert not age(entry, asked_at=ago(29)).is_doubtful

    age(entry, asked_at=ago(30))
    tend_directory()
    assert "directory-list__item--doubtful" in client.get("/verzeichnis/").text
    age(entry, asked_at=ago(90))
    tend_directory()

    assert client.get(entry.get_absolute_url()).status_code == 410
    assert entry.name not in client.get("/verzeichnis/").text


def test_one_letter_that_fails_stops_no_other(monkeypatch):
    broken, good = a_year_old(), a_year_old(keeper_email="gut@muster.example")
    monkeypatch.setattr(
        "enterprises.models.entry_care.entry_letters.ask_whether_true",
        lambda entry: 1 / 0 if entry.pk == broken.pk else None,
    )

    tend_directory()

    broken.refresh_from_db()
    good.refresh_from_db()
    assert (broken.asked_at is None, good.asked_at is None) == (True, False)


def test_whom_no_letter_reaches_is_on_the_list_to_call(sign_in):
    entry = a_year_old(keeper_email="")
    tend_directory()
    assert not Letter.objects.exists()
    staff = sign_in(make_user())

    assert [row.pk for row in staff.get("/verzeichnis/pflege/").context["to_call"]] == [entry.pk]
    staff.post(f"{entry.staff_url}stimmt/")
    assert not staff.get("/verzeichnis/pflege/").context["to_call"]


# --- the link and consent ---


def test_consent_is_taken_back_by_the_link_at_once(client):
    entry = make_entry(parts=["entry", "contact"], phone="030 5550 1", **KEPT)
    address = reverse("enterprises:entry_consent", args=[entry.token, "contact"])

    assert client.get(address).status_code == 405
    client.post(address)
    assert "030 5550 1" not in client.get(entry.get_absolute_url()).text
    client.post(address, {"agree": "1"})
    assert "030 5550 1" in client.get(entry.get_absolute_url()).text
    client.post(reverse("enterprises:entry_consent", args=[entry.token, "entry"]))
    assert client.get(entry.get_absolute_url()).status_code == 410


def test_an_unknown_link_opens_nothing(client):
    make_entry()
    for token in ("", "x", "0" * 64):
        assert client.get(f"/mein-eintrag/{token}/").status_code == 404


def test_another_keeper_gets_another_link(client):
    entry = make_entry(**KEPT)
    old = reverse("enterprises:entry_own", args=[entry.token])

    entry.keeper_email = "neu@muster.example"
    entry.save()

    assert client.get(old).status_code == 404
    assert client.get(reverse("enterprises:entry_own", args=[entry.token])).status_code == 200


def test_a_link_stays_good_when_the_key_changes(client, settings):
    entry = make_entry(**KEPT)
    address = reverse("enterprises:entry_own", args=[entry.token])

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 60

    assert client.get(address).status_code == 200
    assert entry.token in address


# --- whose file it is ---


def test_an_entry_is_linked_to_a_file_that_looks_alike(sign_in):
    organisation = make_enterprise(name="Radladen Muster")
    entry = make_entry(name="Radladen Muster")
    staff = sign_in(make_user())

    assert "Radladen Muster" in [row.name for row in staff.get(entry.staff_url).context["alike"]]
    staff.post(f"{entry.staff_url}akte/{organisation.pk}/")
    entry.refresh_from_db()

    assert entry.organisation == Organisation.objects.get(pk=organisation.pk)


def test_an_organisation_has_one_entry(english):
    organisation = make_enterprise()
    make_entry(organisation=organisation)

    with pytest.raises(ValidationError, match="has an entry already"):
        make_entry().belong_to(organisation, by=make_user())
