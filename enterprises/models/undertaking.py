"""Undertaking: organisations that count as one when public aid is added up."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import Days, explained, take_turns
from enterprises.models.organisation import Organisation


class Link(models.TextChoices):
    """By what one organisation has a hold on another (Reg. (EU) 2023/2831, Art. 2(2))."""

    HEAD = "head", _("the others are linked with it")
    MAJORITY = "majority", _("majority of the votes")
    BOARD = "board", _("appoints or removes most of the board")
    CONTRACT = "contract", _("decides by contract or statutes")
    AGREEMENT = "agreement", _("majority of the votes by agreement")


# What a person chooses from; who is at the head follows from it.
LINKS = [choice for choice in Link.choices if choice[0] != Link.HEAD]


class UndertakingQuerySet(models.QuerySet):
    def members_of(self, organisation, day):
        """Everyone who counts as one with the organisation on that day, itself first."""
        found = Organisation.objects.filter(
            pk__in=UndertakingMember.objects.on(day).beside(organisation).values("organisation")
        )
        return (organisation, *found.exclude(pk=organisation.pk))

    def groups(self, organisations, day):
        """The same for many, in two questions: {organisation's key: everyone}."""
        rows = UndertakingMember.objects.on(day)
        own = rows.filter(organisation__in=organisations).values("undertaking")
        together = {}
        for row in rows.filter(undertaking__in=own).select_related("organisation"):
            together.setdefault(row.undertaking_id, []).append(row.organisation)
        found = {one.pk: tuple(group) for group in together.values() for one in group}
        return {each.pk: found.get(each.pk, (each,)) for each in organisations}

    def take_turns_with(self, organisation, day):
        """Let whoever else adds up for the same undertaking finish first; return its members.

        Held until the transaction ends. Refuses where somebody joined or left while we waited.
        """
        members = self.members_of(organisation, day)
        wait_for(members)
        if set(self.members_of(organisation, day)) != set(members):
            raise ValidationError(
                _("Who is linked with %(name)s has just been changed. Please try again."),
                params={"name": organisation},
            )
        return members

    @transaction.atomic
    def join(self, organisation, other, *, by, link, since, until=None):
        """Say that another organisation counts as one with this one, from a day to a day.

        Refuses an organisation and itself, and one that belongs to another undertaking then.
        """
        if organisation == other:
            raise ValidationError(_("An organisation cannot be linked with itself."))
        with explained(UndertakingMember):
            wait_for([organisation, other])
            own = organisation.undertakings.touching(since, until).select_for_update().first()
            if own is None:
                own = self.create().members.create(
                    organisation=organisation, link=Link.HEAD, since=since, until=until
                )
            elif since < own.since:
                own.since = since
                own.save(update_fields=["since"])
            member = own.undertaking.members.create(
                organisation=other, link=link, since=since, until=until
            )
        Event.objects.record(
            actor=by, verb="undertaking.joined", subject=organisation, organisation=other.pk
        )
        return member


def wait_for(organisations):
    """Always in the same order, so that nobody waits for somebody who waits for them."""
    for key in sorted(each.pk for each in organisations):
        take_turns(f"undertaking with {key}")


class Undertaking(models.Model):
    """Einziges Unternehmen: nothing but the organisations that are linked with each other."""

    created_at = models.DateTimeField(auto_now_add=True)

    objects = UndertakingQuerySet.as_manager()

    class Meta:
        verbose_name = _("single undertaking")
        verbose_name_plural = _("single undertakings")

    def __str__(self):
        return " + ".join(str(member.organisation) for member in self.members.all())


class UndertakingMemberQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of the agency's staff; founders know whom they are linked with, not who else is."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(organisation__in=Organisation.objects.visible_to(user))
            case _:
                return self.none()

    def on(self, day):
        """Those that belong to their undertaking on that day."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def touching(self, since, until):
        """Those that belong to it on any of these days; no end means for ever. The latest first."""
        rows = self.filter(Q(until=None) | Q(until__gte=since))
        return (rows.filter(since__lte=until) if until else rows).order_by("-since")

    def beside(self, organisation):
        """The members of the undertaking an organisation is in among these rows, it included."""
        own = self.filter(organisation=organisation).values("undertaking")
        return self.filter(undertaking__in=own)

    def ever_with(self, organisation):
        """Everybody in an undertaking this organisation has ever been in, by time."""
        own = self.model.objects.filter(organisation=organisation).values("undertaking")
        rows = self.filter(undertaking__in=own).select_related("organisation")
        return rows.order_by("since", "pk")


class UndertakingMember(models.Model):
    """Verbundenes Unternehmen: one organisation in a single undertaking, from a day to a day."""

    undertaking = models.ForeignKey(Undertaking, on_delete=models.CASCADE, related_name="members")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="undertakings"
    )
    link = models.CharField(_("linked by"), max_length=9, choices=Link)
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = UndertakingMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("linked organisation")
        verbose_name_plural = _("linked organisations")
        ordering = ["undertaking", "since", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_undertakingmember_link_is_known",
                condition=Q(link__in=Link.values),
                violation_error_message=_("Choose by what the organisations are linked."),
            ),
            models.CheckConstraint(
                name="enterprises_undertakingmember_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("A link cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="enterprises_undertakingmember_in_one_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This organisation belongs to a single undertaking in that time already. "
                    "End that link first."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} ({self.get_link_display()})"
