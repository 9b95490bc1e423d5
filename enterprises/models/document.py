"""Document: a paper of an organisation, who may see it, and the bin it can be fetched from."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.asked import Text
from best_portal.audit.models import Event
from best_portal.db import explained, folded, folding, take_turns
from best_portal.files.names import stem_of
from enterprises.models.organisation import Organisation

# So long before a paper ends somebody should look after the next one.
SOON = timedelta(days=60)
# How long a removed paper can be fetched back.
IN_BIN = timedelta(days=30)


# What the search looks through besides the names of the files.
PAPER = Text(("title",))


class DocumentKind(models.TextChoices):
    STATUTE = "statute", _("articles or statute")
    GBR_CONTRACT = "gbr_contract", _("GbR contract")
    BUSINESS_PLAN = "business_plan", _("business plan")
    FINANCING_PLAN = "financing_plan", _("financing plan")
    REGISTER_EXTRACT = "register_extract", _("extract of the register")
    TRADE_REGISTRATION = "trade_registration", _("registration of the trade")
    NOTICE = "notice", _("notice of an authority")
    DECLARATION = "declaration", _("declaration")
    PHOTO = "photo", _("photo")
    OTHER = "other", _("other paper")


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see every paper, founders those of their organisations marked for them.

        What lies in the bin is seen by whoever may fetch it back.
        """
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(
                    Q(removed_at=None) | Q(uploaded_by=user),
                    is_shared=True,
                    organisation__in=Organisation.objects.visible_to(user),
                )
            case _:
                return self.none()

    def editable_by(self, user):
        """Staff look after every paper, founders after what they have brought themselves."""
        seen = self.visible_to(user)
        return seen if user.is_staff_member else seen.filter(uploaded_by=user)

    def kept(self):
        return self.filter(removed_at=None)

    def removed(self):
        return self.exclude(removed_at=None)

    def expired(self):
        return self.kept().filter(valid_until__lt=timezone.localdate())

    def expiring(self, within=SOON):
        """Those that are valid today and end within that time."""
        today = timezone.localdate()
        return self.kept().filter(valid_until__range=(today, today + within))

    def to_renew(self, within=SOON):
        """Those that have ended or end within that time."""
        return self.kept().filter(valid_until__lte=timezone.localdate() + within)

    def with_latest(self):
        """Add `latest_…` of the newest version: its number, name, size and when it came."""
        newest = Document.objects.filter(pk=models.OuterRef("pk")).order_by("-versions__number")
        return self.annotate(
            **{
                f"latest_{name}": models.Subquery(newest.values(f"versions__{name}")[:1])
                for name in ("number", "name", "size", "uploaded_at")
            }
        )

    def for_list(self):
        return self.with_latest().select_related("organisation", "uploaded_by")

    def answering(self, asked, *, alike=False):
        """Those kept in whose title or the names of whose files the words stand, one at least;
        the others may be the organisation's name."""
        told = [
            word.within(PAPER, alike=alike) | Q(pk__in=self._named(word)) for word in asked.words
        ]
        names = [
            Q(organisation__in=list(Organisation.objects.naming(word))) for word in asked.words
        ]
        each = [title | name for title, name in zip(told, names, strict=True)]
        return self.kept().filter(reduce(or_, told), *each).newest_first()

    def _named(self, word):
        versions = self.model._meta.get_field("versions").related_model.objects
        return versions.filter(word.part_of(folding(F("name")))).values("document")

    def newest_first(self):
        return self.order_by("-created_at", "-pk")

    def ending_first(self):
        return self.order_by(F("valid_until").asc(nulls_last=True), "title", "pk")

    @transaction.atomic
    def bring(self, *, by, organisation, file, title="", note="", form_key=None, **fields):
        """Keep a checked file as a new paper; the same form sent twice gives the first one back.

        What a founder brings is visible to the founders, and to staff at once.
        """
        if form_key:
            take_turns(form_key)
            sent = self.filter(versions__form_key=form_key, versions__sha256=file.sha256)
            if earlier := sent.filter(uploaded_by=by).first():
                return earlier
        if by.role == Role.FOUNDER:
            fields["is_shared"] = True
        with explained(self.model):
            document = self.create(
                organisation=organisation,
                title=title or stem_of(file.name),
                uploaded_by=by,
                **fields,
            )
        document.versions.attach(document=document, by=by, file=file, note=note, form_key=form_key)
        Event.objects.record(
            actor=by, verb="document.brought", subject=document, organisation=organisation.pk
        )
        return document

    def forget_removed(self):
        """Delete for good what has lain in the bin long enough, one by one."""
        before = timezone.now() - IN_BIN
        for document in self.filter(removed_at__lt=before):
            document.forget()


class Document(models.Model):
    """Unterlage: what kind of paper it is, until when it is valid, and whether founders see it."""

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="documents",
        verbose_name=_("organisation"),
    )
    kind = models.CharField(_("kind of paper"), max_length=20, choices=DocumentKind)
    title = models.CharField(_("title"), max_length=200)
    sort_title = folded("title")
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    is_shared = models.BooleanField(_("visible to the founders"), default=False)
    retention_note = models.CharField(_("how long to keep it, and why"), max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("brought by"),
    )
    created_at = models.DateTimeField(_("brought"), default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["valid_until"],
                condition=Q(removed_at=None, valid_until__isnull=False),
                name="enterprises_document_ending",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="enterprises_document_kind_is_known",
                condition=Q(kind__in=DocumentKind.values),
                violation_error_message=_("Choose the kind of paper."),
            ),
            models.CheckConstraint(
                name="enterprises_document_has_a_title",
                condition=~Q(title=""),
                violation_error_message=_("Give the paper a title."),
            ),
            models.CheckConstraint(
                name="enterprises_document_removed_by_somebody",
                condition=Q(removed_at=None, removed_by=None)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                violation_error_message=_("A paper is removed by somebody, at some time."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("enterprises:document", args=[self.organisation_id, self.pk])

    @property
    def is_removed(self):
        return self.removed_at is not None

    @property
    def is_expired(self):
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def is_expiring(self):
        """Whether it ends soon and has not ended yet."""
        ends = self.valid_until
        return ends is not None and not self.is_expired and ends <= timezone.localdate() + SOON

    @property
    def forgotten_on(self):
        """The day from which a removed paper cannot be fetched back."""
        return timezone.localdate(self.removed_at + IN_BIN)

    @property
    def must_stay_shared(self):
        """What a founder has brought is not hidden from the founders afterwards."""
        return self.uploaded_by.role == Role.FOUNDER

    @transaction.atomic
    def renew(self, *, by, file, note="", valid_until=None, form_key=None):
        """Add a version; the earlier ones stay, and so does the end where no new one is named.

        The same form sent twice adds one. Refused while the paper lies in the bin.
        """
        document = Document.objects.select_for_update().get(pk=self.pk)
        if form_key and self.versions.filter(form_key=form_key, sha256=file.sha256).exists():
            return
        if document.is_removed:
            raise ValidationError(_("This paper lies in the bin. Fetch it back first."))
        version = self.versions.attach(
            document=document, by=by, file=file, note=note, form_key=form_key
        )
        if valid_until:
            document.valid_until = self.valid_until = valid_until
            document.save(update_fields=["valid_until"])
        Event.objects.record(actor=by, verb="document.renewed", subject=self, number=version.number)

    @transaction.atomic
    def remove(self, *, by):
        """Put it into the bin, from which it can be fetched back for 30 days."""
        now = timezone.now()
        self._move(Q(removed_at=None), removed_at=now, removed_by=by)
        Event.objects.record(actor=by, verb="document.removed", subject=self)

    @transaction.atomic
    def restore(self, *, by):
        """Fetch it back from the bin."""
        self._move(Q(removed_at__isnull=False), removed_at=None, removed_by=None)
        Event.objects.record(actor=by, verb="document.restored", subject=self)

    def _move(self, source, **fields):
        # The database decides, so a stale page cannot repeat a step.
        if not Document.objects.filter(source, pk=self.pk).update(**fields):
            raise ValidationError(_("Someone changed this paper in the meantime."))
        for name, value in fields.items():
            setattr(self, name, value)

    @transaction.atomic
    def forget(self):
        """Delete the paper and the bytes nobody else needs; safe to be done twice at once."""
        removed = Document.objects.select_for_update().filter(pk=self.pk).removed()
        if not removed:
            return
        self.versions.all().forget()
        Event.objects.record(actor=None, verb="document.forgotten", subject=self)
        self.delete()
