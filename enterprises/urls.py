"""Addresses of organisations and what is known of them; paths are German."""

from django.urls import path

from enterprises.local_urls import LOCAL
from enterprises.views import (
    confirmations,
    directory,
    documents,
    duplicates,
    entries,
    entry_links,
    facts,
    operation_imports,
    operations,
    organisations,
    people,
    timeline,
    undertakings,
    unpaid_work,
)

app_name = "enterprises"

FACTS = {
    "assessment": "kriterien",
    "income": "einnahmen",
    "job": "arbeitsplaetze",
    "size": "groesse",
    "innovation": "innovationen",
    "involvement": "mitwirkung",
    "membership": "mitglieder",
    "health": "zustand",
}
DOCUMENT = "betriebe/<int:pk>/unterlagen/<int:document_pk>"

urlpatterns = [
    path("verzeichnis/", directory.index, name="directory"),
    path("verzeichnis/karte.json", directory.map_data, name="directory_map"),
    path("verzeichnis/neu.xml", directory.feed, name="directory_feed"),
    path("verzeichnis/daten.<str:ending>", directory.data, name="directory_data"),
    path("verzeichnis/betrieb/<slug:slug>/", directory.detail, name="entry"),
    path("verzeichnis/eintragen/", entry_links.new, name="entry_ask"),
    path("verzeichnis/eintragen/postfach/", entry_links.sent, name="entry_sent"),
    path("mein-eintrag/<str:token>/", entry_links.own, name="entry_own"),
    path("mein-eintrag/<str:token>/bestaetigen/", entry_links.confirm, name="entry_confirm"),
    path("mein-eintrag/<str:token>/aendern/", entry_links.change, name="entry_change"),
    path("mein-eintrag/<str:token>/stimmt/", entry_links.true, name="entry_true"),
    path("mein-eintrag/<str:token>/herausnehmen/", entry_links.end, name="entry_end"),
    path("mein-eintrag/<str:token>/zurueckholen/", entry_links.restore, name="entry_back"),
    path(
        "mein-eintrag/<str:token>/einwilligung/<slug:part>/",
        entry_links.consent,
        name="entry_consent",
    ),
    path("verzeichnis/pflege/<int:pk>/veroeffentlichen/", entries.publish, name="entry_publish"),
    path("verzeichnis/pflege/<int:pk>/ablehnen/", entries.refuse_entry, name="entry_refuse"),
    path("verzeichnis/pflege/<int:pk>/stimmt/", entries.still_true, name="entry_still_true"),
    path(
        "verzeichnis/pflege/<int:pk>/akte/<int:organisation_pk>/",
        entries.link,
        name="entry_link",
    ),
    path("verzeichnis/pflege/", entries.index, name="entries"),
    path("verzeichnis/pflege/liste.<str:ending>", entries.export, name="entries_export"),
    path("verzeichnis/pflege/<int:pk>/", entries.manage, name="entry_manage"),
    path("verzeichnis/pflege/<int:pk>/bearbeiten/", entries.edit, name="entry_edit"),
    path("verzeichnis/pflege/<int:pk>/einwilligung/", entries.agree, name="entry_agree"),
    path(
        "verzeichnis/pflege/<int:pk>/einwilligung/<slug:part>/zurueck/",
        entries.take_back,
        name="entry_take_back",
    ),
    path("verzeichnis/pflege/<int:pk>/archivieren/", entries.archive, name="entry_archive"),
    path("verzeichnis/pflege/<int:pk>/zurueckholen/", entries.restore, name="entry_restore"),
    path("betriebe/<int:pk>/eintrag/", entries.new, name="entry_new"),
    path("betriebe/", organisations.index, name="list"),
    path("betriebe/liste.<str:ending>", organisations.export, name="export"),
    path("betriebe/neu/", organisations.new, name="new"),
    path("betriebe/<int:pk>/", organisations.detail, name="detail"),
    path("betriebe/<int:pk>/verlauf/", timeline.older, name="timeline"),
    path("betriebe/<int:pk>/verlauf.<str:ending>", timeline.export, name="timeline_export"),
    path("betriebe/<int:pk>/bearbeiten/", organisations.edit, name="edit"),
    path("betriebe/<int:pk>/gruendung/", organisations.found, name="found"),
    path("betriebe/<int:pk>/phase/", organisations.stage, name="stage"),
    path("betriebe/<int:pk>/personen/<int:person_pk>/", facts.person_edit, name="person_edit"),
    path("personen/<int:pk>/", people.detail, name="person"),
    path("betriebe/<int:pk>/verbund/neu/", undertakings.linked_new, name="linked_new"),
    path(
        "betriebe/<int:pk>/verbund/<int:member_pk>/", undertakings.linked_edit, name="linked_edit"
    ),
    path("doppelt/<str:kind>/", duplicates.index, name="duplicates"),
    path("doppelt/<str:kind>/liste.<str:ending>", duplicates.export, name="duplicates_export"),
    path("doppelt/<str:kind>/aehnliche/", duplicates.lookalikes, name="lookalikes"),
    path("doppelt/<str:kind>/<int:one>/<int:other>/", duplicates.compare, name="compare"),
    path(
        "doppelt/<str:kind>/<int:one>/<int:other>/verschieden/",
        duplicates.tell_apart,
        name="tell_apart",
    ),
    path("zusammengefuehrt/<int:pk>/", duplicates.merged, name="merge"),
    path("zusammengefuehrt/<int:pk>/zurueck/", duplicates.undo, name="merge_undo"),
    path("betriebe/oeffentliche-mittel/", operations.index, name="operations"),
    path(
        "betriebe/oeffentliche-mittel/liste.<str:ending>",
        operations.export,
        name="operations_export",
    ),
    path("betriebe/oeffentliche-mittel/<int:pk>/", operations.detail, name="operation"),
    path(
        "betriebe/oeffentliche-mittel/beguenstigte/<int:pk>/",
        operations.beneficiary,
        name="beneficiary",
    ),
    path(
        "betriebe/oeffentliche-mittel/beguenstigte/<int:pk>/ohne-akte/",
        operations.leave,
        name="beneficiary_leave",
    ),
    path(
        "betriebe/oeffentliche-mittel/beguenstigte/<int:pk>/akte/",
        operations.open_file,
        name="beneficiary_file",
    ),
    path("betriebe/unterlagen/", documents.index, name="documents"),
    path("betriebe/unterlagen/liste.<str:ending>", documents.export, name="documents_export"),
    path("betriebe/<int:pk>/unterlagen/neu/", documents.new, name="document_new"),
    path(f"{DOCUMENT}/", documents.detail, name="document"),
    path(f"{DOCUMENT}/bearbeiten/", documents.edit, name="document_edit"),
    path(f"{DOCUMENT}/version/", documents.renew, name="document_renew"),
    path(f"{DOCUMENT}/version/<int:number>/", documents.describe, name="document_describe"),
    path(f"{DOCUMENT}/version/<int:number>/datei/", documents.file, name="document_file"),
    path(f"{DOCUMENT}/entfernen/", documents.remove, name="document_remove"),
    path(f"{DOCUMENT}/zurueckholen/", documents.restore, name="document_restore"),
    path("betriebe/bestaetigungen/", confirmations.rules, name="confirmation_rules"),
    path("betriebe/unbezahlte-arbeit/", unpaid_work.index, name="unpaid_rates"),
    path(
        "betriebe/unbezahlte-arbeit/liste.<str:ending>",
        unpaid_work.export,
        name="unpaid_rates_export",
    ),
    path("betriebe/unbezahlte-arbeit/<int:pk>/", unpaid_work.edit, name="unpaid_rate"),
    path("betriebe/<int:pk>/bestaetigungen/neu/", confirmations.ask, name="confirmation_ask"),
    path("bestaetigungen/<int:pk>/widerrufen/", confirmations.revoke, name="confirmation_revoke"),
    path("bestaetigungen/<int:pk>/erledigt/", confirmations.settle, name="confirmation_settle"),
    path("bestaetigen/<str:token>/", confirmations.link, name="confirmation_link"),
    path("bestaetigen/<str:token>/antwort/", confirmations.answer, name="confirmation_answer"),
    *LOCAL,
    *operation_imports.pages.urls("betriebe/oeffentliche-mittel/import/"),
]
for kind, folder in FACTS.items():
    urlpatterns += [
        path(
            f"betriebe/<int:pk>/{folder}/neu/", facts.fact_new, {"kind": kind}, name=f"{kind}_new"
        ),
        path(
            f"betriebe/<int:pk>/{folder}/<int:fact_pk>/",
            facts.fact_edit,
            {"kind": kind},
            name=f"{kind}_edit",
        ),
    ]
for kind in facts.ACCOUNTABLE:
    urlpatterns += [
        path(
            f"betriebe/<int:pk>/{FACTS[kind]}/<int:fact_pk>/loeschen/",
            facts.fact_drop,
            {"kind": kind},
            name=f"{kind}_drop",
        ),
    ]
