"""Inside the pages somebody may open: nothing of what that person may not know."""

import io
import re
import zipfile

import pypdf
import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Consultation
from reports.bundle import FORMATS
from reports.models import ReportVersion
from reports.production import produce
from tests.factories import let_out, make_report, make_version
from tests.routes.matrix import ANONYMOUS, EXPECTED, ask

# When advisors can be met is public, and so are whom one meets and what they teach to everyone.
PUBLIC = """
    advisor_name group_title group_description group_place group_running_title
    public_context public_context_source
    project programme page_text story_organisation story story_summary story_text
    survey survey_introduction survey_question survey_words_question survey_over
    finding proceedings item item_speakers item_room
    entry_name entry_text entry_english entry_phone entry_email entry_website
    forum forum_purpose meeting_place meeting_agenda next_meeting_place
"""
OWN_ACCOUNT = "{role}_name {role}_email {role}_phone"
ORGANISATION = """
    organisation organisation_purpose organisation_address organisation_email organisation_phone
    member_organisation founder_name colleague_name evidence job_title job_confirmed_by next_step
    concern waiting_concern imported_operation
    document_title document_note document_file document_words confirmation_words
"""
# What the members of a forum know of it, and nobody else but the staff.
FORUM = """
    forum_member meeting_record decision dropped_decision decision_dropped_because
"""
# What lies in the bin, whoever put it there may fetch back.
BINNED = """
    removed_document_title removed_document_note removed_document_file removed_document_words
"""
# What an organisation said of the aid it received, and what was granted to it.
DECLARED = """
    declaration_signer declaration_linked declaration_mergers declaration_other_aid
    aid_giver aid_reference aid_regulation award_recipient
"""
# The same of an organisation linked with it: nothing of that is for its founders.
SISTER = """
    sister_organisation sister_recipient sister_aid_giver sister_aid_reference
    sister_aid_regulation
"""
# What is between a founder and the agency; a colleague's promises are not.
PROMISES = "promise agency_promise dropped_promise dropped_because handed_promise"
# What an organisation said of itself for reports.
FACTS = "size_source innovation innovation_evidence innovation_confirmed_by"
# What all of the agency's staff know, whichever team they belong to.
WORK = f"""
    {ORGANISATION} {FORUM} working_group working_group_theme inner_place health
    resource_need resource_offer offer_text offer_unit settled_offer settled_because agreement
    block block_service block_takes block_tried
    agreement_purpose review_result pledge agreement_stage milestone contribution
    income_note {FACTS} founder_email founder_phone colleague_email colleague_phone
    merged_organisation case_goal result place project project_purpose imported_log
    letter_recipient letter_subject
    advisor_email advisor_phone group_draft_title caller_name caller_phone
    group_held_title programme grant_reference declined_place declined_referred_to
    imported_operation_doubtful imported_operation_file
    visit_name visit_address visit_situation visit_need visit_condition visit_trader visit_phone
    document_retention
    internal_document_title internal_document_note internal_document_file internal_document_words
    internal_document_retention
    {BINNED} removed_document_retention
    {DECLARED} {SISTER} revoked_because
    context context_source entry_address entry_given_by gone_entry gone_entry_text
    entry_keeper entry_keeper_email entry_proposed refused_entry refused_entry_text refused_because
    need need_text need_place idea idea_text idea_owner ended_idea ended_note
    over_need over_because coordinating successor coordinating_note transfer_step
    story_draft story_draft_summary story_draft_text story_given_by story_gone
    survey_reply survey_draft survey_draft_question
    {PROMISES} colleague_promise postponed_because quiet_organisation predecessor_name
    unknown_size
"""
OWN_TEAM = """
    draft_words
    state trust_issues contacts keys_held first_step second_step third_step
    deleted_job_title reviewed_words_of_report
    function activity closed_activity explanation
    visit_note withdrawn_visit
    note absence_reason changed_day_reason imported_log_note imported_log_file imported_log_rejected
    block_title block_text
    group_link log log_note log_file log_rejected operation_list operation_list_doubtful
    operation_list_rejected operation_list_file imported_operation_rejected
"""
# Not even the manager is shown what somebody has begun to write.
BEGUN = "begun begun_title begun_words"
MONEY = """
    programme project grant_title grant_purpose grant_reference released_words_of_report
    submitted_words_of_report query_text plan_line hours_line lump_line letter_reference letter_file
"""
# The rules of counting are one catalogue: whoever reads a report may look them up.
CATALOGUE = "indicator_unused"
# Who pays is printed on every certificate: funders demand it.
ATTENDED = "group_link group_held_title project programme grant_reference"
# visitor → what they may know of the own world, and of a foreign one. The manager may know all.
MAY_KNOW = {
    ANONYMOUS: (PUBLIC, PUBLIC),
    Role.FOUNDER: (
        f"{PUBLIC} {ORGANISATION} {BINNED} {ATTENDED} {DECLARED} {PROMISES} {FORUM} income_note "
        f"{OWN_ACCOUNT} {FACTS} erasure_words wish_refused "
        "story_draft story_draft_summary story_draft_text",
        PUBLIC,
    ),
    Role.ADVISOR: (f"{PUBLIC} {WORK} {OWN_TEAM} {BEGUN}", f"{PUBLIC} {WORK}"),
    Role.FUNDER: (f"{PUBLIC} {MONEY} {CATALOGUE} {OWN_ACCOUNT}", f"{PUBLIC} {CATALOGUE}"),
    Role.EVALUATOR: (f"{PUBLIC} project project_purpose {OWN_ACCOUNT}", PUBLIC),
}
# So that a crawl that finds nothing proves something: each of these must have been found.
MUST_FIND = {
    ANONYMOUS: """
        advisor_name group_title public_context entry_name entry_phone forum meeting_agenda
    """,
    Role.FOUNDER: """
        organisation next_step concern waiting_concern founder_email colleague_name group_link
        document_title document_words
        declaration_linked aid_giver award_recipient
        promise agency_promise dropped_because meeting_record decision
    """,
    Role.ADVISOR: """
        note result case_goal founder_email log_note imported_log place group_link begun
        caller_phone visit_note visit_need deleted_job_title
        imported_operation operation_list document_words internal_document_title
        working_group decision_dropped_because forum_member health
        resource_offer resource_need agreement pledge milestone contribution review_result
        promise colleague_promise postponed_because quiet_organisation predecessor_name
    """,
    Role.FUNDER: "programme grant_title released_words_of_report",
    Role.EVALUATOR: "project project_purpose",
}
# Fragments that htmx asks for.
FRAGMENTS = ("bekannt", "/suche/", "fortschritt")


def questions(world):
    """Addresses with a question in them, about objects of this world."""
    objects = world.objects
    organisation, project = objects["organisation"].pk, objects["project"].pk
    week = objects["free_time"].date().isocalendar()
    return [
        f"{reverse(name)}?{query}"
        for name, query in [
            ("search", "q=zk"),
            ("search", "q=zk&art=beratungen"),
            ("search_suggestions", "q=zk"),
            ("districts:list", "year=2024"),
            ("enterprises:directory", "q=zk"),
            ("enterprises:directory_map", "q=zk"),
            ("enterprises:list", "q=zk"),
            ("enterprises:operations", "q=zk"),
            ("enterprises:documents", "q=zk&state=all"),
            ("enterprises:documents", f"organisation={organisation}&state=removed"),
            ("enterprises:operations", f"organisation={organisation}&file=with&sort=largest"),
            ("consultations:organisation_search", "q=zk"),
            ("consultations:person_search", "q=zk"),
            ("consultations:list", "q=zk"),
            ("consultations:list", f"organisation={organisation}"),
            ("consultations:list", f"project={project}&sort=organisation"),
            ("consultations:visits", "q=zk"),
            ("consultations:visits", f"project={project}&contact=barred"),
            ("consultations:log", f"organisation={organisation}"),
            ("consultations:log", f"like={objects['consultation'].pk}"),
            ("consultations:log", f"like={objects['withdrawn'].pk}"),
            ("consultations:log", f"appointment={objects['appointment'].pk}"),
            ("consultations:log_known", f"organisation={organisation}&project={project}"),
            ("consultations:appointments", f"wer=team&woche={week.year}-W{week.week:02}"),
            ("consultations:appointments", "wer=team&tag=2024-06-03"),
            ("consultations:book", f"advisor={objects['account'].pk}"),
            ("consultations:book", f"district={objects['district'].pk}"),
        ]
    ]


def crawl(client, *worlds):
    """Every page and file this client can get, as text: (address, text)."""
    addresses = dict.fromkeys(
        address
        for world in worlds
        for address in [
            *(line.address(world) for line in EXPECTED if line.method == "GET"),
            *questions(world),
        ]
    )
    for address in addresses:
        # The address somebody asked for may come back to them, whatever is in it.
        yield address, text_of(ask(client, "GET", address)).replace(address.casefold(), "")
        if any(part in address for part in FRAGMENTS):
            yield address, text_of(ask(client, "GET", address, headers={"HX-Request": "true"}))


def text_of(response):
    body = b"".join(response) if response.streaming else response.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    if body.startswith(b"%PDF") and body.rstrip().endswith(b"%%EOF"):
        body = words_of(pypdf.PdfReader(io.BytesIO(body)))
    head = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{head}\n{body.decode('utf-8', errors='replace')}".casefold()


def words_of(paper):
    """Every word on the pages, whole even where its line breaks, and what is attached."""
    attached = [content for files in paper.attachments.values() for content in files]
    pages = "\n".join(page.extract_text() for page in paper.pages)
    whole = re.sub(r"[-\u2010\u00ad]?\s+", "", pages)
    return b"\n".join([f"{pages}\n{whole}\n{paper.metadata}".encode(), *attached])


def seen_of(world, pages):
    """The canaries of this world that stand on the pages: name → first address."""
    return {
        name: address
        for address, text in reversed(pages)
        for name, word in world.canaries.items()
        if word.casefold() in text
    }


@pytest.mark.slow
@pytest.mark.parametrize("visitor", MAY_KNOW)
def test_nobody_is_shown_what_they_may_not_know(visitor, worlds, visit):
    pages = list(crawl(visit(visitor), *worlds))
    leaks = []

    for world, allowed in zip(worlds, MAY_KNOW[visitor], strict=True):
        allowed = set(allowed.format(role=visitor).split())
        assert allowed <= set(world.canaries), "a word here that no world has"
        leaks += [
            f"{name} of {world.name} on {address}"
            for name, address in seen_of(world, pages).items()
            if name not in allowed
        ]

    assert not leaks, "\n".join(leaks)
    assert set(MUST_FIND[visitor].split()) <= set(seen_of(worlds[0], pages))


@pytest.mark.slow
def test_a_manager_reads_notes_only_where_it_is_recorded(worlds, visit):
    client, unrecorded, read = visit(Role.MANAGER), [], set()
    notes = {
        word.casefold(): name
        for world in worlds
        for name, word in world.canaries.items()
        if name in ("note", "withdrawn_note", "log_note", "imported_log_note", "visit_note")
    }
    recorded = Event.objects.filter(verb__in=("note.read", "import.read"))

    for address in sorted({line.address(w) for w in worlds for line in EXPECTED}):
        before = recorded.count()
        text = text_of(client.get(address))
        shown = {name for word, name in notes.items() if word in text}
        read |= shown
        if shown and recorded.count() == before:
            unrecorded.append(f"{address}: {shown}")

    assert not unrecorded, "\n".join(unrecorded)
    assert {"note", "log_note", "visit_note"} <= read


@pytest.mark.django_db
def test_a_search_does_not_tell_what_stands_in_other_teams_notes(worlds, visit):
    own, foreign = worlds
    client = visit(Role.ADVISOR)

    def found(word):
        return ask(client, "GET", reverse("consultations:list"), {"q": word}).context["totals"]

    assert found(own.canaries["note"])["count"] == 1
    assert found(foreign.canaries["note"])["count"] == 0
    assert found(own.canaries["withdrawn_note"])["count"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("visitor", [Role.ADVISOR, Role.MANAGER])
def test_the_search_box_neither_finds_counts_nor_suggests_what_others_may_not_read(
    visitor, worlds, visit
):
    own, foreign = worlds
    client = visit(visitor)
    hidden = [foreign.canaries["note"], own.canaries["withdrawn_note"]]
    # The manager belongs to no team, and each of their readings is noted.
    hidden += [own.canaries["note"]] if visitor == Role.MANAGER else []
    # Parts and typos must not tell either.
    words = [
        asked
        for word in hidden
        for asked in (word, word[2:-1], f"{word[:-2]}xx", f"{word} beispiel", f"{word} zk")
    ]

    def answers():
        found = [ask(client, "GET", reverse("search"), {"q": word}).context for word in words]
        typed = [ask(client, "GET", reverse("search_suggestions"), {"q": word}) for word in words]
        return [
            [(group.number, group.has_more, group.hits) for group in each["groups"]]
            for each in found
        ], [each.content for each in typed]

    with_notes = answers()
    Consultation.objects.exclude(pk=own.objects["consultation"].pk).update(internal_note="")
    if visitor == Role.MANAGER:
        Consultation.objects.update(internal_note="")
    without = answers()

    assert with_notes == without


@pytest.mark.django_db
def test_the_search_box_finds_the_own_teams_note(worlds, visit):
    own, _foreign = worlds

    answer = ask(visit(Role.ADVISOR), "GET", reverse("search"), {"q": own.canaries["note"]})

    [group] = answer.context["groups"]
    assert not group.is_alike
    assert [hit.address for hit in group.hits] == [own.objects["consultation"].get_absolute_url()]


# What a report may tell its funder: what was paid for and what came of it, nobody's name.
PRINTED = f"""
    {MONEY.replace("released_words_of_report", "result")}
    voucher_number voucher_payee voucher_reason cut_because deliverable deliverable_proof
    imported_vouchers_number imported_vouchers_payee imported_vouchers_why
    thing thing_mark thing_place thing_gone
    programme_rules programme_rules_version programme_rules_source
"""


@pytest.mark.slow
def test_a_printed_report_names_nobody_and_quotes_no_note(worlds, visit):
    own, foreign = worlds
    grant = own.objects["grant"]
    report = make_report(grant=grant, ends_on=grant.starts_on.replace(month=12, day=31))
    version = ReportVersion.objects.claim(make_version(report=report).pk)
    version.finish(produce(version, lambda step: None), seconds=1)
    let_out(version, by=own.people[Role.MANAGER])
    client = visit(Role.FUNDER)

    addresses = [
        reverse("reports:detail", args=[report.pk]),
        *(reverse("reports:download", args=[version.pk, kind]) for kind in FORMATS),
        reverse("reports:everything", args=[version.pk]),
        *(
            reverse("reports:figure", args=[version.pk, figure["code"]])
            for figure in version.frozen["indicators"]
        ),
    ]
    pages = [(address, text_of(client.get(address))) for address in addresses]

    shown = set(seen_of(own, pages))
    assert shown <= set(f"{PRINTED} funder_name".split())
    [paper] = [page for page in pages if page[0].endswith("/pdf/")]
    assert {"grant_reference", "grant_title", "result", "programme_rules"} <= set(
        seen_of(own, [paper])
    )
    assert seen_of(foreign, pages) == {}
