"""Refusals at their field: which field of a form the broken rule of a model is about.

A rule of one visible field is told at that field, whatever else it names that the form does not
show. A rule of several is told where `at_field` says so; else at the one that was left empty and
is asked for, or at the one that is measured by another (an end by its start). What a trigger
refuses is told where `at_field` says so. What is about no single field stays above the form.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

# Name of a constraint → the field it is told at, where several are shown and none stands out; or of
# a trigger, which belongs to no field by itself.
PLACES = {}

COMPARED = ("gt", "gte", "lt", "lte", "exact")


def at_field(name, field):
    """Tell the refusal of this constraint or trigger at this field of a form that shows it."""
    PLACES[name] = field


class PlacesRefusals:
    """Mixin for a form: what a constraint of its model refuses stands at the field it is about."""

    def add_error(self, field, error):
        super().add_error(field, error if field else placed(self, error))


def tell(form, refusal):
    """Put a refusal into a form: at the field it is about, or above them all."""
    form.add_error(None, placed(form, refusal))


def placed(form, refusal):
    """The same refusal by fields, as far as it comes from a constraint that is about one."""
    refusal = refusal if isinstance(refusal, ValidationError) else ValidationError(refusal)
    if hasattr(refusal, "error_dict"):
        found = {name: list(errors) for name, errors in refusal.error_dict.items()}
    else:
        found = {NON_FIELD_ERRORS: refusal.error_list}
    for error in found.pop(NON_FIELD_ERRORS, []):
        found.setdefault(field_of(form, error) or NON_FIELD_ERRORS, []).append(error)
    return ValidationError(found)


def field_of(form, error):
    shown = {bound.name for bound in form.visible_fields()}
    if (place := PLACES.get(getattr(error, "trigger", None))) in shown:
        return place
    model = getattr(getattr(form, "_meta", None), "model", None)
    constraint = getattr(error, "constraint", None)
    if constraint is None and model:
        constraint = next((each for each in model._meta.constraints if says(each, error)), None)
    elif model not in (None, getattr(error, "model", None)):
        return None  # a row beside it has a field of the same name
    return constraint and place_of(constraint, shown, empty_in(form))


def says(constraint, error):
    return str(constraint.violation_error_message) == str(error.message)


def empty_in(form):
    values = getattr(form, "cleaned_data", {})
    return {name for name in form.fields if values.get(name) in (None, "")}


def place_of(constraint, shown, empty):
    """The one of the shown fields that a constraint is about, or None."""
    if (place := PLACES.get(constraint.name)) in shown:
        return place
    match constraint:
        case UniqueConstraint():
            sets = [
                {
                    *constraint.fields,
                    *(name for each in constraint.expressions for name in names(each)),
                }
            ]
        case CheckConstraint(condition=Q() as rule):
            leaves = list(leaves_of(rule))
            sets = [
                {name for name, *_rest in leaves},
                {name for name, lookup, value, no in leaves if asks_for(lookup, value, no)} & empty,
                {name for name, lookup, value, _no in leaves if is_measured(lookup, value, shown)},
            ]
        case _:
            sets = []
    alone = (found for each in sets if len(found := each & shown) == 1)
    return next((name for (name,) in alone), None)


def names(expression):
    """The fields an expression is made of."""
    if isinstance(expression, F):
        yield expression.name
    for part in getattr(expression, "get_source_expressions", list)():
        yield from names(part)


def leaves_of(rule, is_negated=False):
    """(field, lookup, value, whether it is negated) of each comparison, and of fields as values."""
    is_negated = is_negated != rule.negated
    for child in rule.children:
        if isinstance(child, Q):
            yield from leaves_of(child, is_negated)
        elif isinstance(child, tuple):
            name, *lookups = child[0].split("__")
            yield name, "__".join(lookups) or "exact", child[1], is_negated
            for other in names(child[1]):
                yield other, "", None, False


def asks_for(lookup, value, is_negated):
    """Whether it demands that something is there."""
    if lookup == "isnull":
        return bool(value) == is_negated
    return lookup == "exact" and is_negated and value in (None, "")


def is_measured(lookup, value, shown):
    """Whether it compares with another field that is shown."""
    return lookup in COMPARED and any(name in shown for name in names(value))
