"""Whoever wanted to be erased is told what was decided, once, and then forgotten."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import NOBODY, UNSENT_KEPT, Letter, LetterStatus
from best_portal.privacy.erasing import KeptKind
from best_portal.privacy.tasks import finish_erasures
from tests.factories import (
    make_erasure_request,
    make_founder,
    make_organisation,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db

NAME, EMAIL = "Zkvorname Zknachname", "zkpost@muster.example"


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def wish():
    organisation = make_organisation(name="Nähstube Muster", kind="association")
    founder = make_founder(organisation, name=NAME, email=EMAIL)
    return make_erasure_request(person=founder.person, words="Bitte alles löschen.")


def letter_of(wish):
    return Letter.objects.get(key__startswith=f"erasure:{wish.pk}:")


def test_who_is_refused_reads_the_reason(wish, manager):
    wish.refuse(by=manager, reason="Ein Zuschuss läuft bis 2027.")

    letter = letter_of(wish)
    assert (letter.recipient, letter.recipient_name, letter.status) == (EMAIL, NAME, "queued")
    assert "Ein Zuschuss läuft bis 2027." in letter.text
    assert "Datenschutzaufsicht" in letter.text
    Letter.objects.deliver_due()
    letter.refresh_from_db()
    assert (letter.recipient, letter.status) == (EMAIL, "sent")


def test_who_is_erased_is_told_at_the_address_they_had_and_then_forgotten(wish, manager):
    wish.carry_out(by=manager, keep=[(KeptKind.AID, "Nachweis der Beihilfe", date(2035, 1, 1))])

    Letter.objects.deliver_due()

    [sent] = mail.outbox
    assert sent.to == [f"{NAME} <{EMAIL}>"] or EMAIL in sent.to[0]
    assert "Guten Tag" in sent.body
    assert "Nachweis der Beihilfe" in sent.body
    assert "1. Januar 2035" in sent.body
    letter = letter_of(wish)
    assert (letter.status, letter.recipient) == (LetterStatus.SENT, NOBODY)
    assert (letter.recipient_name, letter.reader, letter.text) == ("", "", "")
    assert NAME not in letter.subject


def test_nobody_is_told_twice(wish, manager):
    wish.carry_out(by=manager)
    Letter.objects.deliver_due()

    with pytest.raises(ValidationError):
        wish.carry_out(by=manager)
    with pytest.raises(ValidationError):
        wish.refuse(by=manager, reason="Doch nicht")
    Letter.objects.deliver_due()

    assert len(mail.outbox) == 1
    assert Letter.objects.filter(key__startswith="erasure:").count() == 1


def test_a_decision_that_fails_tells_nobody(wish, manager):
    with pytest.raises(ValidationError):
        wish.refuse(by=manager, reason="  ")
    with pytest.raises(ValidationError):
        wish.carry_out(by=manager, keep=[(KeptKind.AID, "", date(2035, 1, 1))])

    assert not Letter.objects.filter(key__startswith="erasure:").exists()


def test_a_wish_taken_back_needs_no_letter(wish):
    wish.withdraw(by=wish.asked_by)

    assert not Letter.objects.filter(key__startswith="erasure:").exists()


def test_the_letter_speaks_the_persons_language(wish, manager):
    wish.person.language = "en"
    wish.person.save()

    wish.refuse(by=manager, reason="Still needed")

    letter = letter_of(wish)
    assert letter.subject == "Your wish to be erased"
    assert "Good day" in letter.text


def test_without_an_address_there_is_no_letter_and_the_page_says_so_before(sign_in, manager):
    wish = make_erasure_request(person=make_person(name=NAME, email=""))

    assert "Keine Mail erreicht die Person" in sign_in(manager).get(wish.get_absolute_url()).text
    wish.carry_out(by=manager)
    assert not Letter.objects.filter(key__startswith="erasure:").exists()


def test_the_page_names_the_address_before_the_decision(sign_in, wish, manager):
    assert EMAIL in sign_in(manager).get(wish.get_absolute_url()).text


def test_a_letter_that_was_dropped_or_never_went_out_is_forgotten_too(wish, manager):
    wish.carry_out(by=manager)
    letter = letter_of(wish)
    Letter.objects.filter(pk=letter.pk).update(status=LetterStatus.FAILED)
    finish_erasures()
    letter.refresh_from_db()
    assert letter.recipient == EMAIL

    letter.drop(by=manager)
    letter.refresh_from_db()
    assert (letter.recipient, letter.text) == (NOBODY, "")

    long_ago = timezone.now() - UNSENT_KEPT - timedelta(days=1)
    Letter.objects.filter(pk=letter.pk).update(
        status=LetterStatus.FAILED, recipient=EMAIL, created_at=long_ago
    )
    finish_erasures()
    letter.refresh_from_db()
    assert (letter.recipient, letter.status) == (NOBODY, LetterStatus.WITHDRAWN)


def test_the_manager_decides_on_the_page_and_the_letter_is_queued(sign_in, wish, manager):
    sign_in(manager).post(
        reverse("privacy:erasure_refuse", args=[wish.pk]), {"reason": "Wegen der Prüfung"}
    )

    assert "Wegen der Prüfung" in letter_of(wish).text
