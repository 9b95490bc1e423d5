"""`python -m best_portal.bench.worker KEY ...`: make versions of reports as a worker does.

It says "ready", waits until its input ends, and then takes what no other worker has taken.
"""

import logging
import sys

import django


def main(keys):
    django.setup()
    from reports.tasks import render_report  # needs Django

    logging.disable(logging.INFO)
    print("ready", flush=True)
    sys.stdin.read()
    for key in keys:
        render_report(int(key))


if __name__ == "__main__":
    main(sys.argv[1:])
