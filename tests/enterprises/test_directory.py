"""The public directory: what is shown, to everyone, in every form, and what never is."""

import gzip
import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.contrib.staticfiles import finders
from django.urls import reverse

from enterprises.models import Criterion, Entry, Involvement
from tests.factories import (
    make_consultation,
    make_district,
    make_enterprise,
    make_entry,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db

ALL = ["entry", "address", "contact", "criteria", "income_mix"]
DAY = date(2024, 5, 1)
DATA = [f"/verzeichnis/daten.{ending}" for ending in ("csv", "json", "geojson")]
FORMS = ["/verzeichnis/", "/verzeichnis/karte.json", "/verzeichnis/neu.xml", *DATA]
MOST_BYTES = 150 * 1024


def text_of(response):
    return b"".join(response).decode() if response.streaming else response.content.decode()


def everything(client, entry):
    """All the public is given: {address: text}."""
    addresses = [*FORMS, entry.get_absolute_url()]
    if entry.district:
        addresses.append(entry.district.get_absolute_url())
    return {address: text_of(client.get(address)) for address in addresses}


# --- the list ---


def test_several_areas_are_united(client):
    areas = [make_district() for _ in range(3)]
    for name, area in zip(["Eins", "Zwei", "Drei"], areas, strict=True):
        make_entry(name=name, district=area)

    response = client.get("/verzeichnis/", {"area": [areas[0].pk, areas[1].pk]})

    assert [entry.name for entry in response.context["entries"]] == ["Eins", "Zwei"]


def test_an_area_shows_what_was_in_those_that_went_into_it(client):
    area, old = make_district(), make_district()
    make_entry(name="Mitgekommen", district=old)
    make_entry(district=area)
    old.merge_into(area, on=date(2024, 7, 1), by=make_user())

    response = client.get("/verzeichnis/", {"area": area.pk})

    assert response.context["number"] == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=radladen", ["Radladen Muster"]),
        ("q=wäscherei", ["Wäscherei Beispiel"]),
        ("q=WAESCHEREI", []),
        ("q=reparatur+fahrrad", ["Radladen Muster"]),
        ("q=bicycle", ["Radladen Muster"]),
        ("q=Geheimweg", []),
        ("kind=local_business", ["Radladen Muster"]),
        ("criteria=on", ["Wäscherei Beispiel"]),
        ("kind=local_business&criteria=on", []),
        ("", ["Radladen Muster", "Wäscherei Beispiel"]),
        ("kind=quatsch", []),
        ("area=0", []),
        ("q=%00", []),
    ],
)
def test_the_filters(client, query, found):
    laundry = make_enterprise()
    for criterion in Criterion:
        laundry.assessments.create(criterion=criterion, is_met=True, assessed_on=DAY, evidence="-")
    make_entry(
        name="Wäscherei Beispiel",
        kind="social_enterprise",
        organisation=laundry,
        parts=["entry", "criteria"],
    )
    make_entry(
        name="Radladen Muster",
        kind="local_business",
        text="Reparatur für jedes Fahrrad",
        text_en="Every bicycle",
        address="Geheimweg 1",
    )

    response = client.get(f"/verzeichnis/?{query}")
    names = [entry.name for entry in response.context["entries"]]

    assert response.status_code == 200
    assert names == found
    data = client.get(f"/verzeichnis/daten.json?{query}")
    if data.status_code == 200:
        assert [each["name"] for each in json.loads(data.content)["hasPart"]] == found


def test_an_english_reader_reads_english(client):
    entry = make_entry(text="Wir waschen", text_en="We wash")
    client.cookies["language"] = "en"

    html = client.get(entry.get_absolute_url()).text

    assert "We wash" in html
    assert '<div class="prose" lang="en">' in html
    assert "Wir waschen" not in html.partition("<main")[2]


# --- consent ---


def test_what_is_confidential_reaches_no_public_form(client):
    """Every text of the file, of its people and of the work, and of an entry what is not agreed."""
    secret = iter(range(1000))
    words = []

    def canary():
        words.append(f"Zkgeheim{next(secret)}q")
        return words[-1]

    organisation = make_enterprise(
        name=canary(),
        purpose=canary(),
        address=canary(),
        phone=canary(),
        email=f"{canary()}@x.example",
    )
    person = make_person(name=canary(), email=f"{canary()}@x.example", phone=canary())
    Involvement.objects.create(person=person, organisation=organisation)
    organisation.assessments.create(
        criterion="community", is_met=True, assessed_on=DAY, evidence=canary()
    )
    organisation.income_mixes.create(year=2023, note=canary())
    organisation.jobs.create(title=canary(), kind="new", fte=1, since=DAY)
    make_consultation(
        organisation=organisation, internal_note=canary(), result=canary(), place=canary()
    )
    hidden = {"address": canary(), "phone": canary(), "email": f"{canary()}@x.example"}
    entry = make_entry(
        name="Offener Name",
        organisation=organisation,
        district=make_district(),
        latitude="52.51234",
        longitude="13.41234",
        given_by=canary(),
        **hidden,
    )
    open_entry = make_entry(
        name="Offen", organisation=make_enterprise(name=canary()), parts=ALL, given_by=canary()
    )

    pages = everything(client, entry) | everything(client, open_entry)

    told = {
        (address, word)
        for address, text in pages.items()
        for word in [*words, "52.51234", "13.41234", "52,51234"]
        if word.lower() in text.lower()
    }
    assert told == set()
    assert all("Offen" in text for address, text in pages.items() if "karte" not in address)


def test_consent_taken_back_empties_everything_at_once(client):
    entry = make_entry(
        name="Zkname Muster",
        text="Zktext",
        parts=ALL,
        district=make_district(),
        address="Zkadresse 1",
        latitude="52.5",
        longitude="13.4",
    )
    before = everything(client, entry)
    assert all("Zkname" in text for text in before.values())

    entry.take_back("entry", by=make_user())

    after = everything(client, entry)
    # The address that is gone is named by whoever asks for it.
    gone = after.pop(entry.get_absolute_url())
    assert not any("zkname" in text.lower() for text in after.values())
    assert not any("Zktext" in text or "Zkadresse" in text for text in [*after.values(), gone])
    assert client.get(entry.get_absolute_url()).status_code == 410


def test_one_part_taken_back_is_gone_at_once(client):
    entry = make_entry(parts=ALL, phone="030 5550 777", district=make_district())
    assert any("5550 777" in text for text in everything(client, entry).values())

    entry.take_back("contact", by=make_user())

    assert not any("5550 777" in text for text in everything(client, entry).values())


def test_an_archived_entry_is_gone_and_an_unknown_one_never_was(client):
    entry = make_entry()
    entry.archive(by=make_user())

    assert client.get(entry.get_absolute_url()).status_code == 410
    assert client.get("/verzeichnis/betrieb/gibt-es-nicht/").status_code == 404


@pytest.mark.parametrize("address", FORMS)
def test_nothing_public_is_kept_by_a_cache(client, address):
    assert "no-store" in client.get(address).headers["Cache-Control"]


# --- open data ---


def test_every_file_names_its_licence(client, settings):
    settings.OPEN_DATA_LICENCE = "Musterlizenz"
    settings.OPEN_DATA_LICENCE_URL = "https://lizenz.example/1"
    make_entry(parts=ALL, latitude="52.5", longitude="13.4", website="https://muster.example/")

    for address in DATA:
        response = client.get(address)
        assert response.headers["Link"] == '<https://lizenz.example/1>; rel="license"'
    csv, told, geo = (text_of(client.get(address)) for address in DATA)

    assert "Musterlizenz" in csv.splitlines()[1]
    assert json.loads(told)["license"] == "https://lizenz.example/1"
    [part] = json.loads(told)["hasPart"]
    assert part["url"] == "https://muster.example/"
    geo = json.loads(geo)
    assert geo["license"]["name"] == "Musterlizenz"
    assert geo["features"][0]["geometry"] == {"type": "Point", "coordinates": [13.4, 52.5]}


def test_there_is_no_other_file(client):
    assert client.get("/verzeichnis/daten.exe").status_code == 404


def test_what_search_engines_read_cannot_end_its_script(client):
    entry = make_entry(name="</script><script>hit()</script>", text="<!-- & -->")

    html = client.get(entry.get_absolute_url()).text
    [told] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)

    assert json.loads(told)["name"] == "</script><script>hit()</script>"
    assert "<" not in told


def test_the_feed_names_the_newest_first(client):
    make_entry(name="Älter", published_at="2024-05-01T10:00Z")
    make_entry(name="Neuer \x0b", published_at="2024-06-01T10:00Z")

    titles = re.findall("<title>(.*?)</title>", client.get("/verzeichnis/neu.xml").text)

    assert titles[1:] == ["Neuer ", "Älter"]


# --- the map ---


def test_the_map_counts_what_the_list_shows(client):
    area, other = make_district(latitude="52.5", longitude="13.4"), make_district()
    for kind in ("local_business", "local_business", "association"):
        make_entry(district=area, kind=kind)
    place = {"latitude": "52.5", "longitude": "13.4"}
    make_entry(district=other, parts=ALL, name="Sichtbar", kind="network", **place)

    found = client.get("/verzeichnis/karte.json", {"kind": "local_business"}).json()["features"]
    numbers = {each["properties"].get("area"): each["properties"].get("number") for each in found}
    assert (numbers[area.name], numbers[other.name]) == (2, 0)

    found = client.get("/verzeichnis/karte.json").json()["features"]
    placed = [each["properties"]["name"] for each in found if "name" in each["properties"]]
    assert placed == ["Sichtbar"]


def test_without_a_script_the_map_is_a_drawing(client):
    make_entry(parts=ALL, latitude="52.5", longitude="13.4")

    html = client.get("/verzeichnis/").text

    assert "outline__other" in html
    assert "http" not in html[html.index('<svg class="outline"') :].split("</svg>")[0]


# --- what it costs ---


@pytest.mark.parametrize("address", [*FORMS, "entry", "district"])
def test_the_number_of_queries_does_not_grow(client, count_queries, address):
    area, numbers = make_district(), []
    for _ in range(2):
        for _ in range(3):
            organisation = make_enterprise()
            organisation.assessments.create(
                criterion="community", is_met=True, assessed_on=DAY, evidence="-"
            )
            organisation.income_mixes.create(year=2023)
            entry = make_entry(
                district=area,
                organisation=organisation,
                parts=ALL,
                latitude="52.5",
                longitude="13.4",
            )
        pages = {"entry": entry, "district": area}
        asked = pages[address].get_absolute_url() if address in pages else address
        numbers.append(count_queries(lambda where: text_of(client.get(where)), asked))

    assert numbers[0] == numbers[1]
    assert numbers[0] <= 17


def test_the_page_with_all_it_loads_stays_small(client):
    """Everything but the fonts and pictures, as a server sends it compressed."""
    area = make_district()
    Entry.objects.all().delete()
    for n in range(30):
        make_entry(
            district=area, text=f"Wort{n} " * 150, parts=ALL, latitude="52.5", longitude=f"13.4{n}"
        )
    html = client.get("/verzeichnis/").text
    files = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html)
    parts = [html.encode(), client.get("/verzeichnis/karte.json").content]
    for name in files:
        parts.append(static_file(name).read_bytes())

    assert len(files) > 10
    assert sum(len(gzip.compress(part)) for part in parts) <= MOST_BYTES


def static_file(name):
    return Path(finders.find(name))


def test_no_page_asks_another_host(client):
    entry = make_entry()

    for address in ("/verzeichnis/", entry.get_absolute_url()):
        response = client.get(address)
        loaded = re.findall(
            r'<(?:script|img|link|iframe)[^>]+(?:src|href)="(https?:[^"]+)"', response.text
        )
        assert loaded == []
        assert "tile" not in response.headers["Content-Security-Policy"]
    assert portal.MAP_TILES == ""


# --- as the staff keep it ---


def test_an_advisor_enters_an_enterprise_from_its_file(sign_in, client):
    advisor = make_user()
    organisation = make_enterprise(name="Nähwerk Muster", purpose="Wir nähen", phone="030 5550 1")
    client = sign_in(advisor)
    address = f"{organisation.get_absolute_url()}eintrag/"

    html = client.get(address).text
    assert 'value="Nähwerk Muster"' in html
    form = {
        "name": "Nähwerk Muster",
        "kind": "social_enterprise",
        "text": "Wir nähen",
        "parts": ["entry", "contact"],
        "given_by": "Muster",
        "given_on": "2024-05-01",
        "way": "paper",
        "language": "de",
    }
    refused = client.post(address, form | {"parts": ["contact"], "latitude": "52.5"})
    assert {"parts", "longitude"} <= set(refused.context["form"].errors)
    assert client.post(address, form).status_code == 302

    entry = Entry.objects.get(organisation=organisation)
    assert entry.is_public
    assert client.get(address).headers["Location"] == entry.staff_url
    assert "Nähwerk Muster" in client.get(organisation.get_absolute_url()).text


def test_consent_is_noted_and_taken_back_by_the_staff(sign_in):
    entry, client = make_entry(phone="030 5550 1"), sign_in(make_user())
    noted = {"parts": ["contact"], "given_by": "Muster", "given_on": "2024-05-01", "way": "mail"}

    assert client.post(f"{entry.staff_url}einwilligung/", noted).status_code == 302
    assert client.post(f"{entry.staff_url}einwilligung/", noted).status_code == 200
    assert "030 5550 1" in client.get(entry.get_absolute_url()).text
    client.post(f"{entry.staff_url}einwilligung/contact/zurueck/")
    assert "030 5550 1" not in client.get(entry.get_absolute_url()).text


def test_the_staff_change_archive_and_put_back(sign_in):
    entry, client = make_entry(), sign_in(make_user())
    form = {"name": "Neuer Name", "kind": "association", "text": "Neu", "language": "de"}

    client.post(f"{entry.staff_url}bearbeiten/", form)
    client.post(f"{entry.staff_url}archivieren/")
    entry.refresh_from_db()
    assert (entry.name, entry.status) == ("Neuer Name", "archived")
    client.post(f"{entry.staff_url}zurueckholen/")
    entry.refresh_from_db()
    assert entry.status == "published"
    assert reverse("enterprises:entries") in client.get("/verzeichnis/").text
