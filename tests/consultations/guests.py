"""What the tests of bookings without an account do as a guest, page by page."""

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from best_portal.outbox.models import Letter
from consultations.models import Appointment, OfficeHours

ABOUT, TIMES = reverse("consultations:guest_about"), reverse("consultations:guest_times")
WHO, SENT = reverse("consultations:guest_who"), reverse("consultations:guest_sent")
ROSA = {"name": "Rosa Beispiel", "email": "rosa@beispiel.example", "phone": ""}


def questions(**fields):
    return {"place": "unknown", "stage": "idea", "language": "de", "channel": ""} | fields


def first_time():
    return OfficeHours.objects.next_free_times(1)[0]


def value_of(time):
    return f"{time.office_hours.pk}/{time.starts_at:%Y%m%dT%H%MZ}"


def hold(client, time=None, **fields):
    client.post(ABOUT, questions(**fields))
    return client.post(TIMES, {"time": value_of(time or first_time())})


def ask(client, **fields):
    hold(client)
    return client.post(WHO, ROSA | fields)


def link():
    text = Letter.objects.filter(key__contains=":confirm:").latest("pk").text
    return re.search(r"/termin/[0-9a-f]{64}/", text).group()


def book(client):
    ask(client)
    client.post(link() + "bestaetigen/")
    return Appointment.objects.get()


def run_out():
    Appointment.objects.update(held_until=timezone.now() - timedelta(seconds=1))
