"""`manage.py bench`: how much the portal costs beside the bare SQL of the same result."""

import json
import logging

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test.utils import setup_test_environment, teardown_test_environment

from best_portal.bench import portal

BENCHMARKS = {"portal": portal.benchmarks}
LINE = "{name:<48} {portal_ms:>10} ms {reference_ms:>10} ms {ratio:>8} ×"


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
        for name in names or BENCHMARKS:
            for result in measured(BENCHMARKS[name]):
                results.append(result.as_dict())
                if format == "text":
                    self.stdout.write(LINE.format(**results[-1]))
        if format == "json":
            self.stdout.write(json.dumps(results, indent=1, ensure_ascii=False))


def measured(benchmarks):
    """Run benchmarks on a fresh database beside the portal's own, and drop it at the end."""
    logging.disable(logging.INFO)
    setup_test_environment(debug=False)
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield from benchmarks()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()
