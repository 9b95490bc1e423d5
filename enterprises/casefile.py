"""The case file: all that is known of one organisation, as far as the reader may see it."""

from django.urls import reverse
from django.utils import timezone

from enterprises.models import Criterion

LATEST = 20


def casefile(organisation, user):
    """What the page of an organisation shows.

    Consultations, cases and appointments are asked through the relations their apps have tied to
    the organisation, each through the reader's eyes.
    """
    context = {
        "organisation": organisation,
        "is_staff": user.is_staff_member,
        "stages": organisation.stages.all(),
        "criteria": criteria(organisation),
        "income_mixes": organisation.income_mixes.with_rate(),
        "jobs": organisation.jobs.all(),
        "involvements": organisation.involvements.select_related("person").order_by(
            "person__sort_name", "role"
        ),
        "memberships": organisation.memberships.select_related("member").order_by(
            "member__sort_name"
        ),
        "memberships_elsewhere": organisation.memberships_elsewhere.select_related("group"),
        "full_time": sum(job.fte for job in organisation.jobs.filled_on(timezone.localdate())),
        "appointments": organisation.appointments.visible_to(user).upcoming().for_agenda(),
    }
    consultations = organisation.consultations.visible_to(user)
    context["totals"] = consultations.totals()
    context["consultations"] = consultations.newest_first().for_list()[:LATEST]
    if user.is_staff_member:
        context["rows_url"] = f"{reverse('consultations:list')}?organisation={organisation.pk}"
        context["cases"] = organisation.cases.visible_to(user).select_related("project", "advisor")
    return context


def criteria(organisation):
    """Each criterion with the assessment that counts today and the earlier ones."""
    today, found = timezone.localdate(), {}
    for assessment in organisation.assessments.order_by("-assessed_on"):
        found.setdefault(assessment.criterion, []).append(assessment)
    return [
        {
            "label": label,
            "current": next(
                (one for one in found.get(criterion, []) if one.assessed_on <= today), None
            ),
            "all": found.get(criterion, []),
        }
        for criterion, label in Criterion.choices
    ]
