"""What the check of a report finds in whom it counts: sizes, answers, one beside the other."""

from dataclasses import replace

from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import Attendance, Participation, SupportCase
from consultations.participants import lines_of
from consultations.participation_rules import Operation
from enterprises.models import Involvement, InvolvementRole, Organisation
from reports import eu_awards, eu_support
from reports.counting import RULES
from reports.finding import Finding, management, of_just_these
from reports.operations import OF_PEOPLE

# Rules that put enterprises into size classes.
BY_SIZE = ("enterprises_by_size", "enterprises_in_any_way", "small_enterprises")
# Rules that count enterprises by the hours of their advice, and those that count people.
BY_HOURS = (*BY_SIZE, "enterprises_supported", "enterprises_advised", "new_enterprises")
# Parts in an organisation in which advice to the person is advice to the enterprise.
LEADING = (InvolvementRole.FOUNDER, InvolvementRole.MANAGEMENT, InvolvementRole.CONTACT)


def of_sizes(report, scope, counted):
    """Enterprises that count in a figure by size and have not said how large they are."""
    rules = {each.target.indicator.rule for each in counted}
    if not rules & set(BY_SIZE):
        return
    reached = {**scope.cumulated.supported, **scope.cumulated.documented}
    if eu_awards.COUNTS_AWARDS in rules:
        reached |= eu_support.supported_in_any_way(scope)
    lacking = (
        Organisation.objects.filter(pk__in=reached)
        .exclude(size_declarations__withdrawn_at=None, size_declarations__isnull=False)
        .order_by("sort_name", "pk")
    )
    owners = dict(
        SupportCase.objects.valid()
        .filter(project=report.grant.project_id, organisation__in=lacking)
        .order_by("opened_on")
        .values_list("organisation", "advisor__name")
    )
    code = of_just_these("size", [organisation.pk for organisation in lacking])
    for organisation in lacking:
        yield Finding(
            code,
            _("%(name)s: its size is not declared.") % {"name": organisation},
            reverse("enterprises:size_new", args=[organisation.pk]),
            owners.get(organisation.pk, management()),
            blocks=True,
            may_be_explained=True,
        )


def of_open_support(report, scope, counted):
    """Enterprises whose results count in a figure, and whose support nobody has closed.

    As long as the project runs they may be supported, and nothing is said.
    """
    project = report.grant.project
    rules = {each.target.indicator.rule for each in counted}
    if project.ends_on >= timezone.localdate() or not any(
        RULES[rule].dated == "year_after" for rule in rules if rule in RULES
    ):
        return
    lacking = Organisation.objects.filter(pk__in=eu_support.without_end(scope))
    running = SupportCase.objects.running().filter(project=project, organisation__in=lacking)
    cases = {case.organisation_id: case for case in running.select_related("advisor")}
    for organisation in lacking.order_by("sort_name", "pk"):
        case = cases.get(organisation.pk)
        yield Finding(
            "open-support",
            _("%(name)s: no closed case says when the support ended, so its results never count.")
            % {"name": organisation},
            reverse("consultations:case_close", args=[case.pk])
            if case
            else reverse("consultations:case_new", args=[organisation.pk]),
            case.advisor.name if case else team_of(project),
        )


def of_participants(report, counted):
    """Participants who are reported nowhere because their first part is not complete."""
    if not counts_people(counted):
        return
    project = report.grant.project
    operation = Operation(report.grant.accountable_from, report.grant.ends_on)
    rows = Participation.objects.of(project).entered_between(operation.starts_on, report.ends_on)
    lines = lines_of(rows, report.ends_on, operation)
    lacking = [line for line in lines if not line.is_reported]
    for line in lacking:
        yield Finding(
            "participant",
            _("%(name)s is reported nowhere. Missing: %(missing)s")
            % {
                "name": line.participation.person.name,
                "missing": ", ".join(str(each) for each in line.missing[:3]),
            },
            line.participation.get_absolute_url(),
            team_of(project),
        )


def of_few_hours(report, scope, counted):
    """Participants who are reported nowhere because their hours do not reach the threshold."""
    if not (scope.participant_hours and counts_people(counted)):
        return
    everybody = replace(scope, participant_hours=())
    few = len(everybody.participants) - len(scope.participants)
    if few:
        yield Finding(
            "few-hours",
            ngettext(
                "%(count)d participant lacks hours the notice names, and counts nowhere.",
                "%(count)d participants lack hours the notice names, and count nowhere.",
                few,
            )
            % {"count": few},
            reverse("consultations:participations", args=[report.grant.project.key]),
            team_of(report.grant.project),
        )


def counts_people(counted):
    return any(each.target.indicator.rule.startswith(OF_PEOPLE) for each in counted)


def team_of(project):
    return ", ".join(sorted(user.name for user in project.team.all())) or management()


def of_people_and_firms(report, scope, counted):
    """Participants who count besides their enterprise: it is one or the other (funding.md 2.2.8).

    Theirs is the one they lead or that they came for to a consultation of its own. Hours of a case
    that supports the person are none of the enterprise.
    """
    if not counts_people(counted) or not any(
        each.target.indicator.rule in BY_HOURS for each in counted
    ):
        return
    people = {
        each.pk: each
        for each in Participation.objects.filter(
            pk__in=[each.participation for each in scope.participants]
        ).select_related("person")
    }
    both = sorted(
        pairs_of(scope, people.values()),
        key=lambda pair: (people[pair[0]].person.name, *pair),
    )
    code = of_just_these("person-and-firm", both)
    names = Organisation.objects.in_bulk([organisation for _participation, organisation in both])
    for participation, organisation in both:
        yield Finding(
            code,
            _(
                "%(person)s counts as a participant, and %(enterprise)s counts by its hours. "
                "Decide who is supported, the person or the enterprise, or say why both are."
            )
            % {"person": people[participation].person.name, "enterprise": names[organisation]},
            people[participation].get_absolute_url(),
            team_of(report.grant.project),
            blocks=True,
            may_be_explained=True,
        )


def pairs_of(scope, participations):
    """(participation, enterprise) of all of these who are linked with one that counts by hours."""
    by_person = {each.person_id: each.pk for each in participations}
    those = {
        "person__in": by_person,
        "organisation__in": scope.cumulated.supported_as_enterprise,
    }
    leading = Involvement.objects.valid().filter(
        Q(since=None) | Q(since__lte=scope.ends_on),
        Q(until=None) | Q(until__gte=scope.since),
        role__in=LEADING,
        **those,
    )
    advised = Attendance.objects.filter(
        consultation__in=scope.cumulated.for_enterprises,
        consultation__organisation=F("organisation"),
        **those,
    )
    links = ("person", "organisation")
    linked = leading.values_list(*links).union(advised.values_list(*links))
    return {(by_person[person], organisation) for person, organisation in linked}
