"""DocumentVersion: one file of a paper, in the store under a name nobody can guess."""

import logging
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Max, Q, Value
from django.db.models.functions import Cast, Greatest, Least, Length, NullIf, StrIndex, Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.asked import Text
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from best_portal.files import store
from best_portal.files.texts import MOST, words_of
from enterprises.models.document import Document

logger = logging.getLogger(__name__)

# What the search looks through in the files themselves.
WORDS = Text(("text",), stored="folded_text")
# So many letters before a word and after it are read for the piece that is shown of a file.
AROUND = 1_500


class DocumentVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.of(Document.objects.visible_to(user))

    def of(self, documents):
        return self.filter(document__in=documents)

    def newest_first(self):
        return self.order_by("-number")

    def for_list(self):
        return self.defer("text", "folded_text").select_related("uploaded_by")

    def with_words(self, word):
        """Those in whose file the word stands; nothing is forgiven in so much text."""
        return self.filter(word.within(WORDS))

    def with_piece(self, words):
        """Those in whose file one of the words stands, with `piece`: what is around the first."""
        ways = [way for word in words for way in word.parts or word.spellings]
        holding = reduce(or_, [word.part_of(WORDS.plain) for word in words])
        places = [NullIf(StrIndex(WORDS.plain, Value(way)), 0) for way in ways]
        # A folded ß is one letter longer.
        share = Cast(Length("text"), models.FloatField()) / Greatest(Length(WORDS.plain), 1)
        place = Cast(Least(*places, Value(MOST)) * share, models.IntegerField())
        start = Greatest(place - AROUND, 1)
        return self.filter(holding).annotate(piece=Substr("text", start, 2 * AROUND))

    def unread(self):
        """Those whose words no worker has looked for yet."""
        return self.filter(read_at=None)

    @transaction.atomic
    def attach(self, *, document, by, file, note="", form_key=None):
        """Keep the bytes and note the next version; who has the same bytes shares them."""
        take_turns(f"file {file.sha256}")
        kept = self.model.objects.filter(sha256=file.sha256)
        names = kept.values_list("stored_as", flat=True).distinct()
        shared = next((name for name in names if store.has(name)), None)
        last = document.versions.aggregate(last=Max("number"))["last"] or 0
        with explained(self.model):
            return self.create(
                document=document,
                number=last + 1,
                name=file.name,
                stored_as=shared or store.keep(file.content, file.sha256),
                sha256=file.sha256,
                size=file.size,
                media_type=file.kind.media_type,
                note=note,
                uploaded_by=by,
                form_key=form_key,
            )

    @transaction.atomic
    def forget(self):
        """Delete the versions, and once that is sure the bytes no other version shares."""
        for version in self.defer("text", "folded_text").order_by("sha256", "pk"):
            take_turns(f"file {version.sha256}")
            name = version.stored_as
            version.delete()
            if not self.model.objects.filter(stored_as=name).exists():
                transaction.on_commit(lambda name=name: store.forget(name))

    def forget_left_behind(self):
        """Delete files no row knows, of whichever noun: what an upload left that was cut off.

        Without any row this is more likely the wrong database than a store full of leftovers.
        """
        known = store.known_names() - {""}
        for name in list(store.left_behind(known)) if known else ():
            store.forget(name)


class DocumentVersion(models.Model):
    """Version: the file as it came, its number, and what somebody says of it."""

    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, editable=False, related_name="versions"
    )
    number = models.PositiveIntegerField(
        _("version"), editable=False, validators=[MinValueValidator(1)]
    )
    name = models.CharField(_("name of the file"), max_length=255, editable=False)
    stored_as = models.CharField(max_length=110, editable=False)
    sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    media_type = models.CharField(_("type"), max_length=100, editable=False)
    note = models.TextField(_("what this version is"), max_length=1000, blank=True)
    # The words in it, for the search; a worker fills them in.
    text = models.TextField(blank=True, editable=False)
    folded_text = WORDS.column()
    read_at = models.DateTimeField(null=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("brought by"),
    )
    uploaded_at = models.DateTimeField(_("brought"), default=timezone.now, editable=False)
    form_key = models.UUIDField(null=True, editable=False)

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a paper")
        verbose_name_plural = _("versions of papers")
        ordering = ["document", "-number"]
        indexes = [
            models.Index(fields=["stored_as"], name="enterprises_version_stored_as"),
            *WORDS.indexes("enterprises_version"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"],
                name="enterprises_documentversion_numbers_differ",
                violation_error_message=_("Someone added a version just now. Send it again."),
            ),
            models.UniqueConstraint(
                fields=["form_key", "sha256"],
                name="enterprises_documentversion_once_per_form",
                violation_error_message=_("This form was sent before. Please open it anew."),
            ),
            models.CheckConstraint(
                name="enterprises_documentversion_holds_something",
                condition=Q(size__gt=0, number__gt=0) & ~Q(name=""),
                violation_error_message=_("A version needs a file with a name and a content."),
            ),
            models.CheckConstraint(
                name="enterprises_documentversion_stored_under_its_hash",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
                & Q(stored_as__regex=rf"^{store.NAME.pattern}$")
                & Q(stored_as__contains=models.F("sha256")),
                violation_error_message=_("A file is stored under the hash of its content."),
            ),
        ]

    def __str__(self):
        return f"{self.document}, {self.number}"

    def get_absolute_url(self):
        return reverse(
            "enterprises:document_file",
            args=[self.document.organisation_id, self.document_id, self.number],
        )

    @transaction.atomic
    def download(self, *, by):
        """Return the file piece by piece and note who takes it; refused where it has been lost."""
        if not store.has(self.stored_as):
            raise ValidationError(
                _("The file cannot be found in the store. Please tell the management.")
            )
        Event.objects.record(
            actor=by, verb="document.downloaded", subject=self.document, number=self.number
        )
        return store.pieces(self.stored_as)

    def read(self):
        """Note the words in the file, once; one that breaks its reader has none."""
        # Noted before, so that a file a worker dies of is not the next one's death, too.
        unread = DocumentVersion.objects.unread().filter(pk=self.pk)
        if not unread.update(read_at=timezone.now()):
            return
        try:
            with store.open_file(self.stored_as) as content:
                text = words_of(content, self.media_type)
        except Exception:  # a hand-made file passes the checks and breaks in a way nobody foresaw
            logger.exception("The words of version %s cannot be read.", self.pk)
        else:
            DocumentVersion.objects.filter(pk=self.pk).update(text=text)
