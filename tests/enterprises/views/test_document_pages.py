"""Pages of papers: bringing several at once, what is refused, the list, and the file itself."""

import csv
import io
import uuid
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from enterprises.models import Document, DocumentVersion
from tests.factories import (
    checked_file,
    make_document,
    make_founder,
    make_organisation,
    make_user,
)
from tests.files.hostile_files import PDF, picture

pytestmark = pytest.mark.django_db

LIST = reverse("enterprises:documents")


def new(organisation):
    return reverse("enterprises:document_new", args=[organisation.pk])


def address(name, document, *more):
    return reverse(f"enterprises:{name}", args=[document.organisation_id, document.pk, *more])


def upload(name="Satzung.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def answers(*files, **more):
    return {"form_key": uuid.uuid4(), "kind": "statute", "files": list(files)} | more


def titles(page):
    return [document.title for document in page.context["page"].object_list]


# --- bringing ---


def test_an_advisor_brings_a_paper_with_all_that_is_known_of_it(sign_in):
    organisation, ends = make_organisation(), timezone.localdate() + timedelta(days=90)
    more = {
        "title": "Satzung",
        "valid_until": ends.isoformat(),
        "note": "Entwurf",
        "is_shared": "on",
        "retention_note": "10 Jahre",
    }

    page = sign_in(make_user()).post(new(organisation), answers(upload(), **more), follow=True)

    document = Document.objects.get()
    assert page.redirect_chain == [(document.get_absolute_url(), 302)]
    assert (document.title, document.valid_until, document.is_shared) == ("Satzung", ends, True)
    assert document.retention_note == "10 Jahre"
    assert document.versions.get().note == "Entwurf"


def test_several_files_become_several_papers(sign_in):
    organisation = make_organisation()
    photo = upload("IMG_2.jpg", picture("JPEG"))
    sent = answers(upload(), upload("Plan.txt", b"Plan"), photo=photo, title="Gründung")

    page = sign_in(make_user()).post(new(organisation), sent)

    assert page.status_code == 302
    assert set(organisation.documents.values_list("title", flat=True)) == {
        "Gründung: Satzung",
        "Gründung: Plan",
        "Gründung: IMG_2",
    }


def test_a_founder_brings_a_paper_for_the_own_organisation_only(sign_in):
    own, foreign = make_organisation(), make_organisation()
    client = sign_in(make_founder(own))

    assert client.post(new(own), answers(upload())).status_code == 302
    assert client.post(new(foreign), answers(upload())).status_code == 404
    assert Document.objects.get().is_shared


def test_a_bad_file_stops_no_other_and_loses_nothing_typed(sign_in):
    organisation = make_organisation()
    sent = answers(upload(), upload("bild.svg", b"<svg/>"), note="Vom Notar")
    client = sign_in(make_user(language="en"))

    page = client.post(new(organisation), sent)
    again = client.post(new(organisation), sent | {"files": [upload()]})

    assert page.status_code == 200
    assert "bild.svg: This kind of file is not taken." in page.text
    assert "One paper is kept." in page.text
    assert "Vom Notar" in page.text
    assert again.status_code == 302
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("files", "words"),
    [([], "Choose at least one file."), ([upload()] * 11, "Choose at most 10 files at a time.")],
)
def test_none_or_too_many_are_refused_in_words(sign_in, files, words):
    page = sign_in(make_user(language="en")).post(new(make_organisation()), answers(*files))

    assert words in page.text
    assert not Document.objects.exists()


def test_the_form_offers_a_phones_camera_and_names_the_limit(sign_in, settings):
    settings.FILES_MAX_MB = 7

    page = sign_in(make_user()).get(new(make_organisation()))

    assert 'capture="environment"' in page.text
    assert "7 MB" in page.text
    assert "multiple" in page.text


# --- one paper ---


def test_a_new_version_is_added_and_described(sign_in):
    document = make_document()
    client = sign_in(make_user())
    sent = {"form_key": uuid.uuid4(), "file": upload("neu.pdf"), "note": ""}

    assert client.post(address("document_renew", document), sent).status_code == 302
    client.post(address("document_describe", document, 2), {"note": "Vom Amtsgericht"})

    assert "Vom Amtsgericht" in client.get(document.get_absolute_url()).text
    assert DocumentVersion.objects.get(number=2).note == "Vom Amtsgericht"


def test_a_refused_version_changes_nothing(sign_in):
    document = make_document()
    sent = {"form_key": uuid.uuid4(), "file": upload("neu.exe"), "note": "Vom Notar"}

    page = sign_in(make_user()).post(address("document_renew", document), sent)

    assert "neu.exe: " in page.text
    assert "Vom Notar" in page.text
    assert document.versions.count() == 1


def test_what_a_founder_brought_stays_visible_to_the_founders(sign_in):
    organisation = make_organisation()
    document = make_document(organisation, make_founder(organisation))
    sent = {"kind": "photo", "title": "Laden", "valid_until": "", "retention_note": ""}

    sign_in(make_user()).post(address("document_edit", document), sent)

    document.refresh_from_db()
    assert (document.title, document.is_shared) == ("Laden", True)


def test_two_windows_on_one_paper_overwrite_nothing(sign_in):
    document = make_document(title="Satzung")
    client = sign_in(make_user())
    opened = client.get(address("document_edit", document)).context["form"]["as_opened"].value()
    Document.objects.update(title="Satzung 2026")
    sent = {"kind": "other", "title": "Statut", "valid_until": "", "as_opened": opened}

    page = client.post(address("document_edit", document), sent)

    assert page.status_code == 200
    assert "Satzung 2026" in page.text
    assert Document.objects.get().title == "Satzung 2026"


def test_a_paper_is_removed_and_fetched_back(sign_in):
    organisation = make_organisation()
    document = make_document(organisation, is_shared=True)
    advisor, founder = sign_in(make_user()), make_founder(organisation)

    advisor.post(address("document_remove", document))
    assert not Document.objects.visible_to(founder).exists()
    assert advisor.get(document.get_absolute_url()).status_code == 200
    assert document.title not in advisor.get(organisation.get_absolute_url()).text
    advisor.post(address("document_restore", document))
    assert Document.objects.visible_to(founder).exists()


def test_a_founder_removes_only_what_they_have_brought(sign_in):
    organisation = make_organisation()
    founder = make_founder(organisation)
    own = make_document(organisation, founder)
    other = make_document(organisation, is_shared=True)
    client = sign_in(founder)

    assert client.post(address("document_remove", own)).status_code == 302
    assert client.post(address("document_remove", other)).status_code == 404


# --- the file ---


def test_a_file_is_sent_to_be_saved_and_nothing_else(sign_in):
    document = make_document(file=checked_file("Größe „neu“.txt"))

    answer = sign_in(make_user()).get(address("document_file", document, 1))

    assert b"".join(answer) == b"Muster\n"
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe")
    assert answer["Content-Type"] == "text/plain"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Length"] == "7"


def test_a_lost_file_is_said_on_the_paper(sign_in, settings, tmp_path):
    document = make_document()
    settings.FILES_ROOT = tmp_path / "elsewhere"

    answer = sign_in(make_user()).get(address("document_file", document, 1))

    assert answer.status_code == 302
    assert answer.url == document.get_absolute_url()


def test_files_of_others_lead_nowhere(sign_in):
    organisation = make_organisation()
    internal, foreign = make_document(organisation), make_document(is_shared=True)
    client = sign_in(make_founder(organisation))

    for document in (internal, foreign):
        assert client.get(address("document_file", document, 1)).status_code == 404
        assert client.get(document.get_absolute_url()).status_code == 404
    for role in (Role.FUNDER, Role.EVALUATOR):
        stranger = sign_in(make_user(role))
        assert stranger.get(address("document_file", foreign, 1)).status_code == 403
        assert stranger.get(LIST).status_code == 403


# --- the list ---


def test_the_list_shows_what_must_be_looked_after_and_the_rest_if_asked(sign_in):
    today = timezone.localdate()
    organisation = make_organisation()
    for title, days in [("alt", -1), ("bald", 30), ("später", 300)]:
        make_document(organisation, title=title, valid_until=today + timedelta(days=days))
    make_document(title="ohne Ende", kind="photo")
    make_document(title="weg").withdraw(by=make_user())
    client = sign_in(make_user())

    for question, expected in [
        ({}, ["alt", "bald"]),
        ({"state": "expired"}, ["alt"]),
        ({"state": "expiring"}, ["bald"]),
        ({"state": "all"}, ["alt", "bald", "später", "ohne Ende"]),
        ({"state": "removed"}, ["weg"]),
        ({"until": (today + timedelta(days=300)).isoformat()}, ["alt", "bald", "später"]),
        ({"state": "all", "kind": "photo"}, ["ohne Ende"]),
        ({"state": "all", "organisation": organisation.pk}, ["alt", "bald", "später"]),
        ({"state": "all", "q": "SPAETER"}, []),
        ({"state": "all", "q": "muster.txt"}, ["alt", "bald", "später", "ohne Ende"]),
        ({"state": "nonsense"}, []),
    ]:
        assert titles(client.get(LIST, question)) == expected, question


def test_the_files_of_the_list_hold_what_the_page_shows(sign_in):
    ends = timezone.localdate()
    make_document(title="=1+1", valid_until=ends)
    make_document(title="später")
    client = sign_in(make_user(language="de"))
    addresses = {kind: reverse("enterprises:documents_export", args=[kind]) for kind in FILES}

    written = b"".join(client.get(addresses["csv"]).streaming_content).decode("utf-8-sig")
    headings, line = csv.reader(io.StringIO(written), delimiter=";")
    assert line[3:7] == ["'=1+1", f"{ends:%d.%m.%Y}", "1", "muster.txt"]
    assert len(headings) == len(line)
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(addresses["xlsx"]).getvalue())).active
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == ["=1+1"]
    assert client.get(addresses["csv"], {"until": "gestern"}).status_code == 302


FILES = ("csv", "xlsx")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_cost_the_same_however_full(sign_in, count_queries, rows):
    organisation, client = make_organisation(), sign_in(make_user())
    for _row in range(rows):
        document = make_document(organisation, valid_until=timezone.localdate())
        document.renew(by=make_user(), file=checked_file(text=str(_row)))

    assert count_queries(client.get, LIST) <= 9
    assert count_queries(client.get, document.get_absolute_url()) <= 9
