"""Releasing a version: refused by what the check of its data says blocks, and by nothing else."""

from django.db import transaction

from reports.data_check import hindering
from reports.models import Report
from reports.models.query import turn_of


@transaction.atomic
def release(version, *, by):
    """Publish a draft to its funder, for good; see ReportVersion.publish for who is refused."""
    version.check_draft(by=by)
    # Two releases of one report wait for each other, so that both see the other's version.
    turn_of(version.report_id)
    # Read again, for the check is of what is there now.
    version.report = Report.objects.for_list().get(pk=version.report_id)
    version.publish(by=by, found=hindering(version, by))
