"""The public directory of five thousand enterprises, against the bare SQL of the same pages."""

from functools import partial
from statistics import quantiles

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from best_portal.bench.measure import Result, compare
from best_portal.bench.portal import fetch, get
from districts.models import District
from enterprises.models import Entry, EntryConsent, EntryPart, Organisation, OrganisationKind

ENTRIES = 5_000
RUNS = 3
KINDS = (
    OrganisationKind.LOCAL_BUSINESS,
    OrganisationKind.SOCIAL_ENTERPRISE,
    OrganisationKind.ASSOCIATION,
)
WORDS = [
    "Radladen",
    "Nähwerk",
    "Wäscherei",
    "Mittagstisch",
    "Sprachcafé",
    "Töpferei",
    "Bäckerei",
    "Gartenladen",
]
# What visitors ask for: the list, pages of it, words, kinds, one area and several.
QUESTIONS = [
    "",
    "page=2",
    "page=100",
    "kind=association",
    "criteria=on",
    *(f"q={word}" for word in WORDS),
    "q=gibtesnicht",
]


def benchmarks():
    areas = fill()
    visitor = Client(headers={"host": "localhost"})
    several = "&".join(f"area={area.pk}" for area in areas[:4])
    address = reverse("enterprises:directory")
    asked = [*QUESTIONS, f"area={areas[0].pk}", several, f"{several}&kind=local_business"]
    yield slowest("directory", visitor, [f"{address}?{question}" for question in asked])
    yield slowest("pages of areas", visitor, [area.get_absolute_url() for area in areas[:20]])
    entries = Entry.objects.order_by("pk")[:20]
    yield slowest("pages of enterprises", visitor, [each.get_absolute_url() for each in entries])
    yield slowest("map of the directory", visitor, [reverse("enterprises:directory_map")])


def fill():
    """Entries in every area of today, each agreeing to other parts, half of them with a file."""
    areas = list(District.objects.valid_on(timezone.localdate()).order_by("pk"))
    day = timezone.localdate()
    organisations = Organisation.objects.bulk_create(
        Organisation(
            name=f"Muster-Betrieb {n}", kind=KINDS[n % 3], founded_on=day, district=areas[0]
        )
        for n in range(ENTRIES // 2)
    )
    entries = Entry.objects.bulk_create(
        Entry(
            slug=f"muster-{n}",
            name=f"{WORDS[n % len(WORDS)]} Muster {n}",
            kind=KINDS[n % 3],
            text=f"Beispieltext über {WORDS[(n + 3) % len(WORDS)]}. " * 6,
            organisation=organisations[n // 2] if n % 2 else None,
            district=areas[n % len(areas)],
            address=f"Musterstraße {n}",
            latitude=f"{52.4 + (n % 200) / 1000:.3f}",
            longitude=f"{13.2 + (n % 300) / 1000:.3f}",
            published_at=timezone.now(),
            checked_on=day,
        )
        for n in range(ENTRIES)
    )
    EntryConsent.objects.bulk_create(
        EntryConsent(entry=entry, part=part, given_on=day, given_by="Muster", way="paper")
        for n, entry in enumerate(entries)
        for part in list(EntryPart)[: 1 + n % 5]
    )
    tidy()
    return areas


def tidy():
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def slowest(name, client, addresses):
    """The slowest twentieth of these pages, each taken in turn with its statements alone."""
    portal, bare = [], []
    for address in addresses:
        page = partial(get, client, address)
        compared = compare(address, page, partial(replay, statements_of(page)), runs=RUNS)
        portal.append(compared.portal)
        bare.append(compared.reference)
    if len(addresses) == 1:
        return Result(f"{name}, {ENTRIES} entries", portal[0], bare[0])
    return Result(
        f"{name}, p95 of {len(addresses)}, {ENTRIES} entries",
        quantiles(portal, n=20)[-1],
        quantiles(bare, n=20)[-1],
    )


def statements_of(page):
    """The statements one page asks, as SQL with its parameters."""
    statements = []

    def keep(execute, sql, parameters, many, context):
        statements.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(keep):
        page()
    return [
        (sql, given) for sql, given in statements if sql.lstrip().startswith(("SELECT", "WITH"))
    ]


@transaction.atomic
def replay(statements):
    for sql, parameters in statements:
        fetch(sql, parameters)
