"""The case file: all that is known of one organisation, as far as the reader may see it."""

from datetime import timedelta

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Beneficiary, Criterion, Operation
from enterprises.timeline import panels

LATEST = 20


def casefile(organisation, user):
    """What the page of an organisation shows besides its timeline.

    Consultations, cases and appointments are asked through the relations their apps have tied to
    the organisation, each through the reader's eyes. How an app adds more: `enterprises.timeline`.
    """
    context = {
        "organisation": organisation,
        "is_staff": user.is_staff_member,
        "stages": organisation.stages.all(),
        "criteria": criteria(organisation),
        "income_mixes": organisation.income_mixes.valid().with_rate(),
        "jobs": organisation.jobs.valid(),
        "sizes": organisation.size_declarations.valid(),
        "innovations": organisation.innovations.valid(),
        "involvements": with_hours(
            organisation.involvements.valid().select_related("person")
        ).order_by("person__sort_name", "role"),
        "minutes_in_groups": organisation.attendances.valid().total_minutes(),
        "memberships": organisation.memberships.valid()
        .select_related("member")
        .order_by("member__sort_name"),
        "memberships_elsewhere": organisation.memberships_elsewhere.valid().select_related("group"),
        "full_time": sum(
            job.fte for job in organisation.jobs.valid().filled_on(timezone.localdate())
        ),
        "appointments": organisation.appointments.visible_to(user).upcoming().for_agenda(),
        "barring": organisation.visits.visible_to(user).barring().newest_first().first(),
    }
    funding = Operation.objects.visible_to(user).current().received_by([organisation])
    context["funding"] = funding.for_list().newest_first()[:LATEST]
    context["funding_totals"] = funding.totals()
    consultations = organisation.consultations.visible_to(user)
    context["totals"] = consultations.totals()
    year_ago = timezone.localdate() - timedelta(days=365)
    recent = consultations.between(year_ago, timezone.localdate())
    context["next_step"] = recent.with_next_step().newest_first().first()
    context["panels"] = panels(organisation, user)
    if user.is_staff_member:
        context["rows_url"] = f"{reverse('consultations:list')}?organisation={organisation.pk}"
        context["funding_url"] = (
            f"{reverse('enterprises:operations')}?organisation={organisation.pk}"
        )
        context["on_lists"] = Beneficiary.objects.unsettled().called_like(organisation)
        context["cases"] = organisation.cases.visible_to(user).select_related(
            "project", "advisor", "carried_on_from__project"
        )
    context["parts"] = parts(context)
    return context


def parts(context):
    """The parts of the page as (id, title), in the order in which they stand on it."""
    organisation = context["organisation"]
    panels = [panel for panel, _given in context["panels"] if not panel.is_notice]
    found = [
        ("timeline", _("Timeline"), True),
        ("criteria", _("The four criteria"), True),
        ("income", _("Income mix"), True),
        ("jobs", _("Jobs"), True),
        ("size", _("Size"), True),
        ("innovations", _("Innovations"), True),
        ("funding", _("Public money received"), context["funding"] or context.get("on_lists")),
        *((panel.name, panel.title, panel.is_wide) for panel in panels),
        ("who", _("Who they are"), True),
        ("stage", _("Stage"), True),
        ("cases", _("Support cases"), context["is_staff"]),
        ("people", _("People"), True),
        ("members", _("Members"), organisation.has_members or context["memberships"]),
        *((panel.name, panel.title, not panel.is_wide) for panel in panels),
    ]
    return [(name, title) for name, title, is_there in found if is_there]


def with_hours(involvements):
    """Add `minutes`: the time each person attended, in advice and training of any organisation."""
    attended = Coalesce(
        "person__attendances__minutes", "person__attendances__consultation__minutes"
    )
    valid = Q(person__attendances__consultation__withdrawn_at=None)
    return involvements.annotate(minutes=Coalesce(Sum(attended, filter=valid), 0))


def criteria(organisation):
    """Each criterion with the assessment that counts today and the earlier ones."""
    today, found = timezone.localdate(), {}
    for assessment in organisation.assessments.valid().order_by("-assessed_on"):
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
