"""Resource: what a partner offers or needs in an area, and what fits to it with the reasons."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import explained, fold
from districts.models import District
from enterprises.models.organisation import Organisation

# Shorter words stand in every title.
TELLING = 5


class ResourceKind(models.TextChoices):
    ROOMS = "rooms", _("rooms")
    EXPERTISE = "expertise", _("expertise")
    FUNDS = "funds", _("money")
    TRAINING = "training", _("training")
    GOODS = "goods", _("goods")


class Side(models.TextChoices):
    OFFER = "offer", _("offer")
    NEED = "need", _("need")


class ResourceQuerySet(WithdrawableQuerySet):
    def visible_to(self, user):
        return self.valid() if user.is_authenticated and user.is_staff_member else self.none()

    def editable_by(self, user):
        return self.visible_to(user)

    def offers(self):
        return self.filter(side=Side.OFFER)

    def needs(self):
        return self.filter(side=Side.NEED)

    def open(self):
        """Those that are neither settled nor over."""
        today = timezone.localdate()
        return self.valid().filter(Q(until=None) | Q(until__gte=today), settled_on=None)

    def in_areas(self, keys):
        """Those for one of these areas; what is for everywhere is among them."""
        return self.filter(Q(districts=None) | Q(districts__in=keys)).distinct()

    def fitting(self, resource):
        """Open ones of the other side and another partner: same kind, a day and an area shared."""
        other = Side.NEED if resource.side == Side.OFFER else Side.OFFER
        rows = self.open().filter(side=other, kind=resource.kind)
        rows = rows.exclude(organisation=resource.organisation_id)
        rows = rows.filter(Q(until=None) | Q(until__gte=resource.since))
        if resource.until:
            rows = rows.filter(since__lte=resource.until)
        keys = [district.pk for district in resource.districts.all()]
        return rows.in_areas(keys) if keys else rows

    def for_list(self):
        areas = District.objects.defer("outline")
        return self.select_related("organisation").prefetch_related(
            models.Prefetch("districts", areas)
        )

    def newest_first(self):
        return self.order_by("-since", "-pk")


class Resource(Withdrawable):
    """Angebot oder Bedarf: rooms, expertise, funds, training or goods, from a day to a day."""

    side = models.CharField(_("offer or need"), max_length=5, choices=Side)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="resources",
        verbose_name=_("partner"),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=ResourceKind)
    title = models.CharField(_("what"), max_length=200)
    text = models.TextField(_("more about it"), blank=True)
    districts = models.ManyToManyField(
        District,
        blank=True,
        related_name="resources",
        verbose_name=_("neighbourhoods"),
        help_text=_("None ticked: everywhere."),
    )
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    unit = models.CharField(
        _("unit"), max_length=40, blank=True, help_text=_("Such as m², hours a week, euros.")
    )
    since = models.DateField(_("valid from"), default=timezone.localdate)
    until = models.DateField(_("valid until"), null=True, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, editable=False)
    settled_because = models.CharField(
        _("what became of it"), max_length=300, blank=True, editable=False
    )

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer or need")
        verbose_name_plural = _("offers and needs")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_resource_side_is_known",
                condition=Q(side__in=Side.values),
                violation_error_message=_("Say whether it is an offer or a need."),
            ),
            models.CheckConstraint(
                name="enterprises_resource_kind_is_known",
                condition=Q(kind__in=ResourceKind.values),
                violation_error_message=_("Choose one of the kinds."),
            ),
            models.CheckConstraint(
                name="enterprises_resource_says_what",
                condition=~Q(title=""),
                violation_error_message=_("Say what is offered or needed."),
            ),
            models.CheckConstraint(
                name="enterprises_resource_amount_has_a_unit",
                condition=Q(amount=None, unit="")
                | (Q(amount__isnull=False, amount__gt=0) & ~Q(unit="")),
                violation_error_message=_("Give amount and unit together, or neither."),
            ),
            models.CheckConstraint(
                name="enterprises_resource_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("It cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="enterprises_resource_settled_with_words",
                condition=Q(settled_on=None, settled_because="")
                | (Q(settled_on__isnull=False) & ~Q(settled_because="")),
                violation_error_message=_("Say what became of it."),
            ),
            withdrawn_together("enterprises_resource_deleted_by_somebody"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("enterprises:resource", args=[self.pk])

    @property
    def home(self):
        return reverse("enterprises:resources")

    @property
    def is_open(self):
        is_over = self.until is not None and self.until < timezone.localdate()
        return self.settled_on is None and not is_over

    @property
    def state(self):
        """Open, settled or over, in one word."""
        if self.settled_on:
            return _("settled")
        return _("open") if self.is_open else _("over")

    @property
    def areas(self):
        """Its areas as one text."""
        names = ", ".join(district.name for district in self.districts.all())
        return names or str(_("everywhere"))

    @property
    def how_much(self):
        """Amount and unit as one text; empty where nobody said."""
        if self.amount is None:
            return ""
        whole = int(self.amount)
        amount = whole if whole == self.amount else self.amount
        return f"{number_format(amount, use_l10n=True, force_grouping=True)} {self.unit}"

    def matches(self):
        """What fits to it among the other side's, best first, each with the reasons."""
        rows = Resource.objects.fitting(self).for_list()
        found = [Match.of(self, row) for row in rows]
        return sorted(found, key=lambda match: (-match.weight, match.resource.pk))

    @transaction.atomic
    def settle(self, *, by, because):
        """Close it, with what became of it; only once."""
        with explained(Resource):
            settled = Resource.objects.valid().filter(pk=self.pk, settled_on=None)
            because = " ".join(because.split())
            if not settled.update(settled_on=timezone.localdate(), settled_because=because):
                raise ValidationError(_("This is settled already."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="resource.settled", subject=self)

    @transaction.atomic
    def reopen(self, *, by):
        """Undo settling; refused where it is open."""
        settled = Resource.objects.valid().filter(pk=self.pk).exclude(settled_on=None)
        if not settled.update(settled_on=None, settled_because=""):
            raise ValidationError(_("This is not settled."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="resource.reopened", subject=self)


@dataclass(frozen=True)
class Match:
    """An offer and a need that fit, why, and how well."""

    resource: Resource
    reasons: tuple[str, ...]
    weight: int

    @classmethod
    def of(cls, one, other):
        """Kind, areas and days fit already; each reason more counts."""
        offer, need = (one, other) if one.side == Side.OFFER else (other, one)
        found = [
            gettext("same kind: %(kind)s") % {"kind": one.get_kind_display()},
            area_shared(one, other),
            days_shared(one, other),
            enough(offer, need),
            words_shared(one, other),
        ]
        reasons = tuple(reason for reason in found if reason)
        weight = len(reasons) + (2 if is_enough(offer, need) else 0)
        return cls(other, reasons, weight)


def area_shared(one, other):
    mine, theirs = ({area.name for area in each.districts.all()} for each in (one, other))
    if not mine or not theirs:
        return gettext("one of the two is for everywhere")
    return gettext("same area: %(areas)s") % {"areas": ", ".join(sorted(mine & theirs))}


def days_shared(one, other):
    since = max(one.since, other.since)
    until = min((day for day in (one.until, other.until) if day), default=None)
    words = {"since": date_format(since, "d.m.Y")}
    if until is None:
        return gettext("both from %(since)s on") % words
    words["until"] = date_format(until, "d.m.Y")
    return gettext("both from %(since)s to %(until)s") % words


def is_enough(offer, need):
    """Whether what is offered covers what is needed; unknown where the units differ."""
    if offer.amount is None or need.amount is None or fold(offer.unit) != fold(need.unit):
        return None
    return offer.amount >= need.amount


def enough(offer, need):
    covered = is_enough(offer, need)
    if covered is None:
        return ""
    words = {"offered": offer.how_much, "needed": need.how_much}
    if covered:
        return gettext("enough: %(offered)s for %(needed)s") % words
    return gettext("a part: %(offered)s of %(needed)s") % words


def words_shared(one, other):
    shared = telling(one.title) & telling(other.title)
    return gettext("same words: %(words)s") % {"words": ", ".join(sorted(shared))} if shared else ""


def telling(text):
    """The longer words of a text, as they are compared."""
    words = "".join(letter if letter.isalnum() else " " for letter in text).split()
    return {fold(word) for word in words if len(word) >= TELLING}
