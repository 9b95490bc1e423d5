"""How numbers are written: hours, euros and thousands, the way the reader's language does."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

register = template.Library()
NOTHING = "–"
MINUS = "\N{MINUS SIGN}"


def decimal_of(value):
    """Return the value as a Decimal, or None for what is no number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def written(number, places):
    """As the reader's language writes it, with a minus sign: a hyphen may end a line."""
    exact = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = formats.number_format(exact, decimal_pos=places, use_l10n=True, force_grouping=True)
    return text.replace("-", MINUS)


@register.filter
def minutes(value):
    """150 becomes "2 Std. 30 Min."; a dash for nothing."""
    number = decimal_of(value)
    if number is None:
        return NOTHING
    hours, rest = divmod(int(number), 60)
    if not hours:
        return _("%(minutes)d min") % {"minutes": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": written(Decimal(hours), 0)}
    return _("%(hours)s h %(minutes)d min") % {
        "hours": written(Decimal(hours), 0),
        "minutes": rest,
    }


@register.filter
def clock(value):
    """150 becomes "2:30 Std."; a dash for nothing."""
    number = decimal_of(value)
    if number is None:
        return NOTHING
    hours, rest = divmod(int(number), 60)
    return _("%(clock)s h") % {"clock": f"{hours}:{rest:02d}"}


@register.filter
def hours(value):
    """Minutes as decimal hours: 150 becomes "2,5" in German; a dash for nothing."""
    number = decimal_of(value)
    if number is None:
        return NOTHING
    return trimmed(number / 60, 2)


def trimmed(number, places):
    """Write with at most so many decimal places, without empty ones."""
    exact = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP).normalize()
    return written(exact, max(0, -exact.as_tuple().exponent))


@register.filter
def euro(value):
    """1234.5 becomes "1.234,50 €" in German; a dash for nothing."""
    number = decimal_of(value)
    if number is None:
        return NOTHING
    # No-break space: the sign must not stand alone on the next line.
    return f"{written(number, 2)}\N{NO-BREAK SPACE}€"


@register.filter
def number(value, places=None):
    """12345.5 becomes "12.345,5" in German; a dash for nothing."""
    found = decimal_of(value)
    if found is None:
        return NOTHING
    return trimmed(found, 2) if places is None else written(found, int(places))
