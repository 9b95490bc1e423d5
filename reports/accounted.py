"""The accepted periods whose figures a change of what is known of an organisation would touch."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from consultations.models import Attendance, Consultation, PeriodLock
from reports.figures import READS
from reports.models import EnterpriseAward, Target


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
    told = _("“%(project)s”, %(period)s: %(because)s")
    return [
        told % {"period": lock.period, "project": lock.project, "because": lock.because}
        for lock in locks.for_list()
    ]
