"""Anybody learns whether a file is a released document, and nothing else."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from reports.genuine import genuine
from reports.models import Document
from tests.factories import make_draft, make_released, produced

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 echt"


def digest(content):
    return hashlib.sha256(content).hexdigest()


def ask(client, **sent):
    return client.post(reverse("reports:genuine"), sent).content.decode()


def test_the_database_keeps_the_hash_of_each_document():
    document = make_draft(produced(pdf=PDF, csv=b"a;b", json=b"{}")).document

    document = Document.objects.get(pk=document.pk)
    assert document.pdf_sha256 == document.version.sha256 == digest(PDF)
    assert (document.csv_sha256, document.json_sha256) == (digest(b"a;b"), digest(b"{}"))


@pytest.mark.parametrize(
    ("content", "format"), [(PDF, "PDF"), (b"a;b", "CSV"), (b'{"a": 1}', "JSON")]
)
def test_a_released_document_is_known_by_its_file(client, content, format):
    make_released(produced(pdf=PDF, csv=b"a;b", json=b'{"a": 1}'))

    page = ask(client, file=SimpleUploadedFile("x.bin", content))

    assert "ist echt" in page
    assert f"Zwischennachweis ({format}), Version 1" in page
    assert "neueste Version" in page


def test_and_by_its_hash_however_it_is_written(client):
    make_released(produced(pdf=PDF))
    known = digest(PDF)

    assert "ist echt" in ask(client, sha256=f" {known[:32].upper()} {known[32:]} ")


def test_an_old_version_says_that_there_is_a_newer_one(client):
    old = make_released(produced(pdf=PDF))
    make_released(produced(pdf=b"neu"), report=old.report, change_note="Neu")

    assert "inzwischen eine neuere Version" in ask(client, sha256=digest(PDF))


def test_nothing_is_told_of_a_draft_nor_of_another_file(client):
    make_draft(produced(pdf=PDF))

    for content in (PDF, b"anders"):
        page = ask(client, sha256=digest(content))
        assert "Keine herausgegebene Datei" in page
        assert "Zwischennachweis" not in page
    assert genuine(digest(PDF)) is None


def test_nothing_else_is_told(client):
    version = make_released(produced(pdf=PDF))
    grant = version.report.grant

    page = ask(client, sha256=digest(PDF))

    for secret in (grant.reference, grant.programme.name, grant.project.name, grant.recipient):
        assert secret not in page
    assert version.report.get_absolute_url() not in page


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({}, "Wählen Sie eine Datei"),
        ({"sha256": "abc"}, "64 Ziffern"),
        ({"sha256": "g" * 64}, "64 Ziffern"),
        ({"sha256": "<b>" * 30}, "64 Ziffern"),
    ],
)
def test_what_cannot_be_checked_is_told(client, sent, told):
    assert told in ask(client, **sent)


def test_a_large_file_is_not_read(client, settings):
    settings.FILES_MAX_MB = 1

    page = ask(client, file=SimpleUploadedFile("x.pdf", b"x" * (2**20 + 1)))

    assert "größer als 1 MB" in page


def test_nobody_asks_without_end(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"check_document": "3/m/ip"}

    answers = [
        client.post(reverse("reports:genuine"), {"sha256": "0" * 64}).status_code for _ in range(4)
    ]

    assert answers == [200, 200, 200, 429]
