"""Moments and months in addresses: /termine/buchen/7/20300603T0700Z/, /stunden/7/2030-06/."""

from datetime import UTC, date, datetime

FORMAT = "%Y%m%dT%H%MZ"


class MomentConverter:
    """A moment in UTC, to the minute; whatever is no real moment is no address."""

    regex = r"\d{8}T\d{4}Z"

    def to_python(self, value):
        at = datetime.strptime(value, FORMAT).replace(tzinfo=UTC)
        # Beyond these, days cannot be counted on from.
        if not 2000 <= at.year <= 2100:
            raise ValueError(value)
        return at

    def to_url(self, value):
        return value.astimezone(UTC).strftime(FORMAT)


class MonthConverter:
    """A month, as its first day."""

    regex = r"20\d{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value):
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value):
        return f"{value:%Y-%m}"
