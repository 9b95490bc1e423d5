"""Reminders by text message: chosen by the person or for them, once, in time, in one message."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.gsm import places
from best_portal.outbox.models import Letter, LetterChannel, LetterStatus
from consultations.models import Appointment, OfficeHours
from consultations.tasks import sweep_appointments
from consultations.text_messages import text_of
from tests.consultations.guests import ROSA, WHO, ask, first_time, hold, link
from tests.factories import (
    BERLIN,
    NINE,
    make_appointment,
    make_founder,
    make_office_hours,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db

NUMBER = "+491701234567"
HOUR = timedelta(hours=1)
LONG = "Nachbarschaftshaus Łódź, Treppenhaus „C“, fünfter Stock links, Zimmer 512, " * 2


def to_come(hours, **fields):
    """An appointment so many hours from now, agreed on long ago, to be reminded of by SMS."""
    fields = {
        "person": make_person(email="muster@beispiel.example"),
        "mobile": NUMBER,
        "agreed_at": timezone.now() - timedelta(days=9),
    } | fields
    return make_appointment(starts_at=timezone.now() + hours * HOUR, **fields)


def texts():
    return Letter.objects.filter(channel=LetterChannel.SMS)


# --- what goes out ---


@pytest.mark.parametrize(
    ("hours", "kind"), [(25, None), (20, "reminder_24h"), (1, "reminder_2h"), (-1, None)]
)
def test_who_chose_sms_is_reminded_there_and_not_by_mail(hours, kind):
    appointment = to_come(hours)

    sweep_appointments()
    sweep_appointments()

    keys = [appointment.reminder_key(kind)] if kind else []
    assert list(Letter.objects.values_list("key", flat=True)) == keys
    assert [letter.recipient for letter in texts()] == [NUMBER] * len(keys)


@pytest.mark.parametrize("told_by", ["letter", "nobody"])
def test_who_only_phones_is_reminded(told_by, text_messages):
    to_come(20, told_by=told_by, person=make_person())

    sweep_appointments()
    Letter.objects.deliver_due()

    assert [message.to for message in text_messages] == [NUMBER]


def test_a_reminder_by_sms_is_never_late(text_messages):
    appointment = to_come(20)
    sweep_appointments()
    assert texts().get().not_after == appointment.starts_at - 2 * HOUR
    Letter.objects.update(not_after=timezone.now())

    Letter.objects.deliver_due()

    assert texts().get().status == LetterStatus.LATE
    assert text_messages == []


def test_staff_who_cancel_tell_by_sms_too_and_pull_the_reminder_back():
    appointment = to_come(20)
    sweep_appointments()

    appointment.cancel(by=appointment.advisor)

    waiting = texts().filter(status=LetterStatus.QUEUED)
    assert [letter.key.split(":")[2] for letter in waiting] == ["cancelled"]
    assert Letter.objects.filter(recipient="muster@beispiel.example", status="queued").count() == 1


def test_staff_who_move_tell_by_sms_too():
    hours = make_office_hours(lead_hours=0)
    new = OfficeHours.objects.next_free_times(9)[-1]
    appointment = to_come(20, advisor=hours.advisor, project=hours.project, office_hours=hours)

    appointment.move(by=hours.advisor, office_hours=hours, starts_at=new.starts_at)

    assert f"{new.starts_at.astimezone(BERLIN):%d.%m.%Y, %H:%M}" in texts().get().text


def test_who_cancels_themself_gets_no_sms_about_it():
    founder = make_founder()
    appointment = to_come(200, person=founder.person)

    appointment.cancel(by=founder)

    assert not texts().exists()


def test_mails_and_text_messages_count_together(settings, text_messages):
    settings.LETTERS_PER_DAY = 2
    person = make_person(email="muster@beispiel.example")
    for hours in (18, 20, 22):
        to_come(hours, person=person, mobile=NUMBER if hours > 18 else "")

    sweep_appointments()
    Letter.objects.deliver_due()

    assert Letter.objects.filter(status=LetterStatus.SENT).count() == 2
    assert Letter.objects.filter(status=LetterStatus.FAILED).count() == 1


def test_where_no_gateway_is_named_reminders_go_by_mail(settings):
    settings.SMS_BACKEND = ""
    to_come(20)
    to_come(20, told_by="nobody")

    sweep_appointments()

    assert [letter.channel for letter in Letter.objects.all()] == [LetterChannel.MAIL]


# --- the text ---


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("what", ["reminder", "cancelled", "moved"])
@pytest.mark.parametrize("place", ["", "Stadtteilbüro", LONG])
def test_a_text_is_one_message_in_the_common_alphabet(settings, what, language, place):
    settings.AGENCY = settings.AGENCY | {"phone": "030 5550123"}
    settings.PUBLIC_URL = "https://portal.best-beispiel.example"
    appointment = make_appointment(
        starts_at=NINE, place=place[:150], concern="Streng vertraulich", mobile=NUMBER
    )

    text = text_of(what, appointment, language=language)

    assert places(text) <= 160
    assert {"de": "Mo 03.06.2030, 09:00", "en": "Mon 03.06.2030, 09:00"}[language] in text
    assert appointment.reference in text
    assert appointment.person.name not in text
    assert "vertraulich" not in text
    assert "&" not in text
    assert ("best-beispiel" if what == "cancelled" else "030 5550123") in text


# --- choosing ---


def test_a_founder_asks_for_it_while_booking(sign_in):
    make_office_hours()
    time = first_time()
    client = sign_in(make_founder())
    address = reverse("consultations:book_time", args=[time.office_hours.pk, time.starts_at])
    form = {
        "form_key": "00000000-0000-4000-8000-000000000001",
        "concern": "Satzung",
        "mobile": "0170 / 123 45 67",
    }

    check = client.post(address, form | {"check": "1"})
    assert NUMBER in check.text
    client.post(address, form | {"book": "1"})

    assert Appointment.objects.get().mobile == NUMBER


@pytest.mark.parametrize("typed", ["030 1234567", "anrufen", "+"])
def test_a_number_that_is_none_gets_a_sentence_and_nothing_typed_is_lost(sign_in, typed):
    make_office_hours()
    time = first_time()
    address = reverse("consultations:book_time", args=[time.office_hours.pk, time.starts_at])

    page = sign_in(make_founder()).post(
        address, {"concern": "Satzung", "mobile": typed, "check": "1"}
    )

    assert page.context["form"].errors["mobile"]
    assert "Satzung" in page.text
    assert not Appointment.objects.exists()


def test_an_advisor_asks_for_it_for_a_caller(sign_in):
    make_office_hours()
    time = first_time()
    address = reverse("consultations:book_for_time", args=[time.office_hours.pk, time.starts_at])
    form = {"name": "Rosa Beispiel", "phone": "030 1", "told_by": "nobody", "mobile": "01701234567"}
    form["form_key"] = "00000000-0000-4000-8000-000000000001"

    sign_in(make_user(Role.MANAGER)).post(address, form)

    assert Appointment.objects.get().mobile == NUMBER


def test_a_guest_asks_for_it_at_their_number(client, hours):
    hold(client)

    client.post(WHO, ROSA | {"phone": "0170 1234567", "sms": "on"})
    assert Appointment.objects.get().mobile == NUMBER
    client.post(WHO, ROSA | {"phone": "0170 1234567"})

    assert Appointment.objects.get().mobile == ""
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("phone", ["", "030 1234567"])
def test_a_guest_without_a_mobile_number_is_told_so(client, hours, phone):
    page = ask(client, phone=phone, sms="on")

    assert page.context["form"].errors["phone"]
    assert Appointment.objects.get().status == "held"


def test_the_link_of_a_guest_changes_it(client, hours):
    ask(client)
    address = f"{link()}sms/"
    client.post(f"{link()}bestaetigen/")
    client.get(address)
    assert Appointment.objects.get().mobile == ""

    client.post(address, {"mobile": "0170 1234567"})

    assert Appointment.objects.get().mobile == NUMBER
    assert NUMBER in client.get(link()).text


@pytest.mark.parametrize("who", ["founder", "advisor"])
def test_the_own_page_and_the_advisor_change_it(sign_in, who):
    founder = make_founder()
    appointment = to_come(100, person=founder.person, mobile="")
    client = sign_in({"founder": founder, "advisor": appointment.advisor}[who])
    address = reverse("consultations:sms", args=[appointment.pk])
    assert address in client.get(appointment.get_absolute_url()).text

    client.post(address, {"mobile": "0170 1234567"})
    page = client.get(appointment.get_absolute_url())
    assert NUMBER in page.text
    client.post(address, {"mobile": ""})

    appointment.refresh_from_db()
    assert appointment.mobile == ""
    verbs = [event.verb for event in Event.objects.about(appointment)]
    assert sorted(verbs) == ["appointment.sms_chosen", "appointment.sms_dropped"]
    assert not any(NUMBER in str(event.details) for event in Event.objects.all())


def test_a_colleague_cannot_change_it(sign_in):
    address = reverse("consultations:sms", args=[to_come(100).pk])

    assert sign_in(make_user()).post(address, {"mobile": ""}).status_code == 404


def test_what_is_over_has_no_reminder_to_choose(sign_in, english):
    appointment = to_come(-1)
    client = sign_in(appointment.advisor)

    client.post(reverse("consultations:sms", args=[appointment.pk]), {"mobile": ""})

    appointment.refresh_from_db()
    assert appointment.mobile == NUMBER
    with pytest.raises(ValidationError, match="no reminder"):
        appointment.remind_by_sms(by=appointment.advisor, mobile="")


def test_without_a_gateway_nobody_is_asked(client, sign_in, hours, settings):
    settings.SMS_BACKEND = ""
    appointment = to_come(100)
    hold(client)

    assert 'name="sms"' not in client.get(WHO).text
    staff = sign_in(appointment.advisor)
    address = reverse("consultations:sms", args=[appointment.pk])
    assert address not in staff.get(appointment.get_absolute_url()).text
    assert staff.get(address).status_code == 404
    time = first_time()
    page = staff.get(
        reverse("consultations:book_for_time", args=[time.office_hours.pk, time.starts_at])
    )
    assert 'name="mobile"' not in page.text


def test_the_advisor_sees_what_was_sent(sign_in):
    appointment = to_come(20)
    sweep_appointments()
    Letter.objects.deliver_due()

    page = sign_in(appointment.advisor).get(appointment.get_absolute_url())

    assert re.search(re.escape(NUMBER) + r"\s+\(SMS\)", page.text)


def test_a_number_in_the_database_is_international():
    with pytest.raises(IntegrityError, match="consultations_appointment_mobile_is_international"):
        make_appointment(mobile="0170 1234567")
