"""The letter of a notice: a PDF and nothing else, for the manager and the programme's funders."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.files import store
from reports.models import NoticeFile
from tests.factories import (
    checked_file,
    make_grant,
    make_notice_file,
    make_programme,
    make_user,
)

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def notice():
    grant = make_grant(programme=make_programme(officers=[make_user(Role.FUNDER)]))
    return grant.notices.create(
        issued_on=grant.starts_on, reference="Muster-1", amount=grant.amount
    )


def page(name, notice):
    return reverse(f"reports:{name}", args=[notice.grant.ref, notice.pk])


def test_a_notice_gets_its_letter_and_the_funder_takes_it(sign_in, manager, notice):
    sent = {"file": SimpleUploadedFile("Bescheid März.pdf", PDF)}
    answer = manager.post(page("notice_file", notice), sent, follow=True)
    assert "Datei des Bescheids ist aufgenommen" in answer.content.decode()

    officer = notice.grant.programme.officers.get()
    client = sign_in(officer)
    assert (
        page("notice_letter", notice)
        in client.get(notice.grant.get_absolute_url()).content.decode()
    )
    taken = client.get(page("notice_letter", notice))

    assert b"".join(taken.streaming_content) == PDF
    assert NoticeFile.objects.get().sha256 == hashlib.sha256(PDF).hexdigest()
    assert Event.objects.filter(verb="notice.downloaded", actor=officer).count() == 1
    stranger = sign_in(make_user(Role.FUNDER))
    assert stranger.get(page("notice_letter", notice)).status_code == 404


def test_a_letter_is_a_pdf(manager, notice):
    for name, content, told in [
        ("bescheid.txt", b"Bescheid\n", "als PDF"),
        ("bescheid.pdf", b"kein PDF", "aria-invalid"),
    ]:
        sent = {"file": SimpleUploadedFile(name, content)}
        answer = manager.post(page("notice_file", notice), sent)
        assert told in answer.content.decode()
    assert not NoticeFile.objects.exists()


def test_a_new_letter_takes_the_place_of_the_former_one(
    manager, notice, django_capture_on_commit_callbacks
):
    by = make_user(Role.MANAGER)
    former = make_notice_file(notice=notice, file=checked_file("a.txt", "alt\n"), by=by)
    with django_capture_on_commit_callbacks(execute=True):
        make_notice_file(notice=notice, file=checked_file("b.txt", "neu\n"), by=by)
    assert not store.has(former.stored_as)
    assert NoticeFile.objects.get().file_name == "b.txt"

    manager.post(page("notice_letter_drop", notice))
    assert not NoticeFile.objects.exists()


def test_a_letter_that_was_lost_is_told(manager, notice):
    letter = make_notice_file(notice=notice)
    store.forget(letter.stored_as)

    answer = manager.get(page("notice_letter", notice), follow=True)

    assert "in der Ablage nicht zu finden" in answer.content.decode()


def test_a_letter_is_whole():
    letter = make_notice_file()

    with (
        pytest.raises(IntegrityError, match="reports_noticefile_is_whole"),
        transaction.atomic(),
    ):
        NoticeFile.objects.filter(pk=letter.pk).update(sha256="0" * 64)
