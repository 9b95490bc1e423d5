"""What must never be true of papers and their versions, broken by name."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from enterprises.models import Document, DocumentVersion
from tests.factories import make_document, make_user

pytestmark = pytest.mark.django_db

OTHER_HASH = "0" * 64


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_document_kind_is_known", {"kind": "poem"}),
        ("enterprises_document_has_a_title", {"title": ""}),
    ],
)
def test_a_paper_is_possible(constraint, fields):
    document = make_document()

    with pytest.raises(IntegrityError, match=constraint):
        Document.objects.filter(pk=document.pk).update(**fields)


def test_who_removed_a_paper_stands_only_beside_the_time():
    document = make_document()

    with pytest.raises(IntegrityError, match="enterprises_document_deleted_by_somebody"):
        Document.objects.filter(pk=document.pk).update(withdrawn_by=make_user())


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_documentversion_holds_something", {"size": 0}),
        ("enterprises_documentversion_holds_something", {"number": 0}),
        ("enterprises_documentversion_holds_something", {"name": ""}),
        ("enterprises_documentversion_stored_under_its_hash", {"stored_as": "../../etc/passwd"}),
        ("enterprises_documentversion_stored_under_its_hash", {"sha256": OTHER_HASH}),
        ("enterprises_documentversion_stored_under_its_hash", {"sha256": "nonsense"}),
    ],
)
def test_a_version_is_possible(constraint, fields):
    version = make_document().versions.get()

    with pytest.raises(IntegrityError, match=constraint):
        DocumentVersion.objects.filter(pk=version.pk).update(**fields)


def copy_of(version, **fields):
    version.pk = None
    for name, value in fields.items():
        setattr(version, name, value)
    with transaction.atomic():
        version.save(force_insert=True)


def test_two_versions_of_a_paper_have_two_numbers():
    version = make_document().versions.get()

    with pytest.raises(IntegrityError, match="enterprises_documentversion_numbers_differ"):
        copy_of(version)


def test_a_form_brings_a_file_once():
    version = make_document(form_key=uuid.uuid4()).versions.get()

    with pytest.raises(IntegrityError, match="enterprises_documentversion_once_per_form"):
        copy_of(version, number=2)
