"""The search box over two hundred thousand consultations, against the bare SQL of the same hits."""

from functools import partial
from statistics import quantiles
from urllib.parse import urlencode

from django.db import connection, transaction
from django.urls import reverse

from best_portal.bench.crowd import Crowd
from best_portal.bench.measure import Result, compare
from best_portal.bench.portal import fetch, get, signed_in
from best_portal.search.finding import find

ROWS = 200_000
RUNS = 3
# What advisors write about, put together by chance into sentences of the length of a real note.
BEGINNINGS = (
    "Zuwendungs Förder Gründungs Geschäfts Finanzierungs Genossenschafts Vereins Steuer Miet "
    "Betriebs Arbeits Nachbarschafts Stadtteil Personal Versicherungs Sozial Bau Markt Kunden"
)
ENDS = (
    "antrag bescheid plan vertrag beratung konzept satzung gründung prüfung zuschuss kosten "
    "räume gespräch unterlagen abrechnung analyse werkstatt küche straße förderung"
)
ALONE = (
    "Wäscherei Nähwerkstatt Radladen Café Mittagstisch Sprachkurs Nachhilfe Pflegedienst Garten "
    "Übersetzung Maßschneiderei Töpferei Bäckerei Hausmeisterdienst Lieferdienst Bühne Verleih"
)
FORMS = "besprochen geklärt vorbereitet eingereicht verschoben abgelehnt bewilligt gefunden"
TEXTS = """
UPDATE consultations_consultation SET result = {result}, internal_note = {note}, next_step = {step}
"""
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = 'consultations_consultation' AND indexdef LIKE '% USING gin %'
"""
# Words as people type them: whole, in part, in another form, with another spelling, with a typo.
QUERIES = """
bescheid | Zuwendungsbescheid | Förderantrag | foerderung | anträge | Mietvertrag | miet | Wäscherei
waescherei | wascherei | Radladen bescheid | Nähwerkstatt Räume | Genossenschaft | satzung
Vereinssatzung | Steuerprüfung | geklärt | Massschneiderei | Maßschneiderei | strasse
Stadtteilküche | Küche eingereicht | uebersetzung | Übersetzung bewilligt | Café | Pflegedienst
Personalkosten | kosten plan | Marktanalyse | Kundengespräch | Versicherung | Töpferei
zuwendungsbeschied | Gennossenschaft | hausmeister | Muster-Organisation 7 | lieferdienst vertrag
Bauantrag | Finanzierungsplan geklärt | Geschäftskonzept
"""
QUESTIONS = [query.strip() for query in QUERIES.replace("\n", "|").split("|") if query.strip()]


def benchmarks():
    crowd = Crowd(ROWS)
    write()
    crowd.tidy()
    advisor = crowd.advisors[0]
    yield searching(signed_in(advisor), advisor)


def write():
    """Give every consultation a result, a note and a next step, the same at every run."""
    compound = (BEGINNINGS, ENDS)
    texts = {
        "result": drawn(1, [compound, FORMS, ALONE, compound, FORMS]),
        "note": drawn(20, [ALONE, compound, FORMS, compound, FORMS, ALONE]),
        "step": drawn(40, [compound, FORMS]),
    }
    with connection.cursor() as cursor:
        # Word by word into four indexes took a quarter of an hour; all words at once take seconds.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(TEXTS.format(**texts))
        for _name, definition in indexes:
            cursor.execute(definition)


def drawn(salt, parts):
    """SQL for words drawn by the number of the row; a pair of lists is one compound."""
    return " || ' ' || ".join(
        " || ".join(one_of(words, salt + 3 * place + half) for half, words in enumerate(part))
        if isinstance(part, tuple)
        else one_of(part, salt + 3 * place)
        for place, part in enumerate(parts)
    )


def one_of(words, salt):
    listed = ", ".join(f"'{word}'" for word in words.split())
    number = len(words.split())
    return f"(ARRAY[{listed}])[1 + abs(hashint8(id * 97 + {salt})::bigint) % {number}]"


def searching(client, user):
    """The slowest twentieth of the questions, each taken in turn with its statements alone."""
    address, portal, bare = reverse("search"), [], []
    for question in QUESTIONS:
        statements = asked_of_the_database(user, question)
        ask = partial(get, client, f"{address}?{urlencode({'q': question})}")
        compared = compare(question, ask, partial(replay, statements), runs=RUNS)
        portal.append(compared.portal)
        bare.append(compared.reference)
    return Result(
        f"search, p95 of {len(QUESTIONS)} questions, {ROWS} consultations",
        quantiles(portal, n=20)[-1],
        quantiles(bare, n=20)[-1],
    )


def asked_of_the_database(user, question):
    """The statements one search asks, as SQL with its parameters."""
    statements = []

    def keep(execute, sql, parameters, many, context):
        statements.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(keep):
        find(user, question)
    return [(sql, given) for sql, given in statements if sql.startswith(("SELECT", "\nSELECT"))]


@transaction.atomic
def replay(statements):
    for sql, parameters in statements:
        fetch(sql, parameters)
