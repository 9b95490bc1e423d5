"""The benchmarks measure the same result both ways, on a database of their own."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from best_portal.audit.models import Event
from best_portal.bench import booking, directory, figures, logbook, portal, search
from best_portal.bench.crowd import FIRST_DAY, LAST_DAY, Crowd
from best_portal.bench.measure import WARM_UP, Result, compare
from best_portal.outbox.models import Letter
from best_portal.search.finding import find
from consultations.models import Appointment, Consultation
from enterprises.models import Entry


def test_a_ratio_is_the_portals_time_over_the_references():
    assert Result("twice the work", portal=0.5, reference=0.25).as_dict() == {
        "name": "twice the work",
        "portal_ms": 500.0,
        "reference_ms": 250.0,
        "ratio": 2.0,
    }


def test_of_many_in_one_run_the_pace_is_told():
    assert Result("ten", portal=0.5, reference=0.25, per_run=10).as_dict()["per_second"] == 20


def test_both_ways_run_equally_often():
    calls = []

    compare("counted", lambda: calls.append("portal"), lambda: calls.append("bare"), runs=3)

    assert calls.count("portal") == calls.count("bare") == WARM_UP + 3


def test_an_unknown_benchmark_is_named():
    with pytest.raises(CommandError, match="no benchmark muster"):
        call_command("bench", "muster")


@pytest.mark.django_db
def test_a_small_crowd_is_what_the_portal_would_have_stored(monkeypatch):
    monkeypatch.setattr(Crowd, "tidy", lambda self: None)  # VACUUM wants no transaction
    crowd = Crowd(40)

    for consultation in Consultation.objects.all():
        consultation.full_clean()

    assert Consultation.objects.between(FIRST_DAY, LAST_DAY).count() == crowd.rows == 40
    assert portal.fetch(portal.TOTALS.format(where="")) == [
        tuple(Consultation.objects.visible_to(crowd.manager).totals().values())
    ]


@pytest.mark.django_db
def test_the_report_counts_what_the_statements_beside_it_count(monkeypatch):
    monkeypatch.setattr(Crowd, "tidy", lambda self: None)
    crowd = Crowd(6_000)
    portals = figures.Portal(crowd.grant, *figures.YEAR)

    figures.check(portals, figures.Plain(crowd.grant, *figures.YEAR))

    in_period, since_the_start = zip(*portals.figures(), strict=True)
    assert all(figure.value > 0 for figure in in_period)
    for part, whole in zip(in_period, since_the_start, strict=True):
        assert whole.value >= part.value


@pytest.mark.django_db
def test_a_wrong_number_stops_the_benchmark(monkeypatch):
    monkeypatch.setattr(Crowd, "tidy", lambda self: None)
    crowd = Crowd(2_000)
    monkeypatch.setitem(figures.LINES, "areas", figures.LINES["groups"])

    with pytest.raises(RuntimeError, match="breakdowns"):
        figures.check(
            figures.Portal(crowd.grant, *figures.YEAR), figures.Plain(crowd.grant, *figures.YEAR)
        )


@pytest.mark.django_db
def test_the_statement_beside_the_free_times_finds_the_same():
    calendar = booking.Calendar(appointments=300)

    shown = [(time.office_hours.pk, time.starts_at) for time in calendar.free_times()]

    assert shown == calendar.free_in_sql()
    assert Appointment.objects.count() == 300


@pytest.mark.django_db
def test_a_booking_by_statement_leaves_what_a_booking_leaves():
    calendar = booking.Calendar(appointments=20)
    first, second, *_others = calendar.free_times()

    booking.book(calendar, first)
    booking.book_in_sql(calendar, second)

    mine, theirs = Appointment.objects.order_by("-pk")[:2]
    assert {mine.starts_at, theirs.starts_at} == {first.starts_at, second.starts_at}
    for made in (mine, theirs):
        assert Event.objects.about(made).get().verb == "appointment.booked"
        assert Letter.objects.about(made.letters_key).count() == 2
    with pytest.raises(RuntimeError, match="not free"):
        booking.book_in_sql(calendar, second)


@pytest.mark.django_db
def test_forty_questions_find_something_in_a_crowd(monkeypatch):
    monkeypatch.setattr(Crowd, "tidy", lambda self: None)
    crowd = Crowd(2_000)
    search.write()

    unanswered = [each for each in search.QUESTIONS if not find(crowd.advisors[0], each)]

    assert len(search.QUESTIONS) == 40
    assert unanswered == []


@pytest.mark.django_db
def test_the_statements_of_a_search_are_what_it_asks(monkeypatch):
    monkeypatch.setattr(Crowd, "tidy", lambda self: None)
    crowd = Crowd(200)
    search.write()

    statements = search.asked_of_the_database(crowd.advisors[0], "bescheid")

    assert len(statements) >= 4
    search.replay(statements)


@pytest.mark.django_db
def test_the_directory_measured_is_one_the_portal_shows(monkeypatch):
    monkeypatch.setattr(directory, "ENTRIES", 40)
    monkeypatch.setattr(directory, "tidy", lambda: None)

    areas = directory.fill()

    for entry in Entry.objects.all():
        entry.full_clean()
    assert Entry.objects.public().count() == 40
    result = directory.slowest("areas", Client(), [area.get_absolute_url() for area in areas[:2]])
    assert result.portal > result.reference > 0


def test_the_log_measured_is_read_whole():
    log = logbook.read(logbook.file_of(400))

    assert [(entry.row, entry.note) for entry in log.entries][-1] == (401, "Notiz 400")
    assert len(log.entries) == 400
    assert not log.problems
