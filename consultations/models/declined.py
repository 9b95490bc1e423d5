"""DeclinedRequest: what somebody asked for and did not get, to be counted; nobody's name."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES
from best_portal.audit.models import Event
from best_portal.db import explained, fold, take_turns
from consultations.models.project import Topic
from districts.models import District


class RequestChannel(models.TextChoices):
    WEB = "web", _("on the web")
    PHONE = "phone", _("by phone")
    VISIT = "visit", _("in person")
    EMAIL = "email", _("by e-mail")


class DeclineReason(models.TextChoices):
    OUTSIDE = "outside", _("outside the funded areas")
    SUBJECT = "subject", _("not our subject")
    NO_TIME = "no_time", _("no time free")
    OTHER = "other", _("another reason")


class DeclinedRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of the agency's staff: it is the agency's demand, and names nobody who asked."""
        return self.all() if user.role in STAFF_ROLES else self.none()

    def between(self, start, end):
        """Of the days from `start` to `end`, both included."""
        return self.filter(on__range=(start, end))

    def for_list(self):
        return self.select_related("topic", "district", "recorded_by").defer("district__outline")

    def by_area_and_week(self):
        """How many were declined in which area and week: district, Monday, number."""
        return (
            self.order_by()
            .annotate(week=TruncWeek("on"))
            .values("district", "week")
            .annotate(number=Count("pk"))
            .order_by("district", "week")
        )

    def last_recorded_by(self, user):
        return self.filter(recorded_by=user).order_by("-pk").first()

    @transaction.atomic
    def note(self, *, by, place, form_key=None, on=None, **answers):
        """Record a request nobody could serve: the argument for more areas and more hours.

        A place that is called like an area of that day counts for the area. The same form sent
        twice gives the first row back; `by=None` is the public page.
        """
        with explained(self.model):
            if form_key:
                take_turns(form_key)
                if earlier := self.filter(form_key=form_key, recorded_by=by).first():
                    return earlier
            place, on = " ".join(place.split()), on or timezone.localdate()
            request = self.create(
                place=place,
                district=District.objects.valid_on(on).filter(sort_name=fold(place)).first(),
                on=on,
                recorded_by=by,
                form_key=form_key,
                **answers,
            )
        Event.objects.record(actor=by, verb="request.declined", subject=request)
        return request


class DeclinedRequest(models.Model):
    """Abgelehnte Anfrage: from where, what about, why not, and whom we named instead."""

    place = models.CharField(_("place"), max_length=120)
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("neighbourhood"),
    )
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("topic")
    )
    reason = models.CharField(
        _("reason"), max_length=7, choices=DeclineReason, default=DeclineReason.OUTSIDE
    )
    referred_to = models.CharField(_("named instead"), max_length=120, blank=True)
    on = models.DateField(_("day"), default=timezone.localdate)
    channel = models.CharField(
        _("how"), max_length=5, choices=RequestChannel, default=RequestChannel.WEB
    )
    # Nobody where the public page recorded it.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    form_key = models.UUIDField(null=True, editable=False)

    objects = DeclinedRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("declined request")
        verbose_name_plural = _("declined requests")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_declinedrequest_has_a_place",
                condition=~Q(place=""),
                violation_error_message=_("Say where."),
            ),
            models.CheckConstraint(
                name="consultations_declinedrequest_channel_is_known",
                condition=Q(channel__in=RequestChannel.values),
                violation_error_message=_("Choose how the request came."),
            ),
            models.CheckConstraint(
                name="consultations_declinedrequest_reason_is_known",
                condition=Q(reason__in=DeclineReason.values),
                violation_error_message=_("Choose why the request was declined."),
            ),
            models.UniqueConstraint(
                fields=["form_key"],
                name="consultations_declinedrequest_one_per_form",
                violation_error_message=_("This form was sent before. Please open it anew."),
            ),
            models.CheckConstraint(
                name="consultations_declinedrequest_recorded_by_whoever_was_asked",
                condition=Q(channel=RequestChannel.WEB, recorded_by=None)
                | ~Q(channel=RequestChannel.WEB) & Q(recorded_by__isnull=False),
                violation_error_message=_(
                    "What comes on the web records itself; all else is recorded by somebody."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.place} ({self.on:%d.%m.%Y})"
