"""Filters for the paper templates: German figures and dates, and lists for narrow columns."""

from django import template
from django.utils import timezone

from reports import german

register = template.Library()
register.filter("number", german.number)
register.filter("euro", german.euro)
register.filter("percent", german.percent)
register.filter("day", german.day)
register.filter("count_word", german.count_word)


@register.filter
def moment(value):
    """Write a point in time as people in Berlin read it."""
    return f"{timezone.localtime(value):%d.%m.%Y, %H:%M} Uhr"


@register.filter
def total(lines, name):
    """Add one field of the lines; None as long as one of them was not asked."""
    values = [getattr(line, name) for line in lines]
    return sum(values) if values and None not in values else None


@register.filter
def held(row):
    """Write the days something holds; without any it holds all the time."""
    return german.days(row.since, row.until) or german.ALL_THE_TIME


@register.filter
def of_kind(lines, kind):
    return [line for line in lines if line.kind == kind]


@register.filter
def share(value, whole):
    """Write a part of a whole in v. H. with one decimal."""
    if value is None or not whole:
        return german.NOT_ASKED
    return german.number(100 * value / whole, 1)


@register.filter
def balance(incomes, expenses, name="planned"):
    income, expense = total(incomes, name), total(expenses, name)
    return german.euro(None if income is None or expense is None else income - expense)


@register.filter
def balance_actual(incomes, expenses):
    return balance(incomes, expenses, "since_start")
