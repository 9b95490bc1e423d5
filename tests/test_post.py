"""The post: the manager decides about letters nobody knows about, and nobody else does."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import LetterStatus
from tests.factories import make_letter, make_user

pytestmark = pytest.mark.django_db


def test_letters_to_decide_about_are_listed(sign_in):
    make_letter(subject="Unklar", status=LetterStatus.STUCK)
    make_letter(subject="Angekommen", status=LetterStatus.SENT, sent_at=timezone.now())

    page = sign_in(make_user(Role.MANAGER)).get(reverse("letters"))

    assert "Unklar" in page.text
    assert "Angekommen" not in page.text


@pytest.mark.parametrize(
    ("name", "status"),
    [("letter_send_again", LetterStatus.QUEUED), ("letter_drop", LetterStatus.WITHDRAWN)],
)
def test_the_manager_decides(sign_in, name, status):
    letter = make_letter(status=LetterStatus.STUCK)

    sign_in(make_user(Role.MANAGER)).post(reverse(name, args=[letter.pk]))

    letter.refresh_from_db()
    assert letter.status == status


def test_what_is_decided_already_is_said_and_stays(sign_in):
    letter = make_letter()

    page = sign_in(make_user(Role.MANAGER)).post(
        reverse("letter_drop", args=[letter.pk]), follow=True
    )

    assert page.status_code == 200
    letter.refresh_from_db()
    assert letter.status == LetterStatus.QUEUED


def test_a_letter_whose_time_is_over_cannot_be_sent_again(sign_in):
    over = timezone.now() - timedelta(hours=1)
    letter = make_letter(status=LetterStatus.LATE, not_after=over)

    sign_in(make_user(Role.MANAGER)).post(reverse("letter_send_again", args=[letter.pk]))

    letter.refresh_from_db()
    assert letter.status == LetterStatus.LATE


@pytest.mark.parametrize("role", [r for r in Role if r != Role.MANAGER])
def test_nobody_else_opens_the_post(sign_in, role):
    letter = make_letter(status=LetterStatus.STUCK)
    client = sign_in(make_user(role))

    assert client.get(reverse("letters")).status_code == 403
    for name in ("letter_send_again", "letter_drop"):
        assert client.post(reverse(name, args=[letter.pk])).status_code == 403
    assert client.get("/post/999999/verwerfen/").status_code in (403, 405)
