"""Free times and bookings of a full calendar, against bare SQL that gives the same result."""

import random
import uuid
from datetime import time, timedelta
from itertools import islice

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role, User
from best_portal.bench.measure import compare
from best_portal.bench.portal import fetch, get, signed_in
from consultations.models import Absence, Appointment, OfficeHours, Project
from consultations.models.free_times import public_holidays
from consultations.models.office_hours import HORIZON
from enterprises.models import Person

ADVISORS, APPOINTMENTS = 12, 5_000
# Half an hour each from nine to five: sixteen times a day and advisor.
OPENS, CLOSES, MINUTES = time(9), time(17), 30
# What one measured run books.
AT_ONCE = 10

FREE = """
WITH busy AS (
    SELECT advisor_id, range_agg(tstzrange(starts_at, ends_at)) AS periods
    FROM (
        SELECT advisor_id, starts_at, ends_at FROM consultations_appointment
        WHERE status = 'booked' OR status = 'held' AND held_until > now()
        UNION ALL
        SELECT advisor_id, starts_at, ends_at FROM consultations_absence
        UNION ALL
        SELECT c.advisor_id, b.starts_at, b.ends_at
        FROM consultations_busyperiod b JOIN consultations_busycalendar c ON c.id = b.calendar_id
        UNION ALL
        SELECT l.user_id, d.starts_at, d.ends_at
        FROM consultations_groupsessiondate d
        JOIN consultations_groupsession s ON s.id = d.session_id AND s.status = 'published'
        JOIN consultations_groupsession_leaders l ON l.groupsession_id = s.id
    ) AS taken
    WHERE starts_at < %(end)s::date + 1 AND ends_at > %(start)s::date {whose}
    GROUP BY advisor_id
), slots AS (
    SELECT h.id, h.advisor_id, h.slot_minutes * interval '1 minute' AS length,
           (day::date + h.starts_at + n * h.slot_minutes * interval '1 minute')
               AT TIME ZONE 'Europe/Berlin' AS starts_at,
           now() + h.lead_hours * interval '1 hour' AS earliest
    FROM consultations_officehours h
    JOIN accounts_user u ON u.id = h.advisor_id AND u.is_active AND u.role = 'advisor'
    JOIN consultations_project p ON p.id = h.project_id
    JOIN generate_series(%(start)s::date, %(end)s::date, '1 day') AS day
        ON extract(isodow FROM day) = h.weekday
        AND day::date BETWEEN h.starts_on AND coalesce(h.ends_on, 'infinity')
        AND day::date BETWEEN p.starts_on AND p.ends_on
        AND day::date <> ALL (%(holidays)s)
    CROSS JOIN LATERAL generate_series(
        0, extract(epoch FROM h.ends_at - h.starts_at)::int / 60 / h.slot_minutes - 1
    ) AS n
    WHERE NOT h.is_by_agreement {which}
)
SELECT slots.id, slots.starts_at
FROM slots LEFT JOIN busy USING (advisor_id)
WHERE starts_at >= earliest
  AND NOT coalesce(periods && tstzrange(starts_at, starts_at + length), false)
ORDER BY starts_at, slots.id
"""
TURN = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
BOOK = """
INSERT INTO consultations_appointment (
    advisor_id, office_hours_id, project_id, person_id, starts_at, ends_at, channel, place,
    concern, status, uid, sequence, form_key, booked_by_id, booked_at, agreed_at, told_by, mobile
) VALUES (%s, %s, %s, %s, %s, %s, 'office', '', '', 'booked', %s, 0, %s, %s, now(), now(), 'mail',
    '')
RETURNING id
"""
EVENT = """
INSERT INTO audit_event (at, actor_id, verb, subject_type, subject_id, details)
VALUES (now(), %s, 'appointment.booked', 'consultations.appointment', %s, '{}')
"""
LETTER = """
INSERT INTO outbox_letter (
    key, channel, recipient, recipient_name, reader, language, subject, text, html, calendar,
    status, due_at, not_after, attempts, error, created_at
) VALUES (%s, 'mail', %s, %s, '', 'de', 'Ihr Termin ist gebucht', %s, '', %s, 'queued', now(), %s,
    0, '', now())
"""


class Calendar:
    """Twelve advisors, every working day from nine to five, two times in three taken."""

    def __init__(self, appointments=APPOINTMENTS):
        self.today = timezone.localdate()
        self.end = self.today + HORIZON
        self.advisors = [
            User.objects.create_user(
                f"kalender{n}@beispiel.example", name=f"Muster {n}", role=Role.ADVISOR
            )
            for n in range(ADVISORS)
        ]
        self.founder = User.objects.create_user(
            "gruender@beispiel.example", name="Rosa Beispiel", role=Role.FOUNDER
        )
        self.person = Person.objects.of_account(self.founder)
        self.project = Project.objects.create(
            key="kalender",
            name="Messprojekt",
            starts_on=self.today - timedelta(days=365),
            ends_on=self.today + timedelta(days=365),
        )
        OfficeHours.objects.bulk_create(
            OfficeHours(
                advisor=advisor,
                project=self.project,
                weekday=weekday,
                starts_at=OPENS,
                ends_at=CLOSES,
                slot_minutes=MINUTES,
                starts_on=self.project.starts_on,
            )
            for advisor in self.advisors
            for weekday in range(1, 6)
        )
        self.fill(appointments)

    def fill(self, number):
        """Take so many of the times, and let every advisor be away for a day."""
        free = self.free_times()
        for advisor, time_ in zip(self.advisors, free[:: len(free) // ADVISORS], strict=False):
            Absence.objects.create(
                advisor=advisor,
                starts_at=time_.starts_at,
                ends_at=time_.starts_at + timedelta(days=1),
            )
        Appointment.objects.bulk_create(
            Appointment(
                advisor=taken.advisor,
                office_hours=taken.office_hours,
                project=self.project,
                person=self.person,
                starts_at=taken.starts_at,
                ends_at=taken.ends_at,
            )
            for taken in random.Random(1).sample(self.free_times(), number)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def free_times(self):
        return OfficeHours.objects.current().free_times(self.today, self.end)

    def free_in_sql(self, which="", whose="", **parameters):
        holidays = {
            day for year in {self.today.year, self.end.year} for day in public_holidays(year)
        }
        return fetch(
            FREE.format(which=which, whose=whose),
            {"start": self.today, "end": self.end, "holidays": list(holidays)} | parameters,
        )


def benchmarks():
    """Yield one Result after the other."""
    calendar = Calendar()
    shown = [(time_.office_hours.pk, time_.starts_at) for time_ in calendar.free_times()]
    if shown != calendar.free_in_sql():
        raise RuntimeError("The statement finds other free times than the portal.")
    size = f"{ADVISORS} advisors, 8 weeks, {APPOINTMENTS} appointments"
    yield compare(f"free times: {size}", calendar.free_times, calendar.free_in_sql)
    address, client = reverse("consultations:book"), signed_in(calendar.founder)
    yield compare(f"page of free times: {size}", lambda: get(client, address), calendar.free_in_sql)
    yield from booking(calendar)


def booking(calendar):
    # Times for every run of both ways, none twice.
    times = iter(random.Random(2).sample(calendar.free_times(), k=len(calendar.free_times())))
    yield compare(
        f"booking {AT_ONCE} times, one after another",
        lambda: [book(calendar, time_) for time_ in islice(times, AT_ONCE)],
        lambda: [book_in_sql(calendar, time_) for time_ in islice(times, AT_ONCE)],
        per_run=AT_ONCE,
    )
    advisor = calendar.advisors[0]
    client = signed_in(advisor)
    yield compare(
        f"page that books for a caller, {AT_ONCE} times",
        lambda: [book_by_page(calendar, client, time_) for time_ in islice(times, AT_ONCE)],
        lambda: [book_in_sql(calendar, time_) for time_ in islice(times, AT_ONCE)],
        per_run=AT_ONCE,
    )


def book(calendar, free):
    Appointment.objects.book_free_time(
        by=free.advisor,
        office_hours=free.office_hours,
        starts_at=free.starts_at,
        person=calendar.person,
        form_key=uuid.uuid4(),
    )


def book_by_page(calendar, client, free):
    address = reverse("consultations:book_for_time", args=[free.office_hours.pk, free.starts_at])
    response = client.post(
        address,
        {
            "form_key": uuid.uuid4(),
            "person": calendar.person.name,
            "person_choice": calendar.person.pk,
            "language": "de",
            "told_by": "mail",
        },
    )
    if response.status_code != 302:
        raise RuntimeError(f"The time was not booked: {response.status_code}")


@transaction.atomic
def book_in_sql(calendar, free):
    """Wait for the turn, look whether it is free, book, log it, and put both letters out."""
    key, uid, advisor = uuid.uuid4(), uuid.uuid4(), free.advisor
    day = timezone.localdate(free.starts_at)
    with connection.cursor() as cursor:
        cursor.execute(TURN, [str(key)])
        cursor.execute(TURN, [f"advisor-{advisor.pk}"])
        found = calendar.free_in_sql(
            which="AND h.id = %(hours)s",
            whose="AND advisor_id = %(advisor)s",
            start=day,
            end=day,
            hours=free.office_hours.pk,
            advisor=advisor.pk,
        )
        if (free.office_hours.pk, free.starts_at) not in found:
            raise RuntimeError("The time is not free.")
        cursor.execute(
            BOOK,
            [
                *(advisor.pk, free.office_hours.pk, calendar.project.pk, calendar.person.pk),
                *(free.starts_at, free.ends_at, uid, key, advisor.pk),
            ],
        )
        [pk] = cursor.fetchone()
        cursor.execute(EVENT, [advisor.pk, str(pk)])
        for side, person in (("person", calendar.person), ("advisor", advisor)):
            letter = [f"appointment:{uid}:booked:0:{side}", person.email, person.name]
            cursor.execute(LETTER, [*letter, TEXT, CALENDAR, free.starts_at])


# As long as the portal's, and no work: what it costs to write them is the portal's to bear.
TEXT, CALENDAR = "x" * 600, "x" * 1_200
