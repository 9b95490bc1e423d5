"""Merge: that two files were one, what was moved for it, and the way back for 30 days."""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained
from enterprises.merging import (
    CHANGED,
    MOVED,
    Move,
    as_json,
    check_now,
    go_back,
    merging,
    words_for,
)
from enterprises.models.organisation import Organisation
from enterprises.models.people import Person

# Then what hangs on both has grown together, and whoever merged them does not remember.
UNDO_DAYS = 30
EMPTY = (None, "")


class Noun(models.TextChoices):
    ORGANISATION = "organisation", _("organisation")
    PERSON = "person", _("person")

    @property
    def model(self):
        return {Noun.ORGANISATION: Organisation, Noun.PERSON: Person}[self]

    @property
    def folder(self):
        """The part of an address that names this kind."""
        return {Noun.ORGANISATION: "betriebe", Noun.PERSON: "personen"}[self]

    @property
    def words(self):
        return self.model._meta.verbose_name_plural


class MergeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see all of them, as they see all organisations and people."""
        return self.all() if user.is_staff_member else self.none()

    def of(self, noun):
        return self.filter(noun=noun)

    def into(self, row):
        """What was merged into a row, also what was taken back since."""
        return self.of(row._meta.concrete_model._meta.model_name).filter(kept_key=row.pk)

    def for_list(self):
        return self.select_related("merged_by")

    def that_made(self, noun, keys):
        """Those that still hold by which these rows became what they are, the latest first."""
        found, keys = [], set(keys)
        while keys:
            step = list(self.of(noun).filter(kept_key__in=keys, undone_at=None))
            found += step
            keys = {merge.gone_key for merge in step}
        return sorted(found, key=lambda merge: (merge.merged_at, merge.pk), reverse=True)

    def undoable(self):
        since = timezone.now() - timedelta(days=UNDO_DAYS)
        return self.filter(undone_at=None, merged_at__gt=since)

    @transaction.atomic
    def merge(self, gone, into, *, by, taken=None):
        """Move all that hangs on `gone` to `into`; `taken` says of fields whether gone's value is.

        A field it does not name is filled where it is empty. Refused for one that is merged
        already, for two people with an account each, for neither account may be lost, and for two
        who were at one meeting of a locked period.
        """
        noun = Noun(into._meta.concrete_model._meta.model_name)
        if gone.pk == into.pk:
            raise ValidationError(_("These two are one already."))
        locked = noun.model.objects.select_for_update(of=["self"]).in_bulk([gone.pk, into.pk])
        if len(locked) < 2:
            raise ValidationError(_("One of the two was merged in the meantime."))
        gone, into = locked[gone.pk], locked[into.pk]
        check_now()
        move = Move()
        with explained(noun.model), merging():
            move.everything(gone, into)
        fields = self._take(noun.model, gone, into, taken or {})
        merge = self.create(
            noun=noun,
            gone_key=gone.pk,
            kept_key=into.pk,
            gone_name=str(gone),
            steps=move.steps,
            fields=fields,
            merged_by=by,
        )
        Event.objects.record(
            actor=by, verb=f"{noun}.merged", subject=into, gone=gone.pk, merge=merge.pk
        )
        return merge

    def _take(self, model, gone, into, taken):
        """Take fields over; return them as {name: [of the gone, before, after]}."""
        fields, values, given = {}, {}, {}
        for name in (*model.compared_fields, *model.carried_fields):
            field = model._meta.get_field(name)
            new, old = field.value_from_object(gone), field.value_from_object(into)
            is_filled = old in EMPTY and new not in EMPTY
            if field.unique and EMPTY[0] not in (new, old):
                raise ValidationError(
                    _("Both have an account, and no account may be lost. They cannot be merged.")
                )
            if new == old or not taken.get(name, is_filled):
                continue
            before = as_json(into, field)
            setattr(into, field.attname, new)
            fields[name] = [as_json(gone, field), before, as_json(into, field)]
            values[name] = new
            if field.unique:
                given[name] = None
        with explained(model):
            model.every.filter(pk=gone.pk).update(merged_into=into, **given)
            if values:
                model.every.filter(pk=into.pk).update(**values)
        return fields


# What is called so was erased: nothing is left that could be brought back.
EMPTIED = "–"


class Merge(models.Model):
    """Zusammenführung: what was moved from one file to another, so that it can go back."""

    noun = models.CharField(_("kind"), max_length=12, choices=Noun)
    # Keys, not relations: a later merge would move them, and this one would forget whom it meant.
    gone_key = models.BigIntegerField()
    kept_key = models.BigIntegerField()
    gone_name = models.CharField(_("name"), max_length=200)
    # The moves in their order, and whole rows kept aside (enterprises.merging).
    steps = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    # {field: [of the one that went, before, after]}
    fields = models.JSONField(default=dict)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("merged by"),
    )
    merged_at = models.DateTimeField(_("time"), default=timezone.now)
    undone_at = models.DateTimeField(null=True, editable=False)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_merge_noun_is_known",
                condition=Q(noun__in=Noun.values),
                violation_error_message=_("Only organisations and people can be merged."),
            ),
            models.CheckConstraint(
                name="enterprises_merge_of_two",
                condition=~Q(gone_key=F("kept_key")),
                violation_error_message=_("These two are one already."),
            ),
            models.UniqueConstraint(
                fields=["noun", "gone_key"],
                condition=Q(undone_at=None),
                name="enterprises_merge_once_until_undone",
                violation_error_message=_("One of the two was merged in the meantime."),
            ),
        ]

    def __str__(self):
        return f"{self.gone_name} ({self.merged_at:%d.%m.%Y})"

    def get_absolute_url(self):
        return reverse("enterprises:merge", args=[self.pk])

    def took(self, model, field, key):
        """Whether it took along a row of a model, by the field that says whose it is."""
        return any(
            (step["step"], step["model"], step.get("field")) == (MOVED, model, field)
            and key in step["keys"]
            for step in self.steps
        )

    @property
    def folder(self):
        return Noun(self.noun).folder

    @property
    def moved(self):
        """What was moved and kept aside: (kind in words, moved, aside)."""
        numbers = {}
        for step in self.steps:
            if step["step"] == CHANGED:
                continue
            words = words_for(apps.get_model(step["model"]))
            moved, aside = numbers.get(words, (0, 0))
            if step["step"] == MOVED:
                numbers[words] = (moved + len(step["keys"]), aside)
            else:
                numbers[words] = (moved, aside + 1)
        return [(words, *both) for words, both in sorted(numbers.items())]

    @property
    def kept(self):
        return Noun(self.noun).model.every.filter(pk=self.kept_key).first()

    @property
    def undoable_until(self):
        return self.merged_at + timedelta(days=UNDO_DAYS)

    @property
    def is_undoable(self):
        there = self.undone_at is None and self.gone_name != EMPTIED
        return there and timezone.now() < self.undoable_until

    def empty(self):
        """Forget whom it was about; it can be undone no more."""
        self.gone_name, self.steps, self.fields = EMPTIED, [], {}
        self.save(update_fields=["gone_name", "steps", "fields"])

    @transaction.atomic
    def undo(self, *, by):
        """Make two files of one again, exactly as they were.

        Refused after 30 days, and where what was moved has been changed, deleted or moved on.
        """
        held = Merge.objects.select_for_update(of=["self"]).get(pk=self.pk)
        if held.undone_at:
            raise ValidationError(_("This merge is undone already."))
        if not held.is_undoable:
            raise ValidationError(
                _("A merge can be undone for %(days)s days, until %(day)s."),
                params={"days": UNDO_DAYS, "day": f"{held.undoable_until:%d.%m.%Y}"},
            )
        model = Noun(held.noun).model
        rows = model.every.select_for_update(of=["self"]).in_bulk([held.gone_key, held.kept_key])
        gone, into = rows[held.gone_key], rows[held.kept_key]
        if into.is_merged:
            raise ValidationError(
                _("“%(name)s” was merged again since. Undo that first."), params={"name": into}
            )
        self._go_back(held, model, gone, into)
        held.undone_at = self.undone_at = timezone.now()
        held.save(update_fields=["undone_at"])
        Event.objects.record(
            actor=by, verb=f"{held.noun}.separated", subject=into, gone=gone.pk, merge=held.pk
        )

    def _go_back(self, held, model, gone, into):
        was, before = {}, {}
        for name, (of_gone, of_kept, after) in held.fields.items():
            field = model._meta.get_field(name)
            if as_json(into, field) != after:
                raise ValidationError(
                    _("“%(field)s” was changed since; what stands there now would be lost."),
                    params={"field": field.verbose_name},
                )
            before[name] = None if of_kept is None else field.to_python(of_kept)
            if field.unique:
                was[name] = None if of_gone is None else field.to_python(of_gone)
        try:
            with explained(model):
                with merging():
                    go_back(held.steps, apps.get_model)
                if before:
                    model.every.filter(pk=into.pk).update(**before)
                model.every.filter(pk=gone.pk).update(merged_into=None, **was)
                check_now()
        except IntegrityError as error:
            raise ValidationError(
                _("What was added since stands in the way. This merge can no longer be undone.")
            ) from error


class NotTheSameQuerySet(models.QuerySet):
    def of(self, row):
        return self.filter(
            Q(one_key=row.pk) | Q(other_key=row.pk), noun=row._meta.concrete_model._meta.model_name
        )

    def keys_beside(self, row):
        """The keys of those that were told apart from a row."""
        other = Case(When(one_key=row.pk, then=F("other_key")), default=F("one_key"))
        return self.of(row).annotate(beside=other).values("beside")

    @transaction.atomic
    def say(self, one, other, *, by):
        """Note that two only look alike; they are not suspected again. Saying it twice is once."""
        first, second = sorted((one.pk, other.pk))
        noun = Noun(one._meta.concrete_model._meta.model_name)
        with explained(self.model):
            said, is_new = self.get_or_create(
                noun=noun, one_key=first, other_key=second, defaults={"said_by": by}
            )
        if is_new:
            Event.objects.record(actor=by, verb=f"{noun}.told_apart", subject=one, other=other.pk)
        return said


class NotTheSame(models.Model):
    """Nicht dasselbe: two that look alike and are two; somebody looked."""

    noun = models.CharField(_("kind"), max_length=12, choices=Noun)
    one_key = models.BigIntegerField()
    other_key = models.BigIntegerField()
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    said_at = models.DateTimeField(auto_now_add=True)

    objects = NotTheSameQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair told apart")
        verbose_name_plural = _("pairs told apart")
        constraints = [
            models.CheckConstraint(
                name="enterprises_notthesame_noun_is_known",
                condition=Q(noun__in=Noun.values),
                violation_error_message=_("Only organisations and people can be merged."),
            ),
            models.CheckConstraint(
                name="enterprises_notthesame_in_order",
                condition=Q(one_key__lt=F("other_key")),
                violation_error_message=_("A pair is of two, the older one first."),
            ),
            models.UniqueConstraint(
                fields=["noun", "one_key", "other_key"],
                name="enterprises_notthesame_said_once",
                violation_error_message=_("This is said already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_noun_display()} {self.one_key} ≠ {self.other_key}"
