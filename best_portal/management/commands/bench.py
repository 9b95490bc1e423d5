"""`manage.py bench`: how much the portal costs beside the bare SQL of the same result."""

import json
import logging

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import override_settings

from best_portal.bench import booking, directory, logbook, portal, printing, reports, search

# Each on a database of its own.
BENCHMARKS = {
    "booking": [booking.benchmarks],
    "directory": [directory.benchmarks],
    "portal": [logbook.benchmarks, portal.benchmarks],
    "reports": [printing.benchmarks, reports.benchmarks],
    "search": [search.benchmarks],
}
NO_LETTERS = "django.core.mail.backends.dummy.EmailBackend"
LINE = "{name:<72} {portal_ms:>10} ms {reference_ms:>10} ms {ratio:>8} ×"


def besides(result):
    """What some results say besides their times."""
    pace = f"{result['per_second']:>8}/s" if "per_second" in result else ""
    return pace + (f"{result['peak_mib']:>8} MiB" if "peak_mib" in result else "")


class Command(BaseCommand):
    help = "Measure the portal on a database of its own, which is dropped afterwards."

    def add_arguments(self, parser):
        parser.add_argument("names", nargs="*", help=f"which: {', '.join(BENCHMARKS)} (all)")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, names, format, **options):
        if unknown := set(names) - set(BENCHMARKS):
            raise CommandError(
                f"There is no benchmark {', '.join(sorted(unknown))}; "
                f"there are: {', '.join(BENCHMARKS)}."
            )
        if not settings.DEMO:
            raise CommandError("Benchmarks sign in without a code: set DEMO=1, and never for real.")
        results = []
        chosen = [each for name in names or BENCHMARKS for each in BENCHMARKS[name]]
        for benchmarks in chosen:
            for result in measured(benchmarks):
                results.append(result.as_dict())
                if format == "text":
                    self.stdout.write(LINE.format(**results[-1]) + besides(results[-1]))
        if format == "json":
            self.stdout.write(json.dumps(results, indent=1, ensure_ascii=False))


def measured(benchmarks):
    """Run benchmarks on a fresh database beside the portal's own, and drop it at the end."""
    logging.disable(logging.INFO)
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        # Not Django's test environment: it copies the context of every template that is rendered.
        with override_settings(DEBUG=False, EMAIL_BACKEND=NO_LETTERS):
            yield from benchmarks()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
