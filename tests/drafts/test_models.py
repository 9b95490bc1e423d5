"""Drafts: no window writes over another, what was sent is forgotten, nothing stays for ever."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from best_portal.drafts.models import KEPT_FOR, LONGEST, MOST, SETTLED_FOR, Draft, DraftStatus
from best_portal.drafts.slips import Slip
from best_portal.drafts.tasks import forget_drafts
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PAGE = "/beratungen/neu/"


@pytest.fixture
def user():
    return make_user()


def slip(user, **fields):
    return Slip(user.pk, fields.pop("address", PAGE), fields.pop("window", uuid.uuid4()), **fields)


def keep(window, text, step=1):
    return Draft.objects.keep(window, {"note": [text]}, step=step)


def notes():
    return sorted(draft.fields["note"][0] for draft in Draft.objects.open())


def test_the_newest_save_of_a_window_counts(user):
    window = slip(user)

    keep(window, "Guten", step=1)
    keep(window, "Guten Tag", step=2)

    assert notes() == ["Guten Tag"]


def test_a_save_that_was_overtaken_changes_nothing(user):
    window = slip(user)

    keep(window, "Guten Tag", step=2)
    keep(window, "Guten", step=1)

    assert notes() == ["Guten Tag"]


def test_two_windows_have_two_drafts(user):
    keep(slip(user), "Erstes")
    keep(slip(user), "Zweites")

    assert notes() == ["Erstes", "Zweites"]


def test_a_window_that_goes_on_from_a_draft_takes_it_over(user):
    before = keep(slip(user), "Guten", step=7)

    keep(slip(user, follows=before.window, step=7), "Guten Tag", step=1)

    assert notes() == ["Guten Tag"]
    assert Draft.objects.get().pk == before.pk


def test_of_two_windows_that_go_on_from_one_draft_both_texts_stay(user):
    before = keep(slip(user), "Guten", step=7)

    keep(slip(user, follows=before.window, step=7), "Guten Tag")
    keep(slip(user, follows=before.window, step=7), "Guten Abend")

    assert notes() == ["Guten Abend", "Guten Tag"]


def test_what_the_first_window_wrote_since_is_not_taken_over(user):
    first = slip(user)
    keep(first, "Guten", step=7)
    second = slip(user, follows=first.window, step=7)

    keep(first, "Guten Morgen", step=8)
    keep(second, "Guten Tag")

    assert notes() == ["Guten Morgen", "Guten Tag"]


def test_what_was_sent_is_forgotten_and_a_late_save_does_not_bring_it_back(user):
    window = slip(user)
    keep(window, "Guten Tag", step=3)

    Draft.objects.settle(window)
    late = keep(window, "Guten Tag", step=4)

    assert notes() == []
    assert (late.status, late.fields, late.words) == (DraftStatus.SENT, {}, "")


def test_a_form_sent_before_its_first_save_stays_settled(user):
    window = slip(user)

    Draft.objects.settle(window)
    keep(window, "Guten Tag", step=1)

    assert notes() == []


def test_sending_a_resumed_form_forgets_the_draft_it_came_from(user):
    before = keep(slip(user), "Guten Tag", step=2)

    Draft.objects.settle(slip(user, follows=before.window, step=2))

    assert notes() == []


def test_sending_leaves_what_another_window_wrote_since(user):
    first = slip(user)
    keep(first, "Guten", step=1)
    second = slip(user, follows=first.window, step=1)
    keep(first, "Guten Morgen", step=2)

    Draft.objects.settle(second)

    assert notes() == ["Guten Morgen"]


def test_windows_of_two_people_never_meet(user):
    window = slip(user)
    stranger = Slip(make_user().pk, PAGE, window.window, follows=window.window, step=1)
    keep(window, "Meins", step=1)

    keep(stranger, "Deins", step=1)
    Draft.objects.settle(stranger)

    assert notes() == ["Meins"]


def test_what_is_longer_than_any_form_is_refused(user):
    with pytest.raises(ValidationError, match="too long"):
        keep(slip(user), "x" * (LONGEST + 1))


def test_nobody_has_endless_drafts(user):
    for n in range(MOST):
        keep(slip(user), f"{n}")

    with pytest.raises(ValidationError, match="too many drafts"):
        keep(slip(user), "Noch einer")
    assert keep(slip(make_user()), "Von jemand anderem").pk


def test_a_discarded_draft_can_be_taken_back_once(user):
    draft = keep(slip(user), "Guten Tag")

    draft.discard()
    assert notes() == []
    with pytest.raises(ValidationError, match="already"):
        draft.discard()

    draft.take_back()
    assert notes() == ["Guten Tag"]
    with pytest.raises(ValidationError, match="already"):
        draft.take_back()


def test_a_discarded_draft_is_not_written_any_more(user):
    window = slip(user)
    keep(window, "Guten Tag", step=1).discard()

    keep(window, "Guten Tag zusammen", step=2)

    assert notes() == []


def test_a_text_nobody_touched_for_thirty_days_is_deleted(user):
    old, young = keep(slip(user), "Alt"), keep(slip(user), "Jung")
    now = timezone.now()
    Draft.objects.filter(pk=old.pk).update(saved_at=now - KEPT_FOR - timedelta(minutes=1))
    Draft.objects.filter(pk=young.pk).update(saved_at=now - KEPT_FOR + timedelta(minutes=1))

    forget_drafts()

    assert notes() == ["Jung"]


def test_what_was_sent_or_discarded_is_deleted_after_a_day(user):
    for n in range(2):
        sent, discarded = slip(user), keep(slip(user), f"{n}")
        Draft.objects.settle(sent)
        discarded.discard()
        if n == 0:
            yesterday = timezone.now() - SETTLED_FOR - timedelta(minutes=1)
            Draft.objects.update(saved_at=yesterday)

    forget_drafts()

    assert sorted(Draft.objects.values_list("status", flat=True)) == ["discarded", "sent"]


def test_an_account_takes_its_drafts_along(user):
    keep(slip(user), "Guten Tag")

    user.delete()

    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"status": "halb"}, "drafts_draft_status_is_known"),
        ({"status": "sent", "fields": {"note": ["x"]}}, "drafts_draft_sent_keeps_no_text"),
        ({"status": "sent", "words": "x"}, "drafts_draft_sent_keeps_no_text"),
        ({"status": "sent", "title": "x"}, "drafts_draft_sent_keeps_no_text"),
        ({"address": "https://anderswo.example/"}, "drafts_draft_is_of_our_pages"),
        ({"address": "//anderswo.example/"}, "drafts_draft_is_of_our_pages"),
    ],
)
def test_what_cannot_be_is_refused_by_the_database(user, fields, constraint):
    row = Draft(**{"user": user, "address": PAGE, "window": uuid.uuid4()} | fields)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        row.save()


def test_a_window_has_one_draft(user):
    window = uuid.uuid4()
    Draft.objects.create(user=user, address=PAGE, window=window)

    with pytest.raises(IntegrityError, match="drafts_draft_one_per_window"), transaction.atomic():
        Draft.objects.create(user=user, address=PAGE, window=window)
