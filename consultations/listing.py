"""The list of consultations as a file: its columns and what stands in them; never a note."""

from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

HEADINGS = [
    _("Date"),
    _("Start"),
    _("End"),
    _("Minutes"),
    _("Hours"),
    _("Kind"),
    _("Organisation"),
    _("File number"),
    _("Neighbourhood"),
    _("Project"),
    _("Task"),
    _("Advised by"),
    _("Number of people"),
    _("How"),
    _("Place"),
    _("Topics"),
    _("Result"),
    _("Next step"),
    _("By"),
]
HOUR = Decimal(60)


def line_of(consultation):
    """One consultation as the cells of a line."""
    organisation = consultation.organisation
    advisors = ", ".join(advisor.name for advisor in consultation.advisors.all())
    return [
        consultation.held_on,
        clock(consultation.starts_at),
        clock(consultation.ends_at),
        consultation.minutes,
        (consultation.minutes / HOUR).quantize(Decimal("0.01")),
        consultation.get_kind_display(),
        organisation.name if organisation else "",
        organisation.number if organisation else "",
        str(consultation.district or ""),
        str(consultation.project),
        str(consultation.task or ""),
        advisors or consultation.advisor_as_written,
        consultation.headcount,
        consultation.get_channel_display(),
        consultation.place,
        ", ".join(str(topic) for topic in consultation.topics.all()),
        consultation.result,
        consultation.next_step,
        consultation.next_step_on,
    ]


def clock(moment):
    return timezone.localtime(moment).time() if moment else None
