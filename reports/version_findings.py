"""What the check of a report finds in the version that waits to go out: review, age, old data."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.finding import Finding, management
from reports.models import ReportVersion


def blocking(version, by, found):
    """Why this person cannot release this version, besides what its report's data are found with.

    `found` is that. Of a released version only the old data are told, for nobody submits it with
    them.
    """
    if not version.is_released:
        yield from of_newer_release(version)
        yield from of_second_person(version, by)
    elif version.is_submitted:
        return
    yield from of_former_data(version, found)


def to_look_at(version):
    """What was done since this version was made."""
    if version.is_released:
        return
    report = version.report
    if newer := report.versions.newer_than(version):
        yield Finding(
            "newer-version",
            _("There is a newer version of this report: version %(number)s.")
            % {"number": newer.number},
            report.get_absolute_url(),
            management(),
        )
    if report.written_at and report.written_at > version.counted_at:
        yield Finding(
            "texts-since",
            _("The texts have been changed since this version was made. It shows the old ones."),
            reverse("reports:version_new", args=[report.pk]),
            management(),
        )


def of_newer_release(version):
    if newer := ReportVersion.objects.released().newer_than(version):
        yield Finding(
            "newer-release",
            _(
                "Version %(number)s is newer and has been released already. What is missing there "
                "goes into a new version."
            )
            % {"number": newer.number},
            version.report.get_absolute_url(),
            management(),
            blocks=True,
        )


def of_second_person(version, by):
    """A review that is under way, or that the programme wants and nobody else has passed."""
    if review := version.reviews.open().select_related("reviewer").first():
        yield Finding(
            "in-review",
            _("This version is still being reviewed."),
            review.get_absolute_url(),
            review.reviewer.name,
            blocks=True,
        )
    elif version.lacks_second_person(by):
        yield Finding(
            "second-person",
            _(
                "This programme asks for four eyes: have the version reviewed by a second person "
                "before you release it."
            ),
            reverse("reports:review_ask", args=[version.pk]),
            management(),
            blocks=True,
        )


def of_former_data(version, found):
    """What blocked when the version was made, is settled since, and is not in it."""
    there = {each.code for each in found if each.is_open}
    if settled := [code for code in version.blocking_codes() if code not in there]:
        yield Finding(
            "former-data",
            ngettext(
                "Version %(number)s was made while one finding blocked that is settled by now, and "
                "does not show it. Make a new version.",
                "Version %(number)s was made while %(count)d findings blocked that are settled by "
                "now, and does not show it. Make a new version.",
                len(settled),
            )
            % {"number": version.number, "count": len(settled)},
            reverse("reports:version_new", args=[version.report_id]),
            management(),
            blocks=True,
        )
