"""FunderView: what a funder would see of a consultation, in the columns of a report's evidence."""

from dataclasses import dataclass
from datetime import date

from consultations.models import ConsultationKind
from districts.models import District


@dataclass(frozen=True)
class FunderView:
    """One row; never a name on file, never the internal note. What is not known yet is empty."""

    on: date | None = None
    kind: str = ""
    minutes: int | None = None
    district: str = ""
    case_number: str = ""
    result: str = ""
    # Names of people on file that seem to stand in the result.
    names: tuple = ()

    @classmethod
    def of(cls, form):
        """What a form that was sent would show, as far as it can be read already."""
        given = form.cleaned_data
        organisation, day, area = given.get("organisation"), given.get("held_on"), None
        if isinstance(given.get("district"), District):
            area = given["district"]
        elif given.get("district") and organisation and organisation.district and day:
            area = organisation.district.as_of(day)
        return cls(
            on=day,
            kind=dict(ConsultationKind.choices).get(given.get("kind"), ""),
            minutes=given.get("minutes"),
            district=str(area or ""),
            case_number=organisation.number if organisation else "",
            result=given.get("result") or "",
            names=tuple(form.names_in_result()),
        )
