"""The benchmarks measure the same result both ways, on a database of their own."""

import pytest
from django.core.management import CommandError, call_command

from best_portal.bench import portal
from best_portal.bench.crowd import FIRST_DAY, LAST_DAY, Crowd
from best_portal.bench.measure import WARM_UP, Result, compare
from consultations.models import Consultation


def test_a_ratio_is_the_portals_time_over_the_references():
    assert Result("twice the work", portal=0.5, reference=0.25).as_dict() == {
        "name": "twice the work",
        "portal_ms": 500.0,
        "reference_ms": 250.0,
        "ratio": 2.0,
    }


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
