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
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import explained, folded, folding, take_turns
from best_portal.files.names import stem_of
from enterprises.models.organisation import Organisation

# So long before a paper ends somebody should look after the next one.
SOON = timedelta(days=60)

# What the search looks through besides the files and their names.
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


class DocumentQuerySet(WithdrawableQuerySet):
    def visible_to(self, user):
        """Staff see every paper, founders those of their organisations marked for them.

        What lies in the bin is seen by whoever may fetch it back.
        """
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(
                    Q(withdrawn_at=None) | Q(uploaded_by=user),
                    is_shared=True,
                    organisation__in=Organisation.objects.visible_to(user),
                )
            case _:
                return self.none()

    def editable_by(self, user):
        """Staff look after every paper, founders after what they have brought themselves."""
        seen = self.visible_to(user)
        return seen if user.is_staff_member else seen.filter(uploaded_by=user)

    def withdrawable_by(self, user):
        return self.editable_by(user).valid()

    def restorable_by(self, user):
        """Whoever looks after a paper may take it out of the bin."""
        return self.editable_by(user).in_bin()

    def removed(self):
        return self.exclude(withdrawn_at=None)

    def expired(self):
        return self.valid().filter(valid_until__lt=timezone.localdate())

    def expiring(self, within=SOON):
        """Those that are valid today and end within that time."""
        today = timezone.localdate()
        return self.valid().filter(valid_until__range=(today, today + within))

    def to_renew(self, within=SOON):
        """Those that have ended or end within that time."""
        return self.valid().filter(valid_until__lte=timezone.localdate() + within)

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
        """Those kept in whose title, files or names of files the words stand, one at least; the
        others may be the organisation's name."""
        told = [
            word.within(PAPER, alike=alike)
            | Q(pk__in=self._named(word))
            | Q(pk__in=self._versions.with_words(word).values("document"))
            for word in asked.words
        ]
        names = [
            Q(organisation__in=list(Organisation.objects.naming(word))) for word in asked.words
        ]
        each = [title | name for title, name in zip(told, names, strict=True)]
        return self.valid().filter(reduce(or_, told), *each).newest_first()

    def with_piece(self, words):
        """Add `piece`: what stands around the words in the newest file that holds them."""
        holding = self._versions.filter(document=models.OuterRef("pk")).with_piece(words)
        newest = holding.order_by("-number").values("piece")[:1]
        return self.annotate(piece=models.Subquery(newest))

    @property
    def _versions(self):
        return self.model._meta.get_field("versions").related_model.objects

    def _named(self, word):
        return self._versions.filter(word.part_of(folding(F("name")))).values("document")

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


class Document(Withdrawable):
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

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["valid_until"],
                condition=Q(withdrawn_at=None, valid_until__isnull=False),
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
            withdrawn_together("enterprises_document_deleted_by_somebody"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("enterprises:document", args=[self.organisation_id, self.pk])

    @property
    def is_removed(self):
        return self.withdrawn_at is not None

    @property
    def home(self):
        return self.get_absolute_url()

    @property
    def is_expired(self):
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    @property
    def is_expiring(self):
        """Whether it ends soon and has not ended yet."""
        ends = self.valid_until
        return ends is not None and not self.is_expired and ends <= timezone.localdate() + SOON

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
    def purge(self):
        """Delete the paper and the bytes nobody else needs; safe to be done twice at once."""
        removed = Document.objects.select_for_update().filter(pk=self.pk).removed()
        if not removed:
            return
        self.versions.all().forget()
        super().purge()
