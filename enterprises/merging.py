"""Merging two rows of any noun: what points at one is moved to the other, step by step, and back.

What points at a row is read from `_meta`, so that relations added later are moved as well.
"""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, UniqueConstraint
from django.utils.translation import gettext_lazy as _

MOVED, ASIDE, CHANGED = "moved", "aside", "changed"


def pointing_at(model):
    """Every foreign key, one-to-one and half of a many-to-many that points at a model."""
    return [
        relation.field
        for relation in model._meta.concrete_model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and (relation.one_to_many or relation.one_to_one)
    ]


def rows_of(field, key):
    return field.model._base_manager.filter(**{field.name: key})


def counted(row):
    """What hangs on a row, as (kind in words, number), for each kind that there is."""
    counts = {}
    for field in pointing_at(type(row)):
        words = words_for(field.model)
        counts[words] = counts.get(words, 0) + rows_of(field, row.pk).count()
    return {words: number for words, number in counts.items() if number}


def words_for(model):
    """What rows of a model are called; of a bare many-to-many, what it leads to."""
    meta = model._meta
    if meta.auto_created:
        meta = meta.auto_created._meta
    return str(meta.verbose_name_plural)


@contextmanager
def merging():
    """Tell the database that rows only change whose they are.

    Where it keeps what happened and when, as in a period that is accounted for, that may pass.
    """
    say_merging("on")
    yield
    say_merging("off")


def say_merging(state):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.merging', %s, true)", [state])


class Move:
    """Moves everything from one row to another, and keeps each step.

    A row the other one has its like of is kept aside: taken out of its table, whole in the step.
    What hangs on that row moves to its like. A model whose rows must not overlap has a method
    `overlapping(**values)`: the rows in whose way it would be with these values. One with more to
    say about two rows of which one stays has a method `together(other)`: the values of the one that
    stays, and the rows that hang on either and no longer count.
    """

    def __init__(self):
        self.steps = []

    def everything(self, source, target):
        for field in pointing_at(type(source)):
            keys = list(rows_of(field, source.pk).order_by("pk").values_list("pk", flat=True))
            if keys and not self._moved(field, keys, source, target):
                for key in keys:
                    self._one(field, key, source, target)

    def _one(self, field, key, source, target):
        # Deeper steps may have taken it along already.
        row = rows_of(field, source.pk).filter(pk=key).first()
        if row is None or self._moved(field, [key], source, target):
            return
        twin, *others = likes(row, field, target) or [None]
        # Several that this one overlaps with become one first.
        for each in others:
            self._put_aside(each, twin)
        self._put_aside(row, twin)

    def _moved(self, field, keys, source, target):
        try:
            with transaction.atomic():
                rows = field.model._base_manager.filter(pk__in=keys)
                rows.update(**{field.name: target.pk})
        except IntegrityError:
            return False
        self.steps.append(
            {
                "step": MOVED,
                "model": field.model._meta.label_lower,
                "field": field.name,
                "from": source.pk,
                "to": target.pk,
                "keys": keys,
            }
        )
        return True

    def _put_aside(self, row, twin):
        values = {}
        if twin is not None:
            if hasattr(twin, "together"):
                values, needless = twin.together(row)
                for each in needless:
                    self._put_aside(each, None)
            self.everything(row, twin)
        elif any(rows_of(field, row.pk).exists() for field in pointing_at(type(row))):
            raise ValidationError(
                _("Both have “%(row)s”, and more hangs on it. Settle that first."),
                params={"row": row},
            )
        self.steps.append(
            {"step": ASIDE, "model": row._meta.label_lower, "row": kept(row)},
        )
        type(row)._base_manager.filter(pk=row.pk)._raw_delete(using=row._state.db)
        # Only now is there room for what both were together.
        self._change(twin, values)

    def _change(self, row, values):
        fields = [row._meta.get_field(name) for name in values]
        before = {field.name: as_json(row, field) for field in fields}
        for field in fields:
            setattr(row, field.attname, values[field.name])
        after = {field.name: as_json(row, field) for field in fields}
        if before == after:
            return
        type(row)._base_manager.filter(pk=row.pk).update(**values)
        self.steps.append(
            {
                "step": CHANGED,
                "model": row._meta.label_lower,
                "key": row.pk,
                "before": before,
                "after": after,
            }
        )


def likes(row, field, target):
    """The rows of the target that a rule lets stand in for this one."""
    if hasattr(row, "overlapping"):
        return row.overlapping(**{field.name: target.pk})
    twin = like(row, field, target)
    return [] if twin is None else [twin]


def like(row, field, target):
    """The row of the target that a unique rule lets stand in for this one; None without."""
    for names, condition in unique_rules(type(row)):
        if field.name not in names:
            continue
        same = {name: getattr(row, row._meta.get_field(name).attname) for name in names}
        found = type(row)._base_manager.filter(**same | {field.name: target.pk})
        if condition is not None:
            found = found.filter(condition)
        if twin := found.exclude(pk=row.pk).first():
            return twin
    return None


def unique_rules(model):
    """What must be unique in a table: (names of fields, condition)."""
    meta = model._meta
    yield from (((field.name,), None) for field in meta.concrete_fields if field.unique)
    yield from ((names, None) for names in meta.unique_together)
    yield from (
        (rule.fields, rule.condition)
        for rule in meta.constraints
        if isinstance(rule, UniqueConstraint) and rule.fields
    )


def stored_fields(model):
    return [field for field in model._meta.concrete_fields if not field.generated]


def kept(row):
    """A row as JSON that brings it back exactly."""
    return {field.attname: as_json(row, field) for field in stored_fields(type(row))}


def as_json(row, field):
    value = field.value_from_object(row)
    return None if value is None else field.value_to_string(row)


def brought_back(model, values):
    """Put a row that was kept aside back into its table, with its own key."""
    fields = {field.attname: field for field in stored_fields(model)}
    known = known_of(values, fields)
    row = model(**{name: fields[name].to_python(value) for name, value in known.items()})
    Model.save_base(row, raw=True, force_insert=True)
    return row


def known_of(values, fields):
    """Values without columns that the table no longer has; refused where one held something."""
    if any(value is not None for name, value in values.items() if name not in fields):
        raise ValidationError(_("What was kept then has another form now. It cannot be undone."))
    return {name: value for name, value in values.items() if name in fields}


def go_back(steps, model_of):
    """Undo the steps, the last first; refused where a row is gone or was given elsewhere."""
    for step in reversed(steps):
        model = model_of(step["model"])
        if step["step"] == ASIDE:
            brought_back(model, step["row"])
            continue
        if step["step"] == CHANGED:
            change_back(model, step)
            continue
        mine = model._base_manager.filter(pk__in=step["keys"], **{step["field"]: step["to"]})
        if mine.count() != len(step["keys"]):
            raise ValidationError(
                _("Some of this was deleted or given to somebody else since: %(what)s."),
                params={"what": words_for(model)},
            )
        mine.update(**{step["field"]: step["from"]})


def change_back(model, step):
    row = model._base_manager.filter(pk=step["key"]).first()
    fields = {field.name: field for field in stored_fields(model)}
    values, after = known_of(step["before"], fields), known_of(step["after"], fields)
    if row is None or any(as_json(row, fields[name]) != value for name, value in after.items()):
        raise ValidationError(
            _("Some of this was changed since; what stands there now would be lost: %(what)s."),
            params={"what": words_for(model)},
        )
    before = {
        name: None if value is None else fields[name].to_python(value)
        for name, value in values.items()
    }
    model._base_manager.filter(pk=row.pk).update(**before)


def check_now():
    """Have the database check at once what it would check at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
