"""The broker is only a doorbell: where it is dead, a sweep makes good."""

import socket
import time
from datetime import date, timedelta

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.celery import app as celery_app
from reports.models import Report, ReportKind, ReportVersion
from reports.tasks import render_report
from tests.factories import YEAR, make_grant, make_user

pytestmark = pytest.mark.django_db

WHOLE_YEAR = {
    "kind": ReportKind.INTERIM,
    "starts_on": date(YEAR, 1, 1),
    "ends_on": date(YEAR, 12, 31),
}


@pytest.fixture(params=["closed", "hung"])
def dead_broker(request, monkeypatch):
    """A broker that refuses connections, and one that takes them and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if request.param == "hung":
            listener.listen()
        port = listener.getsockname()[1]
        monkeypatch.setattr(celery_app.conf, "broker_write_url", f"redis://127.0.0.1:{port}/0")
        yield


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("dead_broker")
def test_a_dead_broker_neither_fails_nor_delays_and_a_sweep_makes_good():
    manager, grant = make_user(Role.MANAGER), make_grant()
    render_report.ring(0)  # what is imported once in a process is not what this measures
    begun = time.monotonic()

    version = Report.objects.request(by=manager, grant=grant, **WHOLE_YEAR)
    render_report.delay_on_commit(version.pk)

    assert time.monotonic() - begun < 1
    later = timezone.now() - timedelta(minutes=1)
    ReportVersion.objects.filter(pk=version.pk).update(rung_at=later)
    assert ReportVersion.objects.sweep() == [version.pk]
