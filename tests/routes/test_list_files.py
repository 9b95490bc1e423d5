"""Every page that lists rows offers them as files, or is named here with the reason why not."""

import csv
import io
from dataclasses import is_dataclass

import openpyxl
import pytest
from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import translation

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.export import ENDINGS
from consultations.models import SupportCase
from tests.routes.matrix import EXPECTED, ROUTES, ask

pytestmark = pytest.mark.slow

READERS = (Role.ADVISOR, Role.MANAGER, Role.FUNDER, Role.EVALUATOR)
ONE_ROW = "one row with what belongs to it; those rows are in the files of their own lists"
A_STEP = "a choice on the way to something else, not a list to keep"
NOT_FILES = {
    "home": "the beginnings of lists that have their files",
    "pattern": "invented rows that show what lists look like",
    "bin:content": "what is deleted must not outlive its 30 days in a file",
    "drafts:list": "nobody has sent it yet; it is the text of one person's forms",
    "consultations:calls": "work of the next hours; the waiting list's file has these people",
    "consultations:import_preview": "the file itself; its rejected rows come back as a file",
    "enterprises:operations_import_preview": "like the other import",
    "enterprises:timeline": "a piece of the case file's timeline, which has its file",
    "enterprises:lookalikes": "a hint while a name is typed",
    "enterprises:block": "the few ideas built of it; the list of needs has its file",
    "consultations:questionnaire": "a form to print",
    "consultations:changed_days": "the exceptions of one block of office hours, to change them",
    "consultations:group_checkin": "names to tick; the list of the session has its file",
    "consultations:handover_of_person": "what is to be handed over; each kind has its own list",
    "pages:list": "the few pages and rules there are; the versions of each page have their file",
    "privacy:erasures": "who wants to be forgotten must not stand in a file that outlives it",
    "enterprises:confirmation_rules": "a few rules to read; what comes of them is in the letters",
    "reports:cost_rules": "rules to read; reports print those that counted",
    "reports:outlines": "rules to read; reports print their sections",
    "reports:money": "sums of a financing plan; the rows behind each have their file",
    "reports:vouchers_import_preview": "like the other imports",
    "reports:texts": "figures and results to write beside; each has its own file",
    "reports:explain": "what stands in the way of one report, gone with it",
    "reports:set_up": "the steps of setting up one grant",
    "reports:steering": "sums over all grants; the rows behind each have their file",
    "reports:declaration_new": "a form; the published operations have their file",
    **dict.fromkeys(
        [
            "consultations:absence",
            "consultations:appointment",
            "consultations:detail",
            "consultations:handover",
            "consultations:month_sheet",
            "consultations:participation",
            "consultations:project",
            "consultations:promise",
            "consultations:registered",
            "consultations:waiting_entry",
            "districts:detail",
            "enterprises:beneficiary",
            "enterprises:document",
            "enterprises:entry_manage",
            "enterprises:agreement",
            "enterprises:meeting",
            "enterprises:resource",
            "enterprises:person",
            "privacy:erasure",
            "reports:comparison",
            "reports:detail",
            "reports:grant",
            "reports:lock",
            "reports:payment",
            "consultations:group_session",
            "consultations:need",
            "reports:counted",
            "reports:story_manage",
            "reports:voucher",
        ],
        ONE_ROW,
    ),
    **dict.fromkeys(
        [
            "consultations:book_for",
            "consultations:case_hand_over",
            "consultations:group_log",
            "consultations:move",
            "consultations:waiting_offer",
            "reports:accept",
            "reports:accept_letter",
            "reports:award_new",
            "reports:fund_edit",
            "reports:fund_new",
            "reports:funder_paper_new",
            "reports:indicator_set_edit",
            "reports:indicator_set_new",
            "reports:new",
            "reports:new_for",
            "reports:review_ask",
        ],
        A_STEP,
    ),
}
# The world's reports are frozen with keys of their own, which a row here has now and then.
AT_TIMES = {"reports:counted"}
FILES = {
    name: pattern.callback
    for name, pattern in ROUTES.items()
    if hasattr(pattern.callback, "list_page")
}


def rows_in(value):
    """Whether something a view hands to its template is rows to list."""
    if isinstance(value, Page | QuerySet):
        return True
    if not isinstance(value, list | tuple) or not value:
        return False
    first = value[0][0] if isinstance(value[0], tuple) and value[0] else value[0]
    return isinstance(first, Model) or is_dataclass(first)


def lists_rows(response):
    contexts = response.context if isinstance(response.context, list) else [response.context]
    return any(rows_in(value) for layer in contexts[0].dicts for value in layer.values())


@pytest.fixture
def own(worlds):
    """The own world, with a case from before it was asked whom it supports."""
    own, _foreign = worlds
    SupportCase.objects.filter(pk=own.objects["case"].pk).update(support_target="")
    return own


def pages_that_list_rows(own, visit):
    """Each as route → the HTML that those who may see it get."""
    found = {}
    for visitor in READERS:
        client = visit(visitor)
        for each in EXPECTED:
            if each.method != "GET" or each.of(visitor) != "200":
                continue
            response = ask(client, "GET", each.address(own))
            is_page = response.status_code == 200 and response.headers["Content-Type"].startswith(
                "text/html"
            )
            if is_page and response.context and lists_rows(response):
                found.setdefault(each.route, []).append(response.content.decode())
    return found


def offers_files(html):
    return any(f".{ending}{end}" in html for ending in ENDINGS for end in '"?')


def test_every_page_of_rows_offers_files_or_says_why_not(own, visit):
    found = pages_that_list_rows(own, visit)
    listed = {view.list_page for view in FILES.values()}
    offering = {page for page, shown in found.items() if any(map(offers_files, shown))}

    assert set(found) - offering - set(NOT_FILES) == set(), "offer its rows, or say why not"
    assert set(NOT_FILES) - set(found) - AT_TIMES == set(), "these list no rows any more"
    assert listed & set(found) - offering == set(), "these do not link to their files"
    assert set(NOT_FILES) & listed == set()


def test_whoever_takes_a_list_may_see_its_page():
    wider = {
        name
        for name, view in FILES.items()
        if hasattr(view, "roles")
        and set(view.roles) - set(getattr(ROUTES[view.list_page].callback, "roles", Role))
    }
    assert wider == set()


def files_of(visitor, own):
    """The address of each list's files, in one kind."""
    for each in EXPECTED:
        if each.route in FILES and "=csv" in each.objects and each.of(visitor) == "200":
            yield each.route, each.parameters(own)


def test_every_file_has_headings_rows_and_an_entry_in_the_log(own, visit):
    manager, counted = visit(Role.MANAGER), {}

    with translation.override("de"):
        for route, address in files_of(Role.MANAGER, own):
            for ending in ENDINGS:
                before = Event.objects.count()
                response = manager.get(reverse(route, kwargs=address | {"ending": ending}))
                lines = read(ending, b"".join(response))
                kept = Event.objects.all()[: Event.objects.count() - before]
                counted.setdefault(route, []).append(len(lines))
                assert all(lines[0]), f"{route}: a column without a heading"
                assert {len(line) for line in lines} == {len(lines[0])}, route
                is_public = not hasattr(FILES[route], "roles")
                assert [each.verb for each in kept] == ["list.exported"] * (not is_public), route

    assert set(counted) == set(FILES)
    assert {route for route, both in counted.items() if len(set(both)) > 1} == set()
    # Its appointments are, but for some days of the week, in another than is shown first.
    empty = {route for route, both in counted.items() if both[0] < 2}
    assert empty <= {"consultations:appointments_export"}


def read(ending, body):
    if ending == "csv":
        return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))
    rows = list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows())
    assert all(cell.data_type != "f" and not cell.hyperlink for row in rows for cell in row)
    return [[cell.value for cell in row] for row in rows]
