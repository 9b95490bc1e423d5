"""What an evaluator gets of a project: pseudonymous, through the years, each column explained.

A ZIP of CSV files and their schema. The same case and the same person have the same pseudonym in
every file and every year of one project, and in no other project; names, notes, days of birth and
specially protected answers are in none. Pseudonyms stay personal data: who has the key they are
made with (PSEUDONYM_KEY) finds the file.
"""

import json
import zipfile

from django.db.models import Q
from django.utils.translation import override

from best_portal.audit.models import Event
from best_portal.export import csv_lines
from consultations.models import Answer, Consultation, Participation, Question, SupportCase
from consultations.participation_rules import age_on
from consultations.pseudonyms import person_pseudonym, pseudonym
from enterprises.models import Job, Organisation, SizeDeclaration, StageChange
from reports.answers_read import Asked, listed, said, still_said
from reports.bundle import DATE, Out

# Answers of part 1.2 leave for nobody; of the others the day of birth becomes an age.
ORDINARY = ("gender", "status", "isced")
LATER = ("exit_searching", "exit_working", "exit_training", "exit_qualified")
SIX_MONTHS = ("later_working", "later_improved")


def supported(project):
    """The organisations of the project: those with a consultation or a case in it."""
    return Organisation.objects.filter(
        Q(consultations__project=project, consultations__withdrawn_at=None)
        | Q(cases__project=project, cases__withdrawn_at=None)
    ).distinct()


CASE = ("fall", "Pseudonym der Organisation, gleich in allen Dateien dieses Projekts", "string")
PERSON = ("person", "Pseudonym der teilnehmenden Person in diesem Projekt", "string")
FILES = {}


def file(name, about, *columns):
    """Register a file: what it tells, and (column, meaning, type) of each of its columns.

    A fourth says of which field of a model its words are the choices.
    """

    def keep(rows):
        FILES[name] = (about, columns, rows)
        return rows

    return keep


@file(
    "faelle.csv",
    "Organisationen des Projekts, eine Zeile je Organisation",
    CASE,
    ("art", "Art der Organisation heute", "string", (Organisation, "kind")),
    ("rechtsform", "Rechtsform heute", "string", (Organisation, "legal_form")),
    ("gruendungsjahr", "Jahr der Gründung, leer vor der Gründung", "integer"),
    ("gebiet", "Quartier der Organisation", "string"),
)
def cases(project):
    for row in supported(project).select_related("district").order_by("pk"):
        founded = row.founded_on.year if row.founded_on else None
        kind, form = row.get_kind_display(), row.get_legal_form_display()
        yield [pseudonym(project, row.pk), kind, form, founded, str(row.district or "")]


@file(
    "phasen.csv",
    "Phasenwechsel der Organisationen, eine Zeile je Wechsel",
    CASE,
    ("phase", "Phase von diesem Tag an", "string", (StageChange, "stage")),
    ("seit", "erster Tag der Phase", "date"),
)
def stages(project):
    rows = StageChange.objects.filter(organisation__in=supported(project))
    for row in rows.order_by("organisation", "since", "pk"):
        yield [pseudonym(project, row.organisation_id), row.get_stage_display(), row.since]


@file(
    "begleitungen.csv",
    "Begleitungen des Projekts, eine Zeile je Begleitung",
    CASE,
    (
        "ziel",
        "wen sie stützt, leer wo es offen ist",
        "string",
        (SupportCase, "support_target"),
    ),
    ("von", "Tag der Eröffnung", "date"),
    ("bis", "Tag des Endes, leer solange sie läuft", "date"),
)
def support(project):
    rows = SupportCase.objects.valid().filter(project=project).order_by("organisation", "opened_on")
    for row in rows:
        target = row.get_support_target_display()
        yield [pseudonym(project, row.organisation_id), target, row.opened_on, row.closed_on]


@file(
    "beratungen.csv",
    "Beratungen des Projekts, eine Zeile je Beratung",
    CASE,
    ("tag", "Tag der Beratung", "date"),
    ("art", "Art der Beratung", "string", (Consultation, "kind")),
    ("weg", "wo oder wie sie stattfand", "string", (Consultation, "channel")),
    ("minuten", "Dauer in Minuten", "integer"),
    ("personen", "Zahl der Anwesenden", "integer"),
    ("gebiet", "Quartier der Beratung", "string"),
    ("aufgabe", "Nummer der Aufgabe des Projekts", "integer"),
)
def consultations(project):
    rows = Consultation.objects.valid().filter(project=project).select_related("district", "task")
    for row in rows.order_by("organisation", "held_on", "pk").iterator(chunk_size=1000):
        yield [
            pseudonym(project, row.organisation_id),
            row.held_on,
            row.get_kind_display(),
            row.get_channel_display(),
            row.minutes,
            row.headcount,
            str(row.district or ""),
            row.task.number if row.task else None,
        ]


@file(
    "arbeitsplaetze.csv",
    "Arbeitsplätze der Organisationen, eine Zeile je Stelle",
    CASE,
    ("art", "neu oder erhalten", "string", (Job, "kind")),
    ("vollzeit", "Vollzeitäquivalent", "number"),
    ("von", "erster Tag", "date"),
    ("bis", "letzter Tag, leer solange besetzt", "date"),
    ("bestaetigt", "Tag der Bestätigung", "date"),
)
def jobs(project):
    rows = Job.objects.valid().filter(organisation__in=supported(project))
    for row in rows.order_by("organisation", "since", "pk"):
        days = (row.since, row.until, row.confirmed_on)
        yield [pseudonym(project, row.organisation_id), row.get_kind_display(), row.fte, *days]


@file(
    "groessen.csv",
    "Größenerklärungen der Organisationen, eine Zeile je Stichtag",
    CASE,
    ("stichtag", "Tag, für den die Zahlen gelten", "date"),
    (
        "klasse",
        "Größenklasse nach der Empfehlung 2003/361/EG",
        "string",
        (SizeDeclaration, "size_class"),
    ),
    ("beschaeftigte", "Jahresarbeitseinheiten", "number"),
)
def sizes(project):
    rows = SizeDeclaration.objects.valid().filter(organisation__in=supported(project))
    for row in rows.order_by("organisation", "as_of"):
        number = pseudonym(project, row.organisation_id)
        yield [number, row.as_of, row.get_size_class_display(), row.employees]


@file(
    "teilnahmen.csv",
    "Teilnahmen am Projekt, eine Zeile je Eintritt; Antworten leer, wo keine gegeben ist. Von "
    "Gelöschten, die in Berichten gezählt bleiben, nur was diese von ihnen zählen",
    (*PERSON[:1], f"{PERSON[1]}, leer bei Gelöschten", PERSON[2]),
    ("eintritt", "Tag des Eintritts, leer bei Gelöschten", "date"),
    ("austritt", "Tag des Austritts, leer solange die Teilnahme läuft", "date"),
    ("alter", "volle Jahre am Tag des Eintritts", "integer"),
    *[(code, "beim Eintritt", "string", Question) for code in ORDINARY],
    *[(code, "nach dem Austritt", "string", Question) for code in LATER],
    *[(code, "nach sechs Monaten", "string", Question) for code in SIX_MONTHS],
)
def participations(project):
    rows = Participation.objects.of(project).select_related("person")
    for row in rows.with_answers(Answer.objects.ordinary()).order_by("pk"):
        answers = {each.question.code: said(each) for each in row.answers.all()}
        if row.is_erased_but_counted:
            # A day or a pseudonym would lead back to them by an earlier file.
            kept = still_said(ORDINARY, row)
            yield [None] * 4 + [kept.get(code, "") for code in (*ORDINARY, *LATER, *SIX_MONTHS)]
            continue
        born = row.person.birth_on
        yield [
            person_pseudonym(project, row.person_id),
            row.entered_on,
            row.left_on,
            age_on(born, row.entered_on) if born else None,
            *[answers.get(code, "") for code in (*ORDINARY, *LATER, *SIX_MONTHS)],
        ]


# --- packing ---


def schema(project):
    """What each column means, as a Frictionless data package describes it."""
    asked = Asked.all_of((*ORDINARY, *LATER, *SIX_MONTHS))
    return {
        "profile": "tabular-data-package",
        "name": f"{project.key}-auswertung",
        "title": f"Pseudonyme Verlaufsdaten: {project.name}",
        "resources": [
            {
                "name": name.removesuffix(".csv"),
                "path": name,
                "description": about,
                "encoding": "utf-8",
                "dialect": {"delimiter": ";", "decimalChar": ","},
                "schema": {"fields": [described(*column, asked=asked) for column in columns]},
            }
            for name, (about, columns, _rows) in FILES.items()
        ],
    }


# How each type of column is written.
WRITTEN = {"date": {"format": "%d.%m.%Y"}, "number": {"decimalChar": ","}}


def described(name, meaning, kind, words=None, *, asked):
    """One column of the schema, with every value it may have where these are given words."""
    found = {"name": name, "type": kind, "description": meaning} | WRITTEN.get(kind, {})
    if words is Question:
        if name not in asked:
            return found
        return found | {"description": f"{asked[name].meaning} ({meaning})"} | asked[name].rules
    if words:
        model, field = words
        labels = [str(label) for _value, label in model._meta.get_field(field).flatchoices]
        return found | listed(dict.fromkeys(labels, ""))
    return found


def packed(project):
    """Yield the ZIP piece by piece: the schema first, then a file for each kind of row."""
    out = Out()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with override("de"):
            text = json.dumps(schema(project), ensure_ascii=False, indent=1)
        archive.writestr(zipfile.ZipInfo("datapackage.json", DATE), text)
        for name in FILES:
            content = content_of(name, project)
            archive.writestr(zipfile.ZipInfo(name, DATE), content, zipfile.ZIP_DEFLATED)
            yield out.taken()
    yield out.taken()


def content_of(name, project):
    _about, columns, rows = FILES[name]
    with override("de"):
        return "".join(csv_lines([name for name, *_rest in columns], rows(project)))


def note(project, *, by):
    Event.objects.record(actor=by, verb="project.evaluated", subject=project, files=[*FILES])
