"""The accepted periods whose figures a change of an organisation, or of two people, would touch."""

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.models import Attendance, Consultation, Participation, PeriodLock
from reports.figures import READS
from reports.models import EnterpriseAward, Target

HIDDEN = gettext_lazy("A project whose participants you do not see")


def accounted(organisation, since, fact, project=None):
    """Those that end no sooner, of projects that had advised, trained or paid it by then.

    With a `fact`, only of projects whose grants have a figure that reads such facts; with a
    `project`, only of that one.

    Results count long after what they are about, so all that comes later may change.
    """
    its, end = OuterRef("project"), OuterRef("ends_on")
    advised = Consultation.objects.valid().filter(
        organisation=organisation, project=its, held_on__lte=end
    )
    trained = Attendance.objects.valid().filter(
        organisation=organisation, consultation__project=its, consultation__held_on__lte=end
    )
    paid = EnterpriseAward.objects.valid().filter(
        organisation=organisation, grant__project=its, granted_on__lte=end
    )
    locks = PeriodLock.objects.in_force().filter(
        Exists(advised) | Exists(trained) | Exists(paid), ends_on__gte=since
    )
    if project:
        locks = locks.filter(project=project)
    if rules := READS.get(fact):
        reading = Target.objects.filter(grant__project=its, indicator__rule__in=rules)
        locks = locks.filter(Exists(reading))
    return [told(lock) for lock in locks.for_list()]


def counted_apart(one, other, user):
    """Those whose report may have counted the two as two participants, itself or since the start.

    Of a project whose participants the user does not see, all that is told is that there is one.
    """
    ours, theirs = (counting(Participation.objects.filter(person=each)) for each in (one, other))
    seen = counting(Participation.objects.visible_to(user).filter(person=one))
    locks = PeriodLock.objects.in_force().filter(Exists(ours), Exists(theirs))
    found = list(locks.annotate(is_seen=Exists(seen)).for_list())
    periods = [told(lock) for lock in found if lock.is_seen]
    if len(periods) < len(found):
        periods.append(HIDDEN)
    return periods


def counting(participations):
    """Those that a lock's report may have counted: entered by its end, as far back as it counts."""
    return participations.filter(
        project=OuterRef("project"),
        entered_on__lte=OuterRef("ends_on"),
        # A lock that does not say since when counts everybody.
        entered_on__gte=Coalesce(OuterRef("counts_from"), F("entered_on")),
    )


def told(lock):
    words = _("“%(project)s”, %(period)s: %(because)s")
    return words % {"period": lock.period, "project": lock.project, "because": lock.because}
