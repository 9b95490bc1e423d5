"""Everything as one ZIP: a page to read, the same as JSON, and the papers; written as it is sent.

Only what is the person's or what they may see of their organisations; never an internal note.
No spreadsheet stands in it, so nothing a cell begins with can run.
"""

import json
import zipfile
from datetime import date, datetime
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils import timezone

from best_portal.files import store
from best_portal.files.names import safe_name
from best_portal.privacy.inventory import told_of
from best_portal.privacy.own_file import consents_of, hours_of, next_steps
from best_portal.privacy.reading import readings_of
from enterprises.models import Document, DocumentVersion, Organisation


class Sink:
    """Takes what a ZIP writes and hands it on; a ZIP that cannot go back needs no seeking."""

    def __init__(self):
        self.written = bytearray()

    def write(self, data):
        self.written += data
        return len(data)

    def flush(self):
        pass

    def take(self):
        taken, self.written = bytes(self.written), bytearray()
        return taken


def everything(person):
    """All that is stored, as plain values: categories, organisations, consents, readings."""
    return {
        "made_at": timezone.localtime(),
        "categories": [
            {
                "title": str(category.title),
                "purpose": str(category.purpose),
                "kept": str(category.kept),
                "tables": [{"title": title, "rows": rows} for title, rows in tables],
            }
            for category, tables in told_of(person)
        ],
        "organisations": [organisation_of(each) for each in organisations_of(person)],
        "hours": hours_of(person)["rows"],
        "next_steps": [
            {"organisation": row.organisation.name, "step": row.next_step, "by": row.next_step_on}
            for row in (next_steps(person.user) if person.user_id else ())
        ],
        "consents": [
            {
                "question": row.question.text,
                "given": row.consented_on,
                "withdrawn": row.withdrawn_on,
            }
            for row in consents_of(person)
        ],
        "readings": [vars(each) for each in readings_of(person)],
    }


def organisations_of(person):
    """Those this person sees with their own account; without one, none."""
    return Organisation.objects.visible_to(person.user) if person.user_id else ()


def organisation_of(organisation):
    """What founders see in the case file of their organisation."""
    return {
        "name": organisation.name,
        "kind": organisation.get_kind_display(),
        "stage": organisation.get_stage_display(),
        "legal_form": organisation.get_legal_form_display(),
        "founded_on": organisation.founded_on,
        "address": organisation.address,
        "email": organisation.email,
        "phone": organisation.phone,
        "website": organisation.website,
        "purpose": organisation.purpose,
        "jobs": [
            {
                "title": job.title,
                "kind": job.get_kind_display(),
                "fte": job.fte,
                "since": job.since,
                "until": job.until,
                "confirmed_on": job.confirmed_on,
            }
            for job in organisation.jobs.valid()
        ],
        "size": [
            {
                "as_of": size.as_of,
                "employees": size.employees,
                "turnover": size.turnover,
                "balance_sheet": size.balance_sheet,
                "value_added": size.value_added,
                "class": size.get_size_class_display(),
            }
            for size in organisation.size_declarations.valid()
        ],
        "innovations": [
            {
                "what": innovation.what,
                "kind": innovation.get_kind_display(),
                "introduced_on": innovation.introduced_on,
                "is_in_house": innovation.is_in_house,
                "evidence": innovation.evidence,
                "confirmed_on": innovation.confirmed_on,
            }
            for innovation in organisation.innovations.valid()
        ],
        "income": [
            {
                "year": mix.year,
                "public_contracts": mix.public_contracts,
                "private_sales": mix.private_sales,
                "unpaid_hours": mix.unpaid_hours,
            }
            for mix in organisation.income_mixes.valid()
        ],
    }


def papers_of(person):
    """Every version of the papers this person may open."""
    if not person.user_id:
        return DocumentVersion.objects.none()
    papers = Document.objects.visible_to(person.user).valid()
    versions = DocumentVersion.objects.of(papers).defer("text", "folded_text")
    return versions.select_related("document__organisation").order_by("document", "number")


def pieces_of(person):
    """The ZIP in pieces. What the database says is asked for before the first piece goes out."""
    told = everything(person)
    page = render_to_string("privacy/handed_out.html", told | {"person": person})
    data = json.dumps(told, default=plain, ensure_ascii=False, indent=2)
    papers = list(papers_of(person))
    return zipped([("uebersicht.html", page), ("daten.json", data)], papers)


def zipped(texts, papers):
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts:
            archive.writestr(name, text)
            yield sink.take()
        for version in papers:
            # Two papers may have the same name; the key tells them apart.
            organisation = version.document.organisation
            folder = safe_name(organisation.name) or organisation.number
            name = f"{version.document_id}-{version.number}-{safe_name(version.name)}"
            if not store.has(version.stored_as):
                continue
            with archive.open(f"unterlagen/{folder}/{name}", "w", force_zip64=True) as target:
                for piece in store.pieces(version.stored_as):
                    target.write(piece)
                    yield sink.take()
    yield sink.take()


def plain(value):
    """JSON's words for what it has none for."""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return str(value)
