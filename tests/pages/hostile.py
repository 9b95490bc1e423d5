"""Hostile texts for every field a person can write into, found by looking at the models."""

import csv
import io
import re
import string
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fnmatch import fnmatchcase

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import CharField, EmailField, JSONField, TextField, URLField
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.pages.models import SmallCellRule
from consultations.models import DeclinedRequest, GuestBooking, ImportBatch, Registration
from consultations.models.guests import digest_of
from enterprises.models import OperationImport, Stage, UnpaidWorkRate
from reports.models import ContinuityRule, Indicator, LineKind, ReportVersion, VoucherImport
from reports.production import produce
from tests.factories import (
    let_out,
    make_agreement,
    make_barrier,
    make_case,
    make_continuity_rule,
    make_group_session,
    make_report,
    make_small_cell_rule,
    make_team_hours,
    make_version,
    make_visit,
    make_waiting_entry,
)
from tests.pages.walk import make_world
from tests.routes.matrix import ANONYMOUS
from tests.routes.test_leaks import questions
from tests.test_conventions import OURS

# Short, so that each fits into the field of a phone number, too.
PAYLOADS = (
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    "<svg onload=hit()>",
    "<svg><use href=//feind.invalid#a>",
    "<style>@import'//feind.invalid';",
    "<p style=background:url(//a.test)>",
    "<base href=//feind.invalid>",
    "<iframe src=file:///etc/passwd>",
    "<a href=javascript:hit()>x</a>",
    "<form action=//feind.invalid>",
    '"><img src=x onerror=hit()>',
    "' autofocus onfocus=hit() a='",
    '" autofocus onfocus=hit() a="',
    "</title><script>hit()</script>",
    "</textarea><svg onload=hit()>",
    "</option></select><b>x</b>",
    "--></td></tr></table><!--",
    "javascript:hit()",
    "file:///etc/passwd",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "&lt;b&gt; &amp;amp; &#60;i&#62;",
    "\\\"'`;--'; DROP TABLE x;",
    "\u202eretsuM\u2066 \u200f",
    "Mu\u200bs\u200dt\ufeffe\u00adr",
    "Z\u0321\u0334\u035a\u0362\u0338 😀 \U000e0041",
    '=HYPERLINK("//a.invalid";1)',
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-1-1",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "\x01\x08\x1b[31m\x7f\x85",
    "%0d%0aSet-Cookie:a=b",
)
# Blanks, and all that Unicode calls a control character.
ARRANGED = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
# No place in it to break a line.
ENDLESS = "X" * 90
# field, or pattern of fields → why no text of a person stands in it.
NOT_WRITTEN = {
    "*.token_digest": "a hash",
    "*.fingerprint": "a hash",
    "*.identity": "a hash",
    "*.sent_digest": "a hash",
    "*.sha256": "a hash",
    "*Import*.mapping": "numbers of columns",
    "*Import*.outcome": "numbers",
    "*Import*.leftover": "the rejected rows of a list; their own test brings some",
    "*.stored_as": "made by us of a hash",
    "*.media_type": "one of our words",
    "enterprises.DocumentVersion.text": "for the search; no page shows it",
    "accounts.User.password": "a hash; nobody has a password",
    "audit.Event.verb": "one of our words",
    "audit.Event.subject_type": "one of our words",
    "audit.Event.subject_id": "a number",
    "audit.Event.details": "what the verbs note, and no page shows it",
    "outbox.Letter.key": "made by us",
    "outbox.Letter.reader": "made by us",
    "outbox.Letter.language": "one of two",
    "drafts.Draft.address": "an address of ours, sealed into the form",
    "districts.Borough.key": "two digits",
    "reports.Grant.iban": "a number that is checked",
    "reports.GrantChange.*": "never changes once it is kept; their own test writes some",
    "reports.OutlineSection.key": "made of the heading",
    "districts.District.slug": "letters and dashes",
    "districts.District.outline": "numbers",
    "enterprises.Beneficiary.key": "made of the name",
    "enterprises.Entry.slug": "letters and dashes",
    "enterprises.Operation.postcode": "five characters",
    "consultations.Handover.moved": "numbers",
    "consultations.Question.*": "our own sentences, brought by a migration",
    "consultations.Participation.counted_*": "erasing writes it, one of our codes",
    "consultations.Answer.value": "one of our choices, or a day",
    "enterprises.Merge.fields": "the merging writes it, of everything else",
    "enterprises.Merge.steps": "the merging writes it, of everything else",
    "enterprises.Person.postcode": "the database takes digits only",
    "consultations.MonthSheet.explanation": "the database refuses to change what was closed",
    "consultations.MonthSheet.rows": "closing writes it, of everything else",
    "consultations.MonthSheetVersion.*": "the database refuses to change what was closed",
    "consultations.PeriodLock.*": "the database refuses to change what was locked",
    "consultations.Project.key": "letters and dashes",
    "consultations.Appointment.mobile": "the database takes digits only",
    "consultations.BusyCalendar.address": "a secret; its host is all that is ever shown",
    "reports.Declaration.nace": "digits and a point",
    "reports.Acceptance.letter_reference": "the database refuses to change it",
    "reports.Acceptance.remark": "the database refuses to change what passed with a funder",
    "reports.Query.*": "the database refuses to change what passed with a funder",
    "reports.Reply.text": "the database refuses to change what passed with a funder",
    "reports.Submission.note": "the database refuses to change what passed with a funder",
    "reports.FinancingPlanLine.position": "ten characters",
    "reports.Grant.ref": "letters and dashes",
    "reports.Grant.logos": "names of our own pictures",
    "reports.Volume.key": "a hash",
    "reports.Indicator.code": "a short key of ours; addresses are made of it",
    "reports.Indicator.rule": "the name of one of our counting rules",
    "reports.PaymentRequest.frozen": "numbers; asking for money writes them",
    "reports.Report.exceptions": "by codes of what a check found; here it finds other things",
    "reports.Story.slug": "letters and dashes",
    "districts.Survey.slug": "letters and dashes",
    "reports.ReportVersion.error": "one of our sentences",
    "reports.ReportVersion.frozen": "the production writes it, of everything else",
}
# How a text stands in a field that holds several.
SHAPES = {
    "drafts.Draft.fields": lambda text: {"internal_note": [text]},
    "enterprises.Entry.proposed": lambda text: {"text": text},
    # Under a section of the outline, and under one that it does not have (any more).
    "reports.Report.narrative": lambda text: {"what": text, "summary": text},
    "reports.Report.reasons": lambda text: {"BEST-BER": text},
}
# What is read only with an ending.
ENDINGS = {"file_name": ".csv"}
# The secret of a guest's link, and what it opens.
SECRET = "offen"
GUESTS_PAGES = ("guest", "guest_move", "guest_cancel")
GAP = "\N{INFORMATION SEPARATOR ONE}"


def free_texts():
    """Every field of ours that holds words and offers no choice of them: {name: field}."""
    return {
        f"{each.model._meta.label}.{each.name}": each
        for config in OURS
        for model in config.get_models()
        for each in model._meta.local_concrete_fields
        if isinstance(words_of(each), CharField | TextField | JSONField)
        and not words_of(each).choices
    }


def words_of(each):
    return each.base_field if isinstance(each, ArrayField) else each


def bare(text):
    """The text without blanks and control characters, which page and file arrange their way."""
    return ARRANGED.sub("", text)


# --- a world that holds each noun ---


def make_full_world():
    """The world of all routes, and what its pages do not need but may show.

    `further` are pages no route leads to by itself: {visitor: addresses}.
    """
    world = make_world()
    grant, organisation = world.objects["grant"], world.objects["organisation"]
    advisor = world.people[Role.ADVISOR]
    UnpaidWorkRate.objects.create(starts_on=grant.starts_on, euros_per_hour=10, source="-")
    organisation.move_to(Stage.CONCEPT, on=date(2024, 1, 2), by=advisor, reason="-")
    make_case(
        project=grant.project,
        organisation=organisation,
        advisor=advisor,
        closed_on=grant.starts_on,
        outcome="-",
    )
    square = [[13.4, 52.5], [13.5, 52.5], [13.5, 52.6], [13.4, 52.5]]
    district = world.objects["district"]
    district.outline = {"type": "Polygon", "coordinates": [square]}
    district.save()
    # A letter about an early start stands beside its day only.
    grant.early_start_on = grant.starts_on - timedelta(days=1)
    grant.save()
    grant.notices.create(issued_on=grant.starts_on, reference="-", amount=1)
    grant.plan_lines.create(kind=LineKind.EXPENSE, position="1", label="-", planned=1)
    grant.deadlines.create(title="-", due_on=timezone.localdate() + timedelta(days=20))
    grant.thresholds.create(key="hours", value=1, source="-")
    published = {"kind": "press", "medium": "-", "title": "-", "kept_at": "-"}
    grant.publicity.create(published_on=timezone.localdate(), **published)
    grant.targets.update(value=1000)
    # The figure whose page the routes name is ours now, not that of the reference data.
    Indicator.objects.filter(code="BEST-BER").delete()
    ours = Indicator.objects.filter(targets__grant=grant).exclude(rule="enterprises_by_size")
    ours.update(code="BEST-BER")
    make_team_hours(project=grant.project)
    # Tests that went before may have emptied these two of their reference data.
    SmallCellRule.objects.exists() or make_small_cell_rule()
    ContinuityRule.objects.exists() or make_continuity_rule()
    DeclinedRequest.objects.note(by=None, place="-")
    world.further = further_pages(world)
    return world


def further_pages(world):
    advisor, session = world.people[Role.ADVISOR], world.objects["group_session"]
    GuestBooking.objects.create(
        appointment=world.objects["appointment"],
        name="-",
        email="gast@muster.example",
        token_digest=digest_of(SECRET),
    )
    asked = Registration.objects.ask(session=session, name="-", email="gast@muster.example")
    waiting = make_waiting_entry(name="-", email="gast@muster.example", status="unconfirmed")
    called_off = make_group_session(project=session.project, leaders=[advisor])
    called_off.cancel(by=advisor, reason="-")
    lifted = make_visit(
        project=session.project,
        advisor=advisor,
        do_not_contact=True,
        lifted_at=timezone.now(),
        lifted_by=advisor,
        lifted_because="-",
    )
    entry = world.objects["time_entry"]
    ended = make_agreement(advisor=advisor)
    ended.end(by=advisor, on=ended.starts_on, because="-")
    answered = make_barrier()
    answered.reply("-", by=world.people[Role.MANAGER])
    guest = [reverse(f"consultations:{name}", args=[SECRET]) for name in GUESTS_PAGES]
    return {
        ANONYMOUS: [
            *guest,
            asked.get_absolute_url(),
            called_off.get_absolute_url(),
            reverse("consultations:waiting_link", args=[waiting.token]),
            reverse("enterprises:entry_own", args=[world.objects["entry"].token]),
            reverse("enterprises:entry_change", args=[world.objects["entry"].token]),
        ],
        Role.MANAGER: [answered.get_absolute_url()],
        Role.ADVISOR: [
            *questions(world),
            world.objects["begun"].resume_url,
            reverse("consultations:registered", args=[asked.pk]),
            lifted.get_absolute_url(),
            ended.get_absolute_url(),
            world.objects["over_need"].get_absolute_url(),
            world.objects["settled_offer"].get_absolute_url(),
            world.objects["dropped_decision"].meeting.get_absolute_url(),
            reverse("consultations:month", args=[advisor.pk, entry.day.replace(day=1)]),
        ],
    }


LOG = ["Nr.", "Datum", "Minuten", "Art", "Gebiet", "Initiative", "Notiz"]
BILLS = ["Position", "Beleg-Nr.", "Zahltag", "Empfänger", "Grund", "Betrag"]
LIST = ["Name des Begünstigten", "Bezeichnung des Vorhabens", "Datum des Beginns", "Gesamtbetrag"]


def bring_hostile_lists(world):
    """Lists with each of the payloads in each of their columns, to be looked at and rejected."""
    project, grant = world.objects["project"], world.objects["grant"]
    for kind, columns, manager, about, who in [
        ("batch", LOG, ImportBatch.objects, {"project": project}, Role.ADVISOR),
        ("operations_batch", LIST, OperationImport.objects, {"fund": "esf"}, Role.ADVISOR),
        ("vouchers_batch", BILLS, VoucherImport.objects, {"grant": grant}, Role.MANAGER),
    ]:
        file = io.StringIO(newline="")
        writer = csv.writer(file, delimiter=";")
        writer.writerow(columns)
        writer.writerows([payload] * len(columns) for payload in PAYLOADS)
        world.objects[kind] = manager.propose(
            by=world.people[who],
            file=io.BytesIO(file.getvalue().encode()),
            name=f"{PAYLOADS[0]}.csv",
            **about,
        )


def release_hostile_report(world):
    """A report made of the texts as they stand now, printed and released."""
    grant = world.objects["grant"]
    report = make_report(grant=grant, ends_on=grant.starts_on.replace(month=12, day=31))
    report.narrative = world.objects["report"].narrative
    report.save()
    version = ReportVersion.objects.claim(make_version(report=report).pk)
    version.finish(produce(version, lambda step: None), seconds=1)
    let_out(version, by=world.people[Role.MANAGER])
    world.objects |= {"report": report, "version": version}


# --- writing ---

DIGITS = string.digits + string.ascii_lowercase


@dataclass(frozen=True)
class Text:
    """What will be read, and what is stored: there a gap where rows must differ."""

    read: str
    stored: object

    def of_row(self, number=""):
        if isinstance(self.stored, dict):
            return self.stored
        return self.stored.replace(GAP, str(number))


class Filling:
    """Writes into every field of every row; knows what stands there and what has stood there."""

    def __init__(self):
        self.fields = {
            name: each
            for name, each in free_texts().items()
            if not any(fnmatchcase(name, pattern) for pattern in NOT_WRITTEN)
        }
        # A word at the end of each text says which field it was written into; short as the fields.
        self.marks = {
            name: f"Z{DIGITS[number // 36]}{DIGITS[number % 36]}q"
            for number, name in enumerate(self.fields)
        }
        # field → what is to be read there now; field → the payloads it has held.
        self.read, self.held = {}, defaultdict(set)

    def write(self, choose):
        """Write the first that fits of `choose(field, its payloads)`.

        Each field begins the payloads at another one. One that nothing fits keeps what it holds.
        """
        by_model = defaultdict(dict)
        for number, (name, each) in enumerate(self.fields.items()):
            turn = number % len(PAYLOADS)
            for text in choose(each, PAYLOADS[turn:] + PAYLOADS[:turn]):
                if shaped := self.shape(name, each, text):
                    by_model[each.model][name] = shaped, text
                    break
        for model, texts in by_model.items():
            for name in self.save(model, {name: shaped for name, (shaped, _) in texts.items()}):
                shaped, text = texts[name]
                self.read[name] = shaped.read
                self.held[name] |= {payload for payload in PAYLOADS if payload in text}

    def write_one(self, payload):
        self.write(lambda each, payloads: [payload])

    def write_pair(self, turn):
        """Two payloads where two fit, else one; in as many turns as half of them each has been."""
        half = len(PAYLOADS) // 2

        def pair(each, payloads):
            first, second = payloads[turn % len(payloads)], payloads[(turn + half) % len(payloads)]
            return [f"{first} {second}", first, second]

        self.write(pair)

    def write_many(self):
        """As many payloads as fit into each field, and an endless word."""
        self.write(mixture)

    def shape(self, name, each, text):
        """Return the text in the form this field asks for, or None where the field refuses it."""
        mark = self.marks[name]
        # A blank within a tag may be a slash as well; addresses have no blanks.
        solid = re.sub(r"\s+", "/", text)
        match each:
            case EmailField():
                read = '"{}"@{}'.format(re.sub(r'([\\"])', r"\\\1", solid), mark).lower()
                shaped = Text(read, f"{read}{GAP}.example")
            case URLField():
                read = f"//muster.example/?{solid}{mark}"
                shaped = Text(read, f"https:{read}{GAP}")
            case JSONField() if name not in SHAPES:
                return None
            case JSONField():
                shaped = Text(f"{text} {mark}", SHAPES[name](f"{text} {mark}"))
            case _:
                shaped = Text(f"{text} {mark}", f"{text} {mark}{GAP}{ENDINGS.get(each.name, '')}")
        try:
            each.run_validators(shaped.of_row())
        except ValidationError:
            return None
        return shaped

    def save(self, model, texts):
        """Store all of it at once, else each by itself, else row by row; what the database refuses
        stays as it is. Return what has been stored somewhere."""
        columns = {name: name.rpartition(".")[2] for name in texts}
        everything = model._base_manager.all()
        if store(everything, {columns[name]: text.of_row() for name, text in texts.items()}):
            return list(texts)
        return [
            name
            for name, text in texts.items()
            if store(everything, {columns[name]: text.of_row()})
            or any(
                [
                    store(everything.filter(pk=pk), {columns[name]: text.of_row(number)})
                    # Not by its key: what fits must not hang on how many tests went before.
                    for number, pk in enumerate(everything.values_list("pk", flat=True))
                ]
            )
        ]


def store(rows, values):
    """Whether the database took it."""
    try:
        with transaction.atomic():
            return rows.update(**values)
    except DatabaseError:
        return False


def mixture(each, payloads):
    """Texts for a field, the largest first."""
    if isinstance(each, EmailField | URLField):
        return payloads
    # A line break would keep all the others out of a field of one line.
    several = isinstance(each, TextField | JSONField)
    room = (each.max_length or 5_000) - 12
    text = ""
    for payload in payloads:
        fits = len(text) + len(payload) < max(room - len(ENDLESS), room // 2)
        if fits and (several or payload.strip() == payload):
            text = f"{text} {payload}".lstrip(" ")
    return [f"{text} {ENDLESS}"[:room], *payloads]
