"""Printing: a report with a very long list against one plain run, and workers side by side."""

import os
import resource
import subprocess
import sys
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from best_portal.bench.crowd import FIRST_DAY, LAST_DAY, Crowd
from best_portal.bench.measure import Result, seconds
from consultations.models import Consultation
from reports import paper, pdf
from reports.document import Document
from reports.models import Report, ReportKind, ReportVersion
from reports.production import produce

ROWS = 4_000
SHORT_REPORTS = 20
# What plain WeasyPrint may take, so that it comes to an end whatever it costs.
NO_LIMITS = pdf.Limits(memory=16 * 2**30, cpu=900, wall=900)


def benchmarks():
    """Yield one Result after the other."""
    crowd = Crowd(ROWS)
    yield from long_list(crowd)
    yield side_by_side(crowd)


def long_list(crowd):
    """The whole production, counting and storing included, beside the mere printing."""
    took = seconds(lambda: make(crowd, LAST_DAY))
    peak = peak_mib()
    one_row = Consultation.objects.order_by("held_on", "pk")[ROWS // 2]
    Consultation.objects.filter(pk=one_row.pk).update(minutes=one_row.minutes + 1)
    again = seconds(lambda: make(crowd, LAST_DAY))
    newest = ReportVersion.objects.latest("pk")
    plain = plain_run(Document.from_json(bytes(newest.document.json).decode()))
    name = f"a report with {ROWS:,} rows"
    yield Result(f"{name}, beside plain WeasyPrint", took, plain, peak_mib=peak)
    yield Result(f"{name}, again after a changed row", again, plain)


def make(crowd, ends_on):
    version = request(crowd, ends_on)
    claimed = ReportVersion.objects.claim(version.pk)
    claimed.finish(produce(claimed, claimed.enter), seconds=1)


def request(crowd, ends_on):
    return Report.objects.request(
        by=crowd.manager,
        grant=crowd.grant,
        kind=ReportKind.INTERIM,
        starts_on=FIRST_DAY,
        ends_on=ends_on,
        change_note="Gemessen",
    )


def peak_mib():
    """The most memory that this process or one it has waited for has taken so far."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(each).ru_maxrss for each in who) // 1024


def plain_run(document):
    """Seconds of WeasyPrint alone for the same list in one piece."""
    sheet = paper.typeset(document)
    with TemporaryDirectory() as name:
        pdf.lay_out(
            name,
            sheet.html,
            title="Gemessen",
            identifier="plain",
            created=document.generated_at,
            attachments=sheet.attachments,
            pictures=sheet.pictures,
            limits=NO_LIMITS,
        )
        return seconds(lambda: run("plain", name, check=True))


def side_by_side(crowd):
    """Short reports, all queued at once: two workers beside one."""
    both = worked(crowd, workers=2)
    alone = worked(crowd, workers=1)
    return Result(f"{SHORT_REPORTS} reports at once, two workers beside one", both, alone)


def worked(crowd, workers):
    """Seconds until as many workers have made all reports."""
    ReportVersion.objects.all().delete()
    days = sorted(set(Consultation.objects.values_list("held_on", flat=True)))
    keys = [str(request(crowd, day).pk) for day in days[60 : 60 + SHORT_REPORTS]]
    started = [start("worker", *keys) for _ in range(workers)]
    for process in started:
        process.stdout.readline()  # it says that it is ready

    def work():
        for process in started:
            process.stdin.close()
        for process in started:
            if process.wait():
                raise RuntimeError("A worker of the benchmark broke off.")

    took = seconds(work)
    if ReportVersion.objects.filter(pk__in=keys).readable().count() != SHORT_REPORTS:
        raise RuntimeError("Not every report was made.")
    return took


def start(part, *arguments):
    return subprocess.Popen(
        command(part, *arguments),
        env=environment(),
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


def run(part, *arguments, check):
    subprocess.run(command(part, *arguments), env=environment(), cwd=settings.BASE_DIR, check=check)


def command(part, *arguments):
    return [sys.executable, "-m", f"best_portal.bench.{part}", *arguments]


def environment():
    """Where a process of this benchmark finds its database."""
    address = urlsplit(os.environ["DATABASE_URL"])
    return os.environ | {
        "DATABASE_URL": address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    }
