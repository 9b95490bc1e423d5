"""What we ask of PostgreSQL beyond Django: ranges, readable refusals, German sorting."""

from contextlib import contextmanager

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models import F, Func, GeneratedField, Value
from django.db.models.functions import Lower, Replace
from django.utils.translation import gettext_lazy as _


class Period(Func):
    """The half-open range between two timestamp columns."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Days(Func):
    """The range of days between two date columns, both days included; no end means for ever."""

    function = "DATERANGE"
    template = "%(function)s(%(expressions)s, '[]')"
    output_field = DateRangeField()


class BerlinDay(Func):
    """The day in Berlin on which a moment lies."""

    template = "(%(expressions)s AT TIME ZONE 'Europe/Berlin')::date"
    output_field = models.DateField()


class BerlinMidnight(Func):
    """The moment at which a day begins in Berlin."""

    template = "((%(expressions)s)::timestamp AT TIME ZONE 'Europe/Berlin')"
    output_field = models.DateTimeField()


class Translate(Func):
    """PostgreSQL's translate(): each character of one list by its partner in the other."""

    function = "TRANSLATE"
    output_field = models.TextField()


FOLDED = "äöüáàâéèêëíîïóôúûçñşğı"
PLAIN = "aouaaaeeeeiiioouucnsgi"


def fold(text):
    """Return the text as `folded()` stores it: lower case, no accents, ß as ss (DIN 5007-1)."""
    return text.lower().translate(str.maketrans(FOLDED, PLAIN)).replace("ß", "ss")


def folding(text):
    """The expression for what `fold` returns of a text."""
    return Replace(
        Translate(Lower(text), Value(FOLDED), Value(PLAIN)),
        Value("ß"),
        Value("ss"),
        output_field=models.TextField(),
    )


def folded(column):
    """A generated column to sort and search a German column by.

    The embedded PostgreSQL has no ICU collation, so the order of DIN 5007-1 is kept as a column.
    """
    return GeneratedField(
        expression=folding(F(column)),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )


class Padded(Func):
    """PostgreSQL's regexp_replace(), twice: zeros before each run of digits, ten digits kept."""

    template = (
        "REGEXP_REPLACE(REGEXP_REPLACE(%(expressions)s, '([0-9]+)', '0000000000\\1', 'g'), "
        "'[0-9]*([0-9]{10})', '\\1', 'g')"
    )
    output_field = models.TextField()


def numbered(column):
    """A generated column to sort by numbers within a text: 2 before 10, and 1.2 before 1.10."""
    return GeneratedField(
        expression=Padded(folding(F(column))),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )


# Words for what triggers refuse, by the name they give as the constraint's.
TRIGGERS = {}


def worded(name, sentence):
    """Give the refusal of a trigger its words, as a constraint has."""
    TRIGGERS[name] = sentence


# PostgreSQL's codes for a lock that did not come in time, and for two who wait for each other.
TOO_BUSY = ("55P03", "40P01")


@contextmanager
def explained(model):
    """Turn the database's refusal into the words its constraint carries.

    Raises ValidationError for a constraint of `model`, for a trigger that has words, and for a
    lock that others hold too long; every other refusal passes unchanged.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refused = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        for constraint in model._meta.constraints:
            if constraint.name == refused:
                refusal = ValidationError(constraint.violation_error_message)
                # A form tells it at its field, see refusals.py.
                refusal.constraint, refusal.model = constraint, model
                raise refusal from error
        if refused in TRIGGERS:
            refusal = ValidationError(TRIGGERS[refused])
            refusal.trigger = refused
            raise refusal from error
        raise
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", None) not in TOO_BUSY:
            raise
        raise ValidationError(
            _("Many people are asking at once. Please try again in a moment.")
        ) from error


def take_turns(key):
    """Let whoever else works on the same key finish first; held until the transaction ends.

    For forms sent twice at once: the second waits, then finds what the first has made.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
