"""The demo's reports: released ones of each funder, and two that wait for the worker."""

from datetime import date

from reports.data_check import check
from reports.models import Grant, Report, ReportKind, ReportVersion, VersionStatus
from reports.releasing import release
from reports.work import work_on

# What each funder's form asks in words, by section.
TEXTS = {
    "senate": {
        "measure": "Die Agentur berät Gründungsinitiativen und Soziale Unternehmen in den "
        "geförderten Quartieren. Sie arbeitet in Stadtteilbüros mit festen Sprechstunden.",
        "delivery": "Die Teams waren im ganzen Zeitraum besetzt. Beratung, Begleitung und "
        "Qualifizierung griffen ineinander.",
        "partners": "Partner waren Nachbarschaftsvereine, das Bezirksamt und örtliche Betriebe. "
        "Begleitete Vorhaben werden in das Regelangebot der Partner überführt.",
        "publicity": "Faltblätter, Aushänge und zwei Nachbarschaftsfeste machten das Angebot "
        "bekannt. Der Träger brachte Räume und ehrenamtliche Arbeit ein.",
        "deviations": "Der Zweck der Zuwendung ist nicht berührt. Wo ein Ziel noch nicht erreicht "
        "ist, steht die Begründung beim Indikator.",
        "equality": "Gut die Hälfte der beratenen Vorhaben wird von Frauen geführt. Die Büros "
        "sind stufenlos erreichbar.",
        "outlook": "Die begleiteten Gründungen sollen im nächsten Zeitraum abgeschlossen werden.",
    },
    "esf": {
        "summary": "Die Agentur hat Gründungsinitiativen in benachteiligten Quartieren beraten "
        "und zu tragfähigen Unternehmen begleitet.",
        "innovation": "Neu ist die Verbindung von Gemeinwesenarbeit und Gründungsberatung. Aus "
        "einem Bedarf der Nachbarschaft wird ein Vorhaben, aus dem Vorhaben ein Unternehmen.",
        "objectives": "Die Zahlen im Indikatorenblatt zeigen den Stand der Ziele. Die "
        "begleiteten Initiativen arbeiten an Rechtsform, Finanzierung und Räumen.",
        "partnership": "Ein Netz aus Verbänden, Hochschulen, Stiftungen und Bezirksämtern gab "
        "Wissen, Räume und Kontakte.",
        "equality": "Die Sprechstunden liegen so, dass auch Eltern und Berufstätige kommen können.",
        "problems": "Geeignete Räume waren knapp. Das Team vermittelte deshalb Zwischennutzungen.",
        "publicity": "Auf Veröffentlichungen und Einladungen wurde auf die Förderung hingewiesen.",
        "outlook": "Im nächsten Schritt stehen Finanzierung und Personal der Gründungen an.",
    },
    "efre": {
        "economies": "Örtliche Betriebe wurden besucht, beraten und miteinander bekannt gemacht.",
        "jobs": "Zusätzliche Stellen zählen, wenn das Unternehmen sie bestätigt hat. Die "
        "Bestätigungen liegen dem Träger vor.",
        "existing": "Bestehende Unternehmen erhielten Hilfe bei Aufträgen, Personal und Räumen.",
        "forums": "Die Quartiersforen tagten regelmäßig und benannten unerfüllten Bedarf.",
        "capital": "Ehrenamtliche Arbeit wurde sichtbar gemacht und in Stunden erfasst.",
        "partnership": "Bezirksamt, Betriebe und Vereine haben ihre Zusammenarbeit verabredet.",
        "deviations": "Der Zweck der Zuwendung ist nicht berührt. Wo ein Ziel noch nicht erreicht "
        "ist, steht die Begründung beim Indikator.",
    },
}


# Today's grant of the EFRE asks after the tasks of the project, and for what every report says.
TODAYS_EFRE = {
    **{
        f"task-{number}": TEXTS["efre"][key]
        for number, key in enumerate(("economies", "jobs", "existing", "forums"), start=1)
    },
    **{
        key: TEXTS["senate"][key]
        for key in ("delivery", "partners", "publicity", "deviations", "equality", "outlook")
    },
}


def texts_of(grant):
    return TODAYS_EFRE if grant.ref == "best-heute-efre" else TEXTS[grant.profile]


REASON = (
    "Der Aufbau der Büros dauerte länger als geplant; der Rückstand wird im nächsten Zeitraum "
    "aufgeholt (erfundene Begründung)."
)
TOO_LATE = (
    "Der Aufbau der Büros dauerte länger als geplant; bis zum Ende der Förderung ließ sich der "
    "Rückstand nicht aufholen (erfundene Begründung)."
)

EXCEPTION = "Die Erklärungen sind angefordert und werden nachgereicht (erfundene Begründung)."


def plan(today):
    """(grant, kind, first day, last day, whether it is made and released here), oldest first.

    Short periods, so that the demo is there soon; what is not made here waits for the worker.
    """
    year = today.year - 1
    model = (date(2002, 12, 1), date(2003, 6, 30))
    quarter = (date(year, 1, 1), date(year, 3, 31))
    half = (date(year, 1, 1), date(year, 6, 30))
    return [
        ("best-modell-esf", *model, True),
        ("best-modell-senat", *model, True),
        ("best-pankow-efre", date(2005, 6, 1), date(2005, 12, 31), True),
        ("best-heute-esf", *quarter, True),
        ("best-heute-senat", *quarter, True),
        ("best-heute-senat", *half, False),
        ("best-heute-efre", *half, False),
    ]


def papers(today):
    """(grant, kind, first day, last day) of what is made and left as a draft: each other kind."""
    quarter = (date(today.year - 1, 1, 1), date(today.year - 1, 3, 31))
    return [
        ("best-modell-esf", ReportKind.NARRATIVE, date(2002, 12, 1), date(2003, 6, 30)),
        ("best-pankow-efre", ReportKind.FINAL, date(2005, 6, 1), date(2007, 6, 30)),
        ("best-heute-esf", ReportKind.INDICATORS, *quarter),
        ("best-heute-senat", ReportKind.VOUCHERS, *quarter),
        ("best-heute-efre", ReportKind.STATUS, *quarter),
    ]


def explain(report, people):
    """Why it goes out although a few enterprises have not said yet how large they are."""
    for code in {each.code for each in check(report).open if each.may_be_explained}:
        report.explain(code, by=people.manager, reason=EXCEPTION)


def reasons_of(report):
    """A sentence for each target that is missed; what waits for the worker still lacks it."""
    reason = TOO_LATE if report.ends_on == report.grant.ends_on else REASON
    return {each.code: reason for each in check(report).counted if each.needs_a_reason}


def write_reports(people, today, say):
    """Ask for each report and write its words; make and release here what is to be released."""
    for ref, starts_on, ends_on, is_released in plan(today):
        grant = Grant.objects.get(ref=ref)
        version = Report.objects.request(
            by=people.manager,
            grant=grant,
            kind=ReportKind.INTERIM,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        version.report.write(
            by=people.manager,
            narrative=texts_of(grant),
            reasons=reasons_of(version.report) if is_released else {},
            seen=None,
        )
        if is_released:
            explain(version.report, people)
            work_on(ReportVersion.objects.claim(version.pk))
            version.refresh_from_db()
        if version.status == VersionStatus.READY:
            release(version, by=people.manager)
        say(f"{ref}: {version.get_status_display()}. {version.error}".strip())
    make_papers(people, today)


def make_papers(people, today):
    for ref, kind, starts_on, ends_on in papers(today):
        grant = Grant.objects.get(ref=ref)
        version = Report.objects.request(
            by=people.manager, grant=grant, kind=kind, starts_on=starts_on, ends_on=ends_on
        )
        version.report.write(
            by=people.manager,
            narrative=texts_of(grant),
            reasons=reasons_of(version.report),
            seen=None,
        )
        work_on(ReportVersion.objects.claim(version.pk))
