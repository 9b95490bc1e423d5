"""Making one report, from a version's row to the bytes of its documents; it knows no lease."""

import json
from dataclasses import dataclass
from functools import partial

from django.utils import timezone

from reports import paper, pdf
from reports.freezing import UnknownRuleError, freeze
from reports.models import Step, Volume
from reports.press_room import PressRoom
from reports.volumes import Bound, bind, manuscripts


class NotProducedError(Exception):
    """This report cannot be made as it is, however often it is tried; `sentence` says why."""

    def __init__(self, sentence):
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Produced:
    """What a finished version consists of; reports/document.py names the shape of `frozen`.

    The page of a figure shows `frozen["counted"][code]`: the `id`s of rows in `frozen["annex"]`,
    written as document.Ids does. Figures that count something else (organisations, jobs) bring rows
    of their own, pseudonymous like the annex, in `frozen["rows"][code]`. What the cumulated figure
    counted besides stands in `counted_since`, `rows_since` and `earlier`; what a cell of a
    breakdown counted, in the `counted` of its line.
    """

    frozen: dict
    pdf: bytes
    csv: bytes
    json: bytes
    pages: int
    volumes: tuple[Bound, ...] = ()


def produce(version, progress):
    """Count, freeze and print one version of a report.

    Calls `progress(Step.…)` as each step begins and lets what it raises pass: the version was
    cancelled, or belongs to another worker. Raises NotProducedError where trying again is no use.
    """
    progress(Step.COUNTING)
    try:
        document = freeze(version, at=timezone.now())
    except UnknownRuleError as refusal:
        raise NotProducedError(refusal.sentence) from refusal
    progress(Step.FREEZING)
    text, given = document.to_json(), document.as_given()
    progress(Step.DRAWING)
    written = manuscripts(document)
    kept = Volume.objects.kept(version.report, [each.key for each in written])
    progress(Step.PRINTING)
    try:
        with PressRoom() as room:
            room.staff(1)
            carry_on = partial(progress, Step.PRINTING)
            volumes = bind(written, room=room, kept=kept, carry_on=carry_on)
            printed = paper.produce(document, volumes, room=room)
    except pdf.PrintError as refusal:
        if refusal.is_worth_another_try:
            raise
        raise NotProducedError(refusal.messages[0]) from refusal
    return Produced(
        frozen=json.loads(text),
        pdf=printed.content,
        csv=paper.main_csv(given),
        json=given.to_json().encode(),
        pages=printed.pages,
        volumes=tuple(volumes),
    )
