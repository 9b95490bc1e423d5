"""Auszüge für die Bewilligungsbehörde: what a funder gets of papers that have names.

Time sheets and lists of participants are signed with names (funding.md §1.4), and stay with the
vouchers. A funder sees numbers instead, everywhere in this portal: so they get an edition made of
the same rows, without names, signatures and what somebody did or why they were away. A number
stands for the same person in every extract of a project; nobody outside can compute it back.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from consultations.clock import BERLIN
from consultations.models import MonthSheet, SheetStatus
from consultations.pseudonyms import keyed
from reports import german
from reports.group_papers import Funding, printed
from reports.models import FunderPaper, PaperKind
from reports.participant_papers import ParticipantList
from reports.payment_paper import payment_request

STATES = {SheetStatus.CLOSED: "abgeschlossen", SheetStatus.CONFIRMED: "bestätigt"}
LENGTH = 8


def staff_number(project, user_id):
    """What stands for somebody of the staff wherever the name must not be seen."""
    return f"M-{keyed(project, user_id, 'staff:')[:LENGTH]}"


@dataclass(frozen=True)
class SheetLine:
    """One closed sheet: the sums of a month of one person, as they were frozen."""

    number: str
    month: date
    state: str
    own: int
    other: int
    away: int
    total: int
    contract: int
    share: Decimal

    @classmethod
    def of(cls, sheet):
        rows = sheet.rows
        return cls(
            number=staff_number(sheet.project, sheet.user_id),
            month=sheet.month,
            state=STATES[sheet.status],
            own=rows["own"],
            other=rows["other"],
            # Whether somebody was ill is no funder's business; that no hours were worked is.
            away=rows["leave"] + rows["sick"],
            total=rows["total"],
            contract=rows["contract"],
            share=Decimal(rows["share"]),
        )

    @property
    def on_paper(self):
        with translation.override("de"):
            month = date_format(self.month, "F Y")
        names = ("own", "other", "away", "total", "contract")
        return {
            "month": month,
            "state": self.state,
            "share": f"{self.share:f}".replace(".", ","),
            **{name: german.hours(getattr(self, name)) for name in names},
        }


@dataclass(frozen=True)
class TimeExtract:
    """The closed time sheets of a grant's project, of the months that lie in a period."""

    lines: tuple[SheetLine, ...]

    @classmethod
    def of(cls, grant, since, until, *, by):
        """As the reader may see them, by number and month."""
        sheets = MonthSheet.objects.visible_to(by).closed().for_list()
        mine = sheets.filter(
            project=grant.project, month__gte=since.replace(day=1), month__lte=until
        )
        lines = (SheetLine.of(sheet) for sheet in mine)
        return cls(tuple(sorted(lines, key=lambda line: (line.number, line.month))))

    @property
    def people(self):
        """(number, lines, minutes for the project) of each person."""
        for number, group in groupby(self.lines, key=lambda line: line.number):
            mine = list(group)
            yield number, mine, sum(line.own for line in mine)

    @property
    def own(self):
        return sum(line.own for line in self.lines)


def time_paper(grant, since, until, *, by):
    """Print the extract of the time sheets; refused where no month is closed."""
    found = TimeExtract.of(grant, since, until, by=by)
    if not found.lines:
        raise ValidationError(_("No time sheet of this period is closed yet."))
    context = {
        "people": [
            (number, [line.on_paper for line in lines], german.hours(own))
            for number, lines, own in found.people
        ],
        "total": german.hours(found.own),
    }
    return extract("time_extract", PaperKind.TIME, grant, since, until, context)


def participants_paper(grant, since, until, *, by):
    """Print the list of participants without names; refused where nobody took part."""
    found = ParticipantList.of(grant.project, since, until, by=by)
    if not found.participants:
        raise ValidationError(_("Nobody took part in this period."))
    context = {
        "people": [(each, german.hours(each.minutes)) for each in found.participants],
        "total": german.hours(sum(each.minutes for each in found.participants)),
        "reported": found.reported,
    }
    return extract("participant_extract", PaperKind.PARTICIPANTS, grant, since, until, context)


def extract(template, kind, grant, since, until, context):
    # By the day: the same rows, handed over again today, are the same paper and are refused.
    today = timezone.localdate()
    context |= {
        "agency": settings.AGENCY,
        "grant": grant,
        "funding": Funding.of_grant(grant),
        "since": since,
        "until": until,
        "as_of": today,
    }
    title = f"{kind.paper_name}: {grant.reference}"
    with translation.override("de"):
        return printed(template, title, context, datetime.combine(today, time(12), BERLIN))


PRINTING = {PaperKind.TIME: time_paper, PaperKind.PARTICIPANTS: participants_paper}


def hand_over_extract(grant, kind, starts_on, ends_on, *, by):
    """Print an extract and give it to the funder; see FunderPaper for what is refused."""
    grant.check_period(starts_on, ends_on)
    pdf = PRINTING[PaperKind(kind)](grant, starts_on, ends_on, by=by)
    return FunderPaper.objects.hand_over(
        by=by, grant=grant, kind=kind, starts_on=starts_on, ends_on=ends_on, pdf=pdf
    )


def hand_over_payment(payment, *, by):
    """Give the paper of a payment request to the funder, as it is printed now."""
    return FunderPaper.objects.hand_over(
        by=by,
        grant=payment.grant,
        kind=PaperKind.PAYMENT,
        starts_on=payment.starts_on,
        ends_on=payment.ends_on,
        payment=payment,
        pdf=payment_request(payment),
    )
