"""What accounting adds to the page of a project: what must go on after the money."""

from django.urls import reverse

from reports.models import CoordinatingTask


def continuity_of(project, user):
    """The coordinating tasks, and those that alarm; for the staff only."""
    if not user.is_staff_member:
        return None
    tasks = CoordinatingTask.objects.visible_to(user).filter(project=project)
    return {
        "number": tasks.count(),
        "open": tasks.unsettled().count(),
        "alarming": tasks.alarming().count(),
        "href": reverse("reports:continuity", args=[project.key]),
    }


PARTS = [("reports/_continuity_here.html", continuity_of)]
