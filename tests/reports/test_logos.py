"""Pictures of the logo row: brought by the manager, kept by the form, printed on every paper."""

import base64
import io
import json
from dataclasses import replace

import page
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from best_portal.audit.models import Event
from reports import paper
from reports.cover import Logo
from reports.document import Document
from reports.forms.logos import LogosField
from reports.group_papers import Funding
from reports.logos import MOST_BYTES
from reports.setting_up import tasks
from tests.factories import make_grant
from tests.files.hostile_files import flood, office, picture
from tests.reports.samples import make_cover, make_document

PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)
EU = {"kind": "eu", "text": "Europäische Union", "alt": "Emblem der Europäischen Union"}
BOX = {"kind": "text", "text": "Land Berlin", "alt": "Platzhalter für das Logo: Land Berlin"}
SMALL = base64.b64encode(picture()).decode()
LAND = {"kind": "text", "text": "Land Berlin", "alt": "Logo: Land Berlin", "image": SMALL}


def bring(client, grant, content, name="logo.png", **fields):
    file = SimpleUploadedFile(name, content)
    return client.post(
        reverse("reports:grant_logo", args=[grant.ref]),
        {"text": "Land Berlin", "alt": "", "picture": file} | fields,
    )


def image_of(logo):
    content = base64.b64decode(logo["image"])
    assert content.startswith(b"\x89PNG")
    assert len(content) <= MOST_BYTES
    return Image.open(io.BytesIO(content))


# --- bringing one ---


@pytest.mark.django_db
def test_a_picture_takes_the_place_of_its_box_and_another_becomes_the_last(manager):
    grant = make_grant(logos=[BOX, EU])

    first = bring(manager, grant, picture(size=(1800, 360)))
    bring(manager, grant, picture("JPEG"), "bezirk.jpg", text="Bezirk", alt="Wappen  des Bezirks")

    assert first.status_code == 302
    grant.refresh_from_db()
    assert [(logo["text"], logo["alt"]) for logo in grant.logos] == [
        ("Land Berlin", "Logo: Land Berlin"),
        ("Europäische Union", "Emblem der Europäischen Union"),
        ("Bezirk", "Wappen des Bezirks"),
    ]
    assert "image" not in grant.logos[1]
    assert image_of(grant.logos[0]).size == (900, 180)
    assert image_of(grant.logos[2]).size == (8, 6)
    assert Event.objects.about(grant).filter(verb="grant.logo_brought").count() == 2
    shown = manager.get(reverse("reports:grant_logo", args=[grant.ref])).content.decode()
    assert f'src="data:image/png;base64,{grant.logos[0]["image"]}"' in shown


@pytest.mark.django_db
def test_what_shines_through_is_white_and_a_photo_is_made_small_enough(manager):
    grant = make_grant()
    clear, noise = io.BytesIO(), io.BytesIO()
    Image.new("RGBA", (40, 20), (0, 0, 0, 0)).save(clear, "PNG")
    Image.effect_noise((2000, 1500), 200).convert("RGB").save(noise, "PNG")

    bring(manager, grant, clear.getvalue(), text="Durchsichtig")
    bring(manager, grant, noise.getvalue(), text="Foto")

    grant.refresh_from_db()
    clear, photo = map(image_of, grant.logos)
    assert clear.convert("RGB").getpixel((5, 5)) == (255, 255, 255)
    assert photo.height <= 360


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (office(), "logo.docx"),
        (picture(), "logo.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg"),
        (b"", "logo.png"),
        (flood(30_000, 30_000), "logo.png"),
        (picture()[:40], "logo.png"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(manager, content, name):
    grant = make_grant(logos=[BOX])

    answer = bring(manager, grant, content, name)

    assert answer.status_code == 200
    assert answer.context["form"].errors["picture"]
    grant.refresh_from_db()
    assert grant.logos == [BOX]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["EU: Union", "bild: Land", "Land | Berlin", ""])
def test_a_name_the_lines_would_read_as_something_else_is_refused(manager, text):
    grant = make_grant()

    answer = bring(manager, grant, picture(), text=text)

    assert "text" in answer.context["form"].errors
    grant.refresh_from_db()
    assert grant.logos == []


@pytest.mark.django_db
def test_setting_up_names_the_boxes_until_they_have_pictures(manager):
    grant = make_grant(logos=[BOX, EU])
    address = reverse("reports:grant_logo", args=[grant.ref])

    assert [each.href for each in tasks(grant) if "Land Berlin" in each.missing] == [address]
    assert address in manager.get(grant.get_absolute_url()).content.decode()

    grant.logos = [LAND, EU]
    assert not [each for each in tasks(grant) if "Land Berlin" in each.missing]


# --- the lines of the grant's form ---


def field():
    found = LogosField(required=False)
    found.keep([LAND, EU, BOX | {"text": "Bezirk"}])
    return found


def test_lines_as_they_are_shown_keep_every_picture():
    row = [LAND, EU, BOX, LAND | {"alt": "Bär"}]

    typed = field().prepare_value(row)

    assert typed.splitlines()[0] == "BILD: Land Berlin"
    assert typed.splitlines()[3] == "BILD: Land Berlin | Bär"
    assert field().clean(typed) == row


def test_lines_in_another_order_with_other_words_keep_it_too_and_without_the_word_it_is_a_box():
    assert field().clean("EU: Europäische Union\nbild: Land Berlin | Bär") == [
        EU,
        LAND | {"alt": "Bär"},
    ]
    assert field().clean("Land Berlin") == [BOX]


def test_a_picture_is_not_lost_with_a_slip_of_the_pen():
    with pytest.raises(Exception, match="Land Berln"):
        field().clean("BILD: Land Berln")


# --- on paper ---


def covered(form, **fields):
    logos = (Logo.of(EU), Logo.of(LAND | fields))
    return make_document(form, cover=make_cover(form, logos=logos), annex=(), breakdowns=())


@pytest.mark.parametrize("form", ["senate", "esf", "efre"])
def test_the_cover_shows_the_picture_with_its_words_and_meets_the_standards(form, tmp_path):
    wide = io.BytesIO()
    Image.new("RGB", (900, 120), "teal").save(wide, "PNG")
    document = covered(form, image=base64.b64encode(wide.getvalue()).decode())

    printed = paper.produce(document)

    file = tmp_path / "report.pdf"
    file.write_bytes(printed.content)
    for profile in PROFILES:
        assert page.validate_pdf(str(file), profile=profile).failures == []
    with pikepdf.open(file) as opened:
        words = [
            str(thing.Alt)
            for thing in opened.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Figure"
        ]
    assert words[:2] == ["Emblem der Europäischen Union", "Logo: Land Berlin"]
    assert Document.from_json(document.to_json()) == document


def test_a_logo_without_picture_stays_a_box_and_a_broken_one_becomes_it():
    for image in ("", "kein Bild", base64.b64encode(b"<svg>").decode()):
        html = paper.typeset(covered("senate", image=image)).html
        assert "(vom Fördergeber bereitzustellen)" in html
        assert "data:image" not in html


def test_what_was_frozen_before_there_were_pictures_still_loads():
    frozen = json.loads(covered("senate").to_json())
    for logo in frozen["cover"]["logos"]:
        del logo["image"]

    loaded = Document.from_json(json.dumps(frozen))

    assert loaded.cover.logos == (Logo.of(EU), replace(Logo.of(LAND), image=""))


@pytest.mark.django_db
def test_where_one_grant_has_the_picture_it_stands_on_the_papers_of_both():
    grants = [make_grant(logos=[BOX]), make_grant(logos=[LAND, EU])]

    logos = Funding._of(grants, grants[0].starts_on).logos

    assert [(logo.text, logo.image) for logo in logos] == [
        ("Europäische Union", ""),
        ("Land Berlin", SMALL),
    ]
