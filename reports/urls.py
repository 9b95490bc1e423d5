"""Addresses of accounting: grants and reports."""

from django.urls import path

from reports.views import (
    appointment_letter,
    counted,
    data_check,
    de_minimis,
    desk,
    dossier_paper,
    evidence,
    genuine,
    grants,
    group_papers,
    hour_papers,
    life,
    locks,
    money,
    money_evidence,
    payments,
    register,
    reports,
    status_note,
    steering,
    texts,
    vouchers,
)

app_name = "reports"

FIGURE = "berichte/version/<int:pk>/zahlen/<str:code>/"
CELL = "berichte/version/<int:pk>/tabellen/<str:table>/<str:line>/<int:column>/"
LINE = "berichte/version/<int:pk>/geld/<int:line>/"
SINCE = {"cumulated": True}
GRANT = "zuwendungen/<slug:ref>/"


def part(name, folder, kind):
    """Two pages of something small that belongs to a grant: a new one, one of them."""
    return [
        path(f"{GRANT}{folder}neu/", money.part_new, {"kind": kind}, name=f"{name}_new"),
        path(f"{GRANT}{folder}<int:pk>/", money.part_edit, {"kind": kind}, name=name),
    ]


def rule(name, folder, kind):
    return [
        path(f"{folder}neu/", money.cost_rule_new, {"kind": kind}, name=f"{name}_new"),
        path(f"{folder}<int:pk>/", money.cost_rule_edit, {"kind": kind}, name=name),
    ]


urlpatterns = [
    path("quartiere/<slug:slug>/sachstand/", status_note.page, name="status_note"),
    path("quartiere/<slug:slug>/sachstand/<int:year>.pdf", status_note.pdf, name="status_note_pdf"),
    path("zuwendungen/", grants.grants, name="grants"),
    path("zuwendungen/liste.<str:ending>", grants.grants_export, name="grants_export"),
    path("zuwendungen/neu/", grants.grant_new, name="grant_new"),
    path("foerderprogramme/liste.<str:ending>", grants.programmes_export, name="programmes_export"),
    path("foerderprogramme/neu/", grants.programme_new, name="programme_new"),
    path("foerderprogramme/<int:pk>/", grants.programme_edit, name="programme_edit"),
    path("fonds/neu/", grants.fund_new, name="fund_new"),
    path("steuerung/", steering.steering, name="steering"),
    path("indikatoren/neu/", steering.indicator_new, name="indicator_new"),
    path(
        "projekte/<slug:key>/auswertung.zip", steering.evaluation_export, name="evaluation_export"
    ),
    path("indikatoren/", grants.indicators, name="indicators"),
    path("indikatoren/liste.<str:ending>", grants.indicators_export, name="indicators_export"),
    path("zuwendungen/<slug:ref>/", grants.grant, name="grant"),
    path("zuwendungen/<slug:ref>/bearbeiten/", grants.grant_edit, name="grant_edit"),
    path(f"{GRANT}einrichten/", steering.set_up, name="set_up"),
    path(f"{GRANT}geld/", money.money, name="money"),
    path(f"{GRANT}belege/", vouchers.index, name="vouchers"),
    path(f"{GRANT}belege/liste.<str:ending>", vouchers.export, name="vouchers_export"),
    path(f"{GRANT}belege/neu/", vouchers.new, name="voucher_new"),
    path(f"{GRANT}belege/<int:pk>/", vouchers.voucher, name="voucher"),
    path(f"{GRANT}belege/<int:pk>/datei/", vouchers.file, name="voucher_file"),
    path(f"{GRANT}belege/<int:pk>/datei/weg/", vouchers.file_drop, name="voucher_file_drop"),
    path(f"{GRANT}mittelabrufe/neu/", payments.new, name="payment_new"),
    path(f"{GRANT}mittelabrufe/<int:pk>/", payments.payment, name="payment"),
    path(f"{GRANT}mittelabrufe/<int:pk>/mittelabruf.pdf", payments.paper, name="payment_paper"),
    path(f"{GRANT}mittelabrufe/<int:pk>/<str:step>/", payments.step, name="payment_step"),
    path(f"{GRANT}inventar/", money.inventory, name="inventory"),
    path(f"{GRANT}inventar/liste.<str:ending>", money.inventory_export, name="inventory_export"),
    *part("thing", "inventar/", "thing"),
    *part("staff_rate", "stundensaetze/", "rate"),
    *part("deliverable", "ergebnisse/", "result"),
    path("abrechnung/regeln/", money.cost_rules, name="cost_rules"),
    *rule("cost_method", "abrechnung/kostenmethoden/", "method"),
    *rule("accounting_rule", "abrechnung/grenzen/", "limit"),
    *vouchers.imports.urls("belege/import/"),
    path(
        "qualifizierung/<int:pk>/teilnahmeliste.pdf",
        group_papers.attendance_list,
        name="attendance_list",
    ),
    path(
        "qualifizierung/anmeldungen/<int:pk>/bescheinigung.pdf",
        group_papers.certificate,
        name="certificate",
    ),
    path(
        "qualifizierung/anmeldung/<str:token>/bescheinigung.pdf",
        group_papers.certificate_by_link,
        name="certificate_by_link",
    ),
    path(
        "termine/<int:pk>/brief.pdf",
        appointment_letter.appointment_letter,
        name="appointment_letter",
    ),
    path(
        "stunden/nachweis/<int:pk>/stundennachweis.pdf",
        hour_papers.month_sheet,
        name="month_sheet_paper",
    ),
    path(
        "stunden/zuordnungen/<int:pk>/zuordnung.pdf",
        hour_papers.assignment,
        name="assignment_paper",
    ),
    path("uebergaben/dossiers/<int:pk>/dossier.pdf", dossier_paper.dossier, name="dossier"),
    path("de-minimis/", de_minimis.index, name="de_minimis"),
    path("de-minimis/register/", register.index, name="register"),
    path("de-minimis/liste.<str:ending>", de_minimis.export, name="de_minimis_export"),
    path("de-minimis/register/eintraege.<str:ending>", register.export, name="register_export"),
    path("de-minimis/register/<int:pk>/", register.enter, name="register_enter"),
    path("de-minimis/<int:pk>/", de_minimis.account, name="de_minimis_account"),
    path(
        "de-minimis/<int:pk>/liste.<str:ending>",
        de_minimis.account_export,
        name="de_minimis_account_export",
    ),
    path("de-minimis/<int:pk>/erklaerung/", de_minimis.declaration_new, name="declaration_new"),
    path("de-minimis/<int:pk>/beihilfe/", de_minimis.award_new, name="award_new"),
    path(
        "de-minimis/erklaerungen/<int:pk>/erklaerung.pdf",
        de_minimis.declaration,
        name="declaration",
    ),
    path(
        "de-minimis/beihilfen/<int:pk>/bescheinigung.pdf",
        de_minimis.certificate,
        name="aid_certificate",
    ),
    path(
        "de-minimis/beihilfen/<int:pk>/widerrufen/",
        de_minimis.award_revoke,
        name="award_revoke",
    ),
    path("berichte/", reports.reports, name="list"),
    path("berichte/liste.<str:ending>", reports.export, name="list_export"),
    path("berichte/neu/", reports.report_new, name="new"),
    path("berichte/neu/<slug:ref>/", reports.report_for, name="new_for"),
    path("berichte/<int:pk>/", reports.report, name="detail"),
    path("berichte/<int:pk>/datenpruefung/", data_check.data_check, name="data_check"),
    path("berichte/<int:pk>/datenpruefung/<slug:code>/", data_check.explain, name="explain"),
    path("berichte/version/<int:pk>/anerkennung/", life.accept_letter, name="accept_letter"),
    path("berichte/<int:pk>/texte/", texts.texts, name="texts"),
    path("berichte/<int:pk>/neue-version/", reports.version_new, name="version_new"),
    path("berichte/version/<int:pk>/fortschritt/", reports.progress, name="progress"),
    path("berichte/version/<int:pk>/abbrechen/", reports.cancel, name="cancel"),
    path("berichte/version/<int:pk>/wiederholen/", reports.retry, name="retry"),
    path("berichte/version/<int:pk>/freigeben/", reports.release, name="release"),
    path("pruefen/", genuine.check, name="genuine"),
    path("beratungen/<int:pk>/berichte/", counted.counted, name="counted"),
    path("berichte/jahr/<int:year>.zip", desk.year, name="year"),
    path("berichte/version/<int:pk>/vergleich/", desk.comparison, name="comparison"),
    path("berichte/sperren/", locks.locks, name="locks"),
    path("berichte/sperren/liste.<str:ending>", locks.export, name="locks_export"),
    path("berichte/sperren/<int:pk>/", locks.lock, name="lock"),
    path("berichte/sperren/<int:pk>/wieder-sperren/", locks.lock_again, name="lock_again"),
    path("berichte/version/<int:pk>/pruefen-lassen/", life.review_ask, name="review_ask"),
    path("berichte/pruefungen/<int:pk>/", life.review, name="review"),
    path(
        "berichte/pruefungen/<int:pk>/zuruecknehmen/",
        life.review_call_back,
        name="review_call_back",
    ),
    path("berichte/version/<int:pk>/einreichen/", life.submit, name="submit"),
    path("berichte/version/<int:pk>/nachfragen/", life.query_new, name="query_new"),
    path("berichte/rueckfragen/<int:pk>/", life.reply, name="reply"),
    path("berichte/version/<int:pk>/anerkennen/", life.accept, name="accept"),
    path(FIGURE, evidence.figure, name="figure"),
    path(f"{FIGURE}zeilen.<str:ending>", evidence.figure_rows, name="figure_rows"),
    path(f"{FIGURE}seit-beginn/", evidence.figure, SINCE, name="figure_cumulated"),
    path(
        f"{FIGURE}seit-beginn/zeilen.<str:ending>",
        evidence.figure_rows,
        SINCE,
        name="figure_cumulated_rows",
    ),
    path(LINE, money_evidence.line, name="money_line"),
    path(f"{LINE}zeilen.csv", money_evidence.line_rows, name="money_line_rows"),
    path(f"{LINE}seit-beginn/", money_evidence.line, SINCE, name="money_line_since"),
    path(
        f"{LINE}seit-beginn/zeilen.csv",
        money_evidence.line_rows,
        SINCE,
        name="money_line_since_rows",
    ),
    path(CELL, evidence.cell, name="cell"),
    path(f"{CELL}zeilen.<str:ending>", evidence.cell_rows, name="cell_rows"),
    path("berichte/version/<int:pk>/<str:format>/", reports.download, name="download"),
]
