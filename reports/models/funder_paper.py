"""FunderPaper: a paper beside the reports that was handed over to the funder, as it was then."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, worded
from reports import emails
from reports.models.documents import sha256_of
from reports.models.grant import Grant
from reports.models.payments import PaymentRequest, PaymentStatus

# What the trigger calls its refusal; no page offers what it refuses.
worded(
    "reports_funder_papers_never_change",
    _("What was handed over to the funder stays as it is."),
)


class PaperKind(models.TextChoices):
    PAYMENT = "payment", _("payment request")
    TIME = "time", _("time sheets")
    PARTICIPANTS = "people", _("list of participants")

    @property
    def paper_name(self):
        """German, like the papers of the grant."""
        return {
            "payment": "Mittelabruf",
            "time": "Stundennachweis (Auszug)",
            "people": "Teilnehmerliste (Auszug)",
        }[self.value]

    @property
    def file_stem(self):
        """What its file is called, without umlauts and blanks."""
        return {
            "payment": "mittelabruf",
            "time": "stundennachweis-auszug",
            "people": "teilnehmerliste-auszug",
        }[self.value]


class FunderPaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The officers of the grant's programme see it, because it was handed over to them."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.FUNDER:
                return self.filter(grant__programme__officers=user)
            case _:
                return self.none()

    def of(self, grant):
        return self.filter(grant=grant)

    def for_list(self):
        """The latest first; the bytes are fetched when somebody takes them."""
        return (
            self.defer("pdf")
            .select_related("grant__programme__fund", "grant__project", "payment", "handed_over_by")
            .order_by("-handed_over_at", "-pk")
        )

    def standing(self):
        """Without the papers of payment requests that were called back since."""
        return self.exclude(payment__status=PaymentStatus.CALLED_BACK)

    @transaction.atomic
    def hand_over(self, *, by, grant, kind, starts_on, ends_on, pdf, payment=None):
        """Give a printed paper to the officers of the programme, and tell them by mail, once.

        Refuses all but the manager, days that are not the grant's, a payment request that was
        called back, and the same paper a second time.
        """
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager hands papers over to the funder."))
        grant.check_period(starts_on, ends_on)
        if payment:
            # Asked again, under a lock: somebody may be calling it back.
            payment = PaymentRequest.objects.select_for_update().get(pk=payment.pk)
            if payment.is_called_back:
                raise ValidationError(_("This payment request was called back."))
        with explained(self.model):
            paper = self.create(
                grant=grant,
                kind=kind,
                starts_on=starts_on,
                ends_on=ends_on,
                payment=payment,
                pdf=pdf,
                handed_over_by=by,
            )
        Event.objects.record(
            actor=by, verb="funder_paper.handed_over", subject=paper, sha256=paper.sha256
        )
        officers = grant.programme.officers.active()
        emails.send("paper_handed_over", officers, key=f"funderpaper:{paper.pk}", paper=paper)
        return paper


class FunderPaper(models.Model):
    """Papier für die Bewilligungsbehörde: a Mittelabruf, or an Auszug that names nobody.

    Time sheets and lists of participants have names, which a funder does not see here; so they
    are handed over in an edition of their own (reports/extracts.py), made of the same rows. That
    is an act of the manager, not a door: whoever manages looks at what goes out, when it does,
    and what has gone out stays as it was read. A trigger lets none change.
    """

    grant = models.ForeignKey(
        Grant, on_delete=models.PROTECT, related_name="funder_papers", verbose_name=_("grant")
    )
    kind = models.CharField(_("paper"), max_length=7, choices=PaperKind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    payment = models.ForeignKey(
        PaymentRequest,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="papers",
    )
    pdf = models.BinaryField()
    # By it anybody finds out whether a file is genuine.
    sha256 = sha256_of("pdf")
    handed_over_at = models.DateTimeField(default=timezone.now, editable=False)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )

    objects = FunderPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper for the funder")
        verbose_name_plural = _("papers for the funder")
        ordering = ["-handed_over_at", "-pk"]
        indexes = [models.Index(fields=["sha256"], name="reports_funderpaper_of_pdf")]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "sha256"],
                name="reports_funderpaper_handed_over_once",
                violation_error_message=_("This very paper was handed over already."),
            ),
            models.CheckConstraint(
                name="reports_funderpaper_kind_is_known",
                condition=Q(kind__in=PaperKind.values),
                violation_error_message=_("Choose the kind of paper."),
            ),
            models.CheckConstraint(
                name="reports_funderpaper_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The period cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="reports_funderpaper_payment_is_of_its_kind",
                condition=Q(kind=PaperKind.PAYMENT, payment__isnull=False)
                | ~Q(kind=PaperKind.PAYMENT) & Q(payment=None),
                violation_error_message=_("The paper of a payment request belongs to one."),
            ),
        ]

    def __str__(self):
        first, last = (
            date_format(day, "SHORT_DATE_FORMAT") for day in (self.starts_on, self.ends_on)
        )
        return _("%(kind)s for %(first)s to %(last)s") % {
            "kind": self.get_kind_display(),
            "first": first,
            "last": last,
        }

    def get_absolute_url(self):
        return reverse("reports:funder_paper", args=[self.pk])

    @property
    def file_name(self):
        """The same name for the same paper, whoever takes it and whenever."""
        stem = PaperKind(self.kind).file_stem
        number = f"-{self.payment.number}" if self.payment else ""
        return f"{self.grant.ref}_{stem}{number}_{self.starts_on}_{self.ends_on}_{self.pk}.pdf"

    @transaction.atomic
    def download(self, *, by):
        """Return the bytes; who took them, and when, is kept."""
        Event.objects.record(actor=by, verb="funder_paper.downloaded", subject=self)
        return bytes(self.pdf)
