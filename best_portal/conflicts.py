"""Two windows on one record: nothing somebody else saved meanwhile is overwritten unseen.

A form that changes a row says in a hidden field what each field held when it was opened. What
has been changed since is shown beside what was typed, and the form comes back with both: theirs
where the person had not touched the field, what was typed everywhere else.
"""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseFormSet
from django.forms.models import model_to_dict
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.refusals import PlacesRefusals, tell
from best_portal.widgets import Picked

FIELD = "as_opened"
CHANGED = _(
    "This was saved in another window in the meantime. Nothing is overwritten: compare, then save."
)
GONE = _("Someone else has deleted this in the meantime.")


class Difference(NamedTuple):
    """One field that somebody else changed: what is stored now, and what was typed here."""

    label: str
    theirs: str
    mine: str
    # Whether the person had changed the field, too; else theirs stands in the form now.
    is_typed: bool


class AsOpenedField(forms.CharField):
    """What the fields held when the form was opened, as digests; by itself it changes nothing."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=20_000, **kwargs)

    def has_changed(self, initial, data):
        return False


class SeesConflicts(PlacesRefusals):
    """Mixin for a form that changes a row.

    `row` is that row, `stored(row)` its values by field, `typed()` those of the form in the same
    shape. Whoever saves calls `check()` within the transaction and hands a refusal to `refuse()`.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict, self.differences, self.changed_by = None, [], None
        if self.row is not None and self.row.pk is not None:
            self.fields[FIELD] = AsOpenedField(initial=self._opening)

    def clean(self):
        cleaned = super().clean()
        self.cleaned_data.pop(FIELD, None)
        return cleaned

    @property
    def row(self):
        return self.instance

    def stored(self, row):
        return model_to_dict(row, [name for name in self.fields if name in self._meta.fields])

    def typed(self):
        return self.cleaned_data

    def check(self):
        """Refuse to save over what has been changed since the form was opened."""
        if self._says_what_it_showed:
            now = self.stored(self._fresh(self.row._meta.model._base_manager.select_for_update()))
            if self._differences_to(now):
                raise ValidationError(CHANGED)

    def refuse(self, refusal):
        """Say why nothing was saved; after a conflict, go on with a form that holds both."""
        if not self.compare():
            self.add_error(None, refusal)
        elif self.conflict is None:
            self.conflict = refusal

    def compare(self):
        """Take over what others have saved; return whether there was anything."""
        if FIELD not in self.fields:
            return False
        try:
            row = self._fresh(self.row._meta.model._base_manager)
        except ValidationError:
            return False
        now = self.stored(row)
        found, is_outdated = self._differences_to(now), self._is_outdated(now)
        if not is_outdated and not (found and self._says_what_it_showed):
            return False
        self.differences = found
        self._reopen(now)
        self.changed_by = Event.objects.about(row).exclude(actor=None).first()
        return True

    @property
    def _says_what_it_showed(self):
        # A browser always sends the field; whoever leaves it out has seen no form.
        return FIELD in self.fields and self.add_prefix(FIELD) in self.data

    def _fresh(self, rows):
        row = rows.filter(pk=self.row.pk).order_by("pk").first()
        if row is None:
            raise ValidationError(GONE)
        return row

    def _opening(self):
        return json.dumps({name: digest(value) for name, value in self.stored(self.row).items()})

    @property
    def _opened(self):
        """The digests the form was opened with; none where they cannot be read."""
        try:
            opened = json.loads(self.data.get(self.add_prefix(FIELD), ""))
        except ValueError:
            return {}
        return opened if isinstance(opened, dict) else {}

    def _differences_to(self, now):
        opened, typed = self._opened, self.typed()
        found = []
        for bound in self.visible_fields():
            name, mine = bound.name, typed.get(bound.name)
            if name not in now or bound.field.disabled:
                continue
            then, theirs = opened.get(name), now[name]
            if digest(theirs) not in (then, digest(mine)):
                words = [shown(bound.field, value) for value in (theirs, mine)]
                found.append(Difference(bound.label, *words, digest(mine) != then))
        return found

    def _is_outdated(self, now):
        """Whether a hidden field says that the form shows an older version."""
        typed = self.typed()
        return any(
            bound.name in now and digest(now[bound.name]) != digest(typed.get(bound.name))
            for bound in self.hidden_fields()
        )

    def _reopen(self, now):
        """Become an unsent form that holds what is stored now, and what was typed over it."""
        opened, typed = self._opened, self.typed()
        initial = {}
        for name, field in self.fields.items():
            untouched = name in now and digest(typed.get(name)) == opened.get(name)
            if name in now and (untouched or self[name].is_hidden):
                initial[name] = now[name]
            elif name != FIELD:
                key = self.add_prefix(name)
                initial[name] = field.widget.value_from_datadict(self.data, self.files, key)
        initial[FIELD] = json.dumps({name: digest(value) for name, value in now.items()})
        self.initial, self.is_bound, self._errors = initial, False, None
        self.data = self.files = MultiValueDict()
        self._bound_fields_cache.clear()
        if hasattr(self, "resumed"):
            self.resumed()


def check_all(*parts):
    """The same for forms and for the rows of formsets, those to be deleted included."""
    for form in forms_of(parts):
        form.check()


def refuse(refusal, head, *formsets):
    """Say why nothing was saved; show the conflicts of a form and of the rows beside it together.

    A formset may be the head, too.
    """
    in_rows = []
    for row in forms_of(part for part in (head, *formsets) if isinstance(part, BaseFormSet)):
        if row.compare():
            in_rows += [each._replace(label=f"{row.row}: {each.label}") for each in row.differences]
    if in_rows:
        if isinstance(head, SeesConflicts):
            head.compare()
        head.conflict = refusal
        head.differences = [*getattr(head, "differences", ()), *in_rows]
    elif isinstance(head, SeesConflicts):
        head.refuse(refusal)
    elif not isinstance(head, BaseFormSet):
        tell(head, refusal)


def forms_of(parts):
    """The forms among them that see conflicts."""
    for part in parts:
        forms_here = part.initial_forms if isinstance(part, BaseFormSet) else [part]
        yield from (form for form in forms_here if isinstance(form, SeesConflicts))


def digest(value):
    """A short mark of a value, the same for what is stored and for what a form made of it."""
    return blake2b(plain(value).encode(), digest_size=6).hexdigest()


def plain(value):
    """A value as text: rows by key, several of them in no order, texts as browsers send them."""
    match value:
        case None:
            return ""
        case Model():
            return str(value.pk)
        case QuerySet():
            return plain(list(value))
        case Picked():
            return value.pk
        case list() | tuple() | set() if all(isinstance(each, Model | int) for each in value):
            return json.dumps(sorted(plain(each) for each in value)) if value else ""
        case Decimal():
            return f"{value.normalize():f}"
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case dict() | list():
            return json.dumps(value, sort_keys=True, default=str) if value else ""
    return str(value).replace("\r\n", "\n").strip()


def shown(field, value):
    """A value in the words a person reads."""
    if value in (None, "", [], ()):
        return ""
    match field:
        case forms.ModelChoiceField() if isinstance(value, str):
            return value  # a name in place of a row
        case forms.BooleanField():
            return str(_("yes") if value else _("no"))
        case forms.ModelMultipleChoiceField():
            keys = [getattr(each, "pk", each) for each in value]
            rows = field.queryset.model._base_manager.filter(pk__in=keys)
            return ", ".join(field.label_from_instance(row) for row in rows)
        case forms.ModelChoiceField():
            key = getattr(value, "pk", value)
            row = field.queryset.model._base_manager.filter(pk=key).first()
            return field.label_from_instance(row) if row else ""
        case forms.ChoiceField() if not isinstance(value, Model):
            return str(dict(flat(field.choices)).get(str(value), value))
    if isinstance(value, datetime):
        return date_format(localtime(value), "d.m.Y H:i")
    if isinstance(value, date):
        return date_format(value, "d.m.Y")
    written = field.prepare_value(value)
    return str(written) if isinstance(written, str) else str(field.widget.format_value(written))


def flat(choices):
    """Choices without their groups, their keys as text."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from flat(label)
        else:
            yield str(value), label
