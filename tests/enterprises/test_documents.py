"""Papers of organisations: who sees them, how they grow older, and how they are forgotten."""

import io
import os
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.bin.tasks import empty_bin
from best_portal.files import store
from enterprises.models import Document, DocumentVersion
from enterprises.tasks import read_documents
from tests.factories import (
    checked_file,
    make_document,
    make_founder,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


def verbs_about(document):
    return list(Event.objects.about(document).order_by("pk").values_list("verb", flat=True))


def content_of(version):
    return b"".join(store.pieces(version.stored_as))


def in_bin_since(document, days):
    document.withdraw(by=make_user())
    withdrawn_at = timezone.now() - timedelta(days=days)
    Document.objects.filter(pk=document.pk).update(withdrawn_at=withdrawn_at)


# --- who sees them ---


def test_staff_see_every_paper_and_founders_those_marked_for_them():
    organisation = make_organisation()
    founder = make_founder(organisation)
    shared = make_document(organisation, is_shared=True)
    internal = make_document(organisation)
    make_document(is_shared=True)

    assert list(Document.objects.visible_to(founder)) == [shared]
    assert Document.objects.visible_to(make_user()).contains(internal)
    for role in (Role.FUNDER, Role.EVALUATOR):
        assert not Document.objects.visible_to(make_user(role)).exists()


def test_what_a_founder_brings_is_seen_by_staff_and_founders_at_once():
    organisation = make_organisation()
    founder, colleague = make_founder(organisation), make_founder(organisation)

    document = make_document(organisation, founder)

    assert document.is_shared
    assert Document.objects.visible_to(colleague).contains(document)
    assert Document.objects.visible_to(make_user()).contains(document)


def test_founders_look_after_what_they_have_brought_themselves():
    organisation = make_organisation()
    founder = make_founder(organisation)
    own = make_document(organisation, founder)
    make_document(organisation, is_shared=True)
    make_document(organisation, make_founder(organisation))

    assert list(Document.objects.editable_by(founder)) == [own]


def test_a_removed_paper_is_seen_only_by_who_may_fetch_it_back():
    organisation = make_organisation()
    founder, colleague = make_founder(organisation), make_founder(organisation)
    document = make_document(organisation, founder)

    document.withdraw(by=founder)

    assert Document.objects.visible_to(founder).contains(document)
    assert not Document.objects.visible_to(colleague).exists()


# --- bringing and renewing ---


def test_a_paper_without_a_title_is_called_like_its_file():
    assert make_document(title="", file=checked_file("Satzung 2026.txt")).title == "Satzung 2026"


def test_the_same_form_brings_a_file_once():
    organisation, advisor, key = make_organisation(), make_user(), uuid.uuid4()

    first = make_document(organisation, advisor, form_key=key)
    again = make_document(organisation, advisor, form_key=key)
    other = make_document(organisation, advisor, form_key=key, file=checked_file(text="anders"))

    assert again == first
    assert set(organisation.documents.all()) == {first, other}


def test_a_new_version_keeps_the_old_ones():
    document, advisor, key = make_document(), make_user(), uuid.uuid4()
    ends = timezone.localdate() + timedelta(days=365)

    for _twice in range(2):
        document.renew(by=advisor, file=checked_file(text="neu"), valid_until=ends, form_key=key)
    document.renew(by=advisor, file=checked_file(text="noch neuer"))

    versions = document.versions.order_by("number")
    assert [content_of(version) for version in versions] == [b"Muster\n", b"neu", b"noch neuer"]
    assert Document.objects.get().valid_until == ends
    assert verbs_about(document) == ["document.brought", "document.renewed", "document.renewed"]


def test_a_paper_in_the_bin_gets_no_version(english):
    document = make_document()
    document.withdraw(by=make_user())

    with pytest.raises(ValidationError, match="lies in the bin"):
        document.renew(by=make_user(), file=checked_file())


def test_the_list_knows_the_newest_version():
    document = make_document()
    document.renew(by=make_user(), file=checked_file("zweite.txt", "neu"))

    [row] = Document.objects.for_list()

    assert (row.latest_number, row.latest_name, row.latest_size) == (2, "zweite.txt", 3)


def test_a_download_is_noted_and_what_is_lost_is_said(folder, english):
    reader = make_user()
    version = make_document().versions.get()

    assert b"".join(version.download(by=reader)) == b"Muster\n"
    event = Event.objects.get(verb="document.downloaded")
    assert (event.actor, event.details) == (reader, {"number": 1})

    store.forget(version.stored_as)
    with pytest.raises(ValidationError, match="cannot be found"):
        version.download(by=reader)


# --- growing old ---


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, set()),
        (-1, {"expired", "to_renew"}),
        (0, {"expiring", "to_renew"}),
        (60, {"expiring", "to_renew"}),
        (61, set()),
    ],
)
def test_a_paper_ends_on_its_day(days, words):
    ends = None if days is None else timezone.localdate() + timedelta(days=days)
    document = make_document(valid_until=ends)

    found = {
        word
        for word in ("expired", "expiring", "to_renew")
        if getattr(Document.objects, word)().exists()
    }

    assert found == words
    assert document.is_expired == ("expired" in words)
    assert document.is_expiring == ("expiring" in words)


def test_how_soon_is_soon_may_be_said():
    make_document(valid_until=timezone.localdate() + timedelta(days=10))

    assert Document.objects.expiring(within=timedelta(days=10)).exists()
    assert not Document.objects.expiring(within=timedelta(days=9)).exists()


def test_what_lies_in_the_bin_need_not_be_renewed():
    document = make_document(valid_until=timezone.localdate())
    document.withdraw(by=make_user())

    assert not Document.objects.to_renew().exists()


# --- the bin ---


def test_a_removed_paper_can_be_fetched_back(english):
    document, advisor = make_document(), make_user()

    document.withdraw(by=advisor)
    with pytest.raises(ValidationError, match="deleted already"):
        document.withdraw(by=advisor)
    document.restore(by=advisor)
    with pytest.raises(ValidationError, match="not lie in the bin"):
        document.restore(by=advisor)

    assert Document.objects.valid().contains(document)
    assert verbs_about(document) == ["document.brought", "document.withdrawn", "document.restored"]


def test_after_thirty_days_the_bytes_are_gone(django_capture_on_commit_callbacks):
    old, recent = make_document(), make_document(file=checked_file(text="jung"))
    old.renew(by=make_user(), file=checked_file(text="zweite"))
    names = list(old.versions.values_list("stored_as", flat=True))
    in_bin_since(old, 31)
    in_bin_since(recent, 29)

    with django_capture_on_commit_callbacks(execute=True):
        empty_bin()

    assert list(Document.objects.all()) == [recent]
    assert [store.has(name) for name in names] == [False, False]
    assert content_of(recent.versions.get()) == b"jung"
    assert Event.objects.filter(verb="document.purged").count() == 1


def test_bytes_somebody_else_needs_stay(django_capture_on_commit_callbacks):
    old, other = make_document(), make_document()
    assert old.versions.get().stored_as == other.versions.get().stored_as
    in_bin_since(old, 31)

    with django_capture_on_commit_callbacks(execute=True):
        Document.objects.purge()

    assert content_of(other.versions.get()) == b"Muster\n"


def test_a_paper_fetched_back_is_not_forgotten():
    document = make_document()
    in_bin_since(document, 29)
    stale = Document.objects.get()
    document.restore(by=make_user())

    stale.purge()

    assert Document.objects.exists()


def test_lost_bytes_are_written_again_by_whoever_brings_them():
    lost = make_document().versions.get()
    store.forget(lost.stored_as)

    assert content_of(make_document().versions.get()) == b"Muster\n"


def test_leftovers_go_but_never_all_there_is(folder):
    stray = store.keep(io.BytesIO(b"halb"), "a" * 64)
    past = timezone.now().timestamp() - 2 * 24 * 60 * 60
    os.utime(folder / stray, (past, past))

    DocumentVersion.objects.forget_left_behind()
    assert store.has(stray)

    kept = make_document().versions.get()
    DocumentVersion.objects.forget_left_behind()
    assert not store.has(stray)
    assert store.has(kept.stored_as)


# --- the words in them ---


def test_a_worker_notes_the_words_once(django_assert_num_queries):
    version = make_document(file=checked_file(text="Gemeinnützige Wäscherei")).versions.get()

    read_documents()

    version.refresh_from_db()
    assert version.text == "Gemeinnützige Wäscherei"
    with django_assert_num_queries(1):
        read_documents()


def test_a_file_that_cannot_be_read_has_no_words():
    version = make_document().versions.get()
    store.forget(version.stored_as)

    read_documents()

    version.refresh_from_db()
    assert version.text == ""
    assert version.read_at
