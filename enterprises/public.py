"""What the public is shown of an entry: pages, feeds and files get it through here only."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import (
    Criterion,
    CriterionAssessment,
    Entry,
    IncomeMix,
    OrganisationKind,
)

# What schema.org calls them; every other kind is an Organization.
TYPES = {
    OrganisationKind.LOCAL_BUSINESS: "LocalBusiness",
    OrganisationKind.ASSOCIATION: "NGO",
    OrganisationKind.FOUNDATION: "NGO",
}


@dataclass(frozen=True)
class Mix:
    """The shares of a year's income in percent, and the hours of unpaid work."""

    year: int
    public: int
    private: int
    hours: object

    @classmethod
    def of(cls, row):
        total = row.public_contracts + row.private_sales
        public = round(100 * row.public_contracts / total) if total else 0
        return cls(row.year, public, 100 - public if total else 0, row.unpaid_hours)

    def __str__(self):
        return _(
            "%(year)d: %(public)d %% public contracts, %(private)d %% private sales, "
            "%(hours)s hours of unpaid work"
        ) % {
            "year": self.year,
            "public": self.public,
            "private": self.private,
            "hours": f"{self.hours:.0f}",
        }


@dataclass(frozen=True)
class PublicEntry:
    """An entry as everyone may read it: what the enterprise did not agree to is not in it."""

    slug: str
    name: str
    kind: str
    schema_type: str
    text: str
    language: str
    text_de: str
    text_en: str
    district: object
    checked_on: date | None
    published_at: object
    updated_at: object
    # Asked whether it is true, it has not answered for a while.
    is_doubtful: bool = False
    address: str = ""
    # (longitude, latitude) of the enterprise itself; None where only its neighbourhood is known.
    point: tuple | None = None
    email: str = ""
    phone: str = ""
    website: str = ""
    # Names of the criteria met; None where nothing is told of them.
    criteria: tuple | None = None
    mix: Mix | None = None

    @property
    def href(self):
        return Entry(slug=self.slug).get_absolute_url()

    @property
    def url(self):
        return f"{settings.PUBLIC_URL}{self.href}"

    @property
    def meets_all(self):
        return self.criteria is not None and len(self.criteria) == len(Criterion)

    @property
    def structured(self):
        """The entry in the words of schema.org."""
        place = {"@type": "PostalAddress", "addressLocality": "Berlin", "addressCountry": "DE"}
        if self.address:
            place["streetAddress"] = self.address
        told = {
            "@type": self.schema_type,
            "@id": self.url,
            "name": self.name,
            "description": self.text_de,
            "url": self.website or self.url,
            "email": self.email,
            "telephone": self.phone,
            "address": place,
            "areaServed": self.district.name if self.district else "",
            "keywords": self.kind,
        }
        if self.point:
            longitude, latitude = self.point
            told["location"] = {
                "@type": "Place",
                "geo": {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude},
            }
        return {name: value for name, value in told.items() if value}


def shown(rows):
    """PublicEntry of each row of `Entry.objects.public()`; two queries more, however many."""
    rows = list(rows)
    criteria, mixes = facts_of(rows)
    return [one(row, criteria, mixes) for row in rows]


def facts_of(rows):
    """What the files say of those that agreed: {organisation: criteria met}, {…: income mix}."""
    agreed = [row.organisation_id for row in rows if row.shows_criteria and row.organisation_id]
    criteria = defaultdict(list)
    if agreed:
        assessed = CriterionAssessment.objects.as_of(timezone.localdate())
        for row in assessed.filter(organisation__in=agreed).order_by("criterion"):
            if row.is_met:
                criteria[row.organisation_id].append(str(row.get_criterion_display()))
    agreed = [row.organisation_id for row in rows if row.shows_income_mix and row.organisation_id]
    mixes = {}
    if agreed:
        for row in IncomeMix.objects.valid().filter(organisation__in=agreed).order_by("year"):
            mixes[row.organisation_id] = Mix.of(row)
    return criteria, mixes


def one(row, criteria, mixes):
    text, language = row.text_and_language
    agreed = {}
    if row.shows_address:
        agreed["address"] = row.address
        if row.latitude is not None:
            agreed["point"] = (float(row.longitude), float(row.latitude))
    if row.shows_contact:
        agreed |= {"email": row.email, "phone": row.phone, "website": row.website}
    if row.shows_criteria and row.organisation_id:
        agreed["criteria"] = tuple(criteria.get(row.organisation_id, ()))
    if row.shows_income_mix:
        agreed["mix"] = mixes.get(row.organisation_id)
    return PublicEntry(
        slug=row.slug,
        name=row.name,
        kind=str(row.get_kind_display()),
        schema_type=TYPES.get(row.kind, "Organization"),
        text=text,
        language=language,
        text_de=row.text,
        text_en=row.text_en,
        district=row.district,
        checked_on=row.checked_on,
        published_at=row.published_at,
        updated_at=row.updated_at,
        is_doubtful=row.is_doubtful,
        **agreed,
    )
