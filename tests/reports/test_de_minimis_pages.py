"""The pages of de minimis aid: accounts, declarations, awards, the register, and who sees them."""

import csv
import io
import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from reports.models import Declaration, DeMinimisAward
from tests.factories import (
    make_aid_grant,
    make_award,
    make_consultation,
    make_declaration,
    make_enterprise,
    make_founder,
    make_operation,
    make_undertaking,
    make_user,
)
from tests.reports.pages import address
from tests.routes.forms import forms_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 15)
LIST = address("de_minimis")
REGISTER = address("register")


def enterprise(*aids, **fields):
    organisation = make_enterprise(**{"founded_on": date(2020, 1, 1)} | fields)
    make_declaration(*aids, organisation=organisation, signed_on=DAY)
    return organisation


def typed(*lines, **fields):
    """What a browser sends for a declaration with these lines, and one that stayed empty."""
    empty = dict.fromkeys(["giver", "reference", "granted_on", "amount", "value"], "")
    data = {
        "form_key": str(uuid.uuid4()),
        "signed_by": "Maria Muster",
        "signed_on": "2026-06-15",
        "aids-TOTAL_FORMS": str(len(lines) + 1),
        "aids-INITIAL_FORMS": "0",
    }
    for number, line in enumerate([*lines, {}]):
        row = empty | {"form": "grant"} | line
        data |= {f"aids-{number}-{name}": value for name, value in row.items()}
    return data | fields


LINE = {
    "giver": "Musteramt",
    "granted_on": "2026-01-15",
    "reference": "Az. 1",
    "amount": "1.000,00",
    "value": "250,50",
}


# --- accounts ---


def test_the_list_shows_the_fullest_first_and_filters_in_the_address(sign_in):
    make_aid_grant()
    roomy = enterprise((DAY, "100.00"), name="Muster-Roomy")
    full = enterprise((DAY, "290000.00"), name="Muster-Voll")
    undeclared = make_award().organisation
    client = sign_in(make_user(Role.MANAGER))

    def shown(**question):
        question.setdefault("on", "2026-06-15")
        page = client.get(LIST, question)
        return [account.organisation for account in page.context["page"]]

    assert shown()[0] == full
    assert set(shown()) == {full, roomy, undeclared}
    assert shown(show="near") == [full]
    assert shown(show="undeclared") == [undeclared]
    assert shown(on="2031-01-01") == []
    assert "gestern" in client.get(LIST, {"on": "gestern"}).text


def test_more_accounts_cost_no_more_queries(sign_in, count_queries):
    client = sign_in(make_user())

    def one_more():
        make_declaration((DAY, 1), organisation=make_award().organisation)

    one_more()
    few = count_queries(client.get, LIST)
    for _each in range(5):
        one_more()

    assert count_queries(client.get, LIST) == few


def test_the_account_says_what_is_left_and_what_falls_out(sign_in):
    make_aid_grant()
    organisation = enterprise((date(2024, 2, 29), "1234.50"), (DAY, "270000.00"))

    page = sign_in(make_user(language="de")).get(
        address("de_minimis_account", organisation.pk), {"on": "2026-06-15"}
    )

    assert "271.234,50" in page.text
    assert "28.765,50" in page.text
    assert "noch frei" in page.text
    assert "Ab dem 01.03.2027 zählen 1.234,50" in page.text
    assert "Nahe am Höchstbetrag" in page.text


def test_a_longer_account_costs_no_more_queries(sign_in, count_queries):
    organisation, client = enterprise(), sign_in(make_user())
    page = address("de_minimis_account", organisation.pk)
    grant = make_aid_grant()
    make_award(grant=grant, organisation=organisation, granted_on=DAY)
    few = count_queries(client.get, page)
    for _each in range(5):
        make_award(grant=grant, organisation=organisation, granted_on=DAY)

    assert count_queries(client.get, page) == few


def test_founders_see_their_own_account_and_no_name_of_a_sister(sign_in):
    make_aid_grant()
    own = enterprise((DAY, "100.00"))
    sister = enterprise((DAY, "50.00"), name="Schwesterbetrieb Muster")
    sister_line = sister.declarations.get().aids.get()
    make_undertaking(own, sister)
    client = sign_in(make_founder(own, language="de"))

    page = client.get(address("de_minimis_account", own.pk), {"on": "2026-06-15"})

    assert page.context["account"].used == 150
    assert "an ein verbundenes Unternehmen" in page.text
    assert "Schwesterbetrieb" not in page.text
    assert sister_line.reference not in page.text
    assert client.get(address("de_minimis_account", sister.pk)).status_code == 404
    assert client.get(address("declaration_new", sister.pk)).status_code == 404
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize("role", [Role.FUNDER, Role.EVALUATOR])
def test_funders_and_evaluators_see_nothing_of_it(sign_in, role):
    award, client = make_award(), sign_in(make_user(role))

    for page in (
        LIST,
        REGISTER,
        address("de_minimis_account", award.organisation.pk),
        address("aid_certificate", award.pk),
    ):
        assert client.get(page).status_code == 403


# --- declarations ---


@pytest.mark.parametrize("is_founder", [True, False])
def test_a_declaration_is_recorded_with_its_lines(sign_in, is_founder):
    organisation = make_enterprise()
    user = make_founder(organisation) if is_founder else make_user()
    data = typed(LINE, LINE | {"granted_on": "", "reference": "Az. 2"}, linked="Muster GmbH")

    answer = sign_in(user).post(address("declaration_new", organisation.pk), data)

    assert answer.status_code == 302
    declaration = Declaration.objects.get()
    assert (declaration.recorded_by, declaration.linked) == (user, "Muster GmbH")
    first, second = declaration.aids.all()
    assert (first.granted_on, str(first.value)) == (date(2026, 1, 15), "250.50")
    assert second.granted_on is None


def test_the_same_form_twice_is_one_declaration(sign_in):
    organisation, client = make_enterprise(), sign_in(make_user())
    data = typed(LINE)

    for _each in range(2):
        assert client.post(address("declaration_new", organisation.pk), data).status_code == 302

    assert Declaration.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"signed_on": "2999-01-01"},
        {"signed_on": "0001-01-01"},
        {"signed_by": ""},
        {"nace": "Blumen"},
        {"aids-0-value": "viel"},
        {"aids-0-value": "-1"},
        {"aids-0-amount": ""},
        {"aids-0-giver": ""},
        {"aids-0-granted_on": "2026-06-16"},
        {"aids-0-form": "gift"},
        {"aids-TOTAL_FORMS": "viele"},
    ],
)
def test_a_slip_is_said_and_nothing_typed_is_lost(sign_in, wrong):
    organisation = make_enterprise()
    data = typed(LINE, mergers="Fusion mit Beispiel") | wrong

    page = sign_in(make_user()).post(address("declaration_new", organisation.pk), data)

    assert page.status_code == 200
    assert "Fusion mit Beispiel" in page.text
    assert "error-summary" in page.text
    assert not Declaration.objects.exists()


def test_the_next_declaration_begins_with_the_last_and_what_is_on_file(sign_in):
    make_aid_grant()
    organisation, sister = enterprise((DAY, "77.70")), make_enterprise(name="Muster-Schwester")
    make_undertaking(organisation, sister)
    operation = make_operation(starts_on=timezone.localdate() - timedelta(days=9))
    operation.beneficiary.link(organisation, by=make_user())
    client = sign_in(make_user(language="de"))
    page = client.get(address("declaration_new", organisation.pk))

    assert "77,70" in page.text
    assert "Muster-Schwester" in page.text
    assert operation.name in page.text
    [form] = [form for form in forms_of(page.text) if "signed_by" in form]
    sent = client.post(
        address("declaration_new", organisation.pk),
        form | {"signed_by": "Maria Muster", "aids-0-DELETE": "on"},
    )
    assert sent.status_code == 302
    assert not organisation.declarations.newest_first().first().aids.exists()


# --- awards ---


def test_staff_grant_the_consultations_of_some_days(sign_in):
    grant, organisation = make_aid_grant(), enterprise()
    for day in (DAY, DAY + timedelta(days=1), DAY + timedelta(days=9)):
        make_consultation(project=grant.project, organisation=organisation, held_on=day)
    client = sign_in(make_user(language="de"))
    page = address("award_new", organisation.pk)
    assert "15.06.2026" in client.get(page).text
    data = {"grant": grant.pk, "first_day": "2026-06-15", "last_day": "2026-06-16"}

    answer = client.post(page, data, follow=True)

    assert "2 Beratungen wurden als Beihilfe gewährt." in answer.text
    assert DeMinimisAward.objects.count() == 2
    assert "Alles war schon gewährt." in client.post(page, data, follow=True).text


def test_what_passes_the_ceiling_comes_back_with_a_sentence(sign_in):
    grant, organisation = make_aid_grant(), enterprise((DAY, "299950.00"))
    make_consultation(project=grant.project, organisation=organisation, held_on=DAY)
    data = {"grant": grant.pk, "first_day": "2026-06-15", "last_day": "2026-06-16", "fee": ""}

    page = sign_in(make_user(language="de")).post(address("award_new", organisation.pk), data)

    assert page.status_code == 200
    assert "Es sind noch 50,00 EUR frei. Nichts davon darf" in page.text
    assert "2026-06-15" in page.text


def test_only_the_manager_revokes(sign_in):
    award = make_award()
    page = address("award_revoke", award.pk)

    assert sign_in(make_user()).post(page, {"because": "-"}).status_code == 403
    assert sign_in(make_user(Role.MANAGER)).post(page, {"because": ""}).status_code == 200
    assert sign_in(make_user(Role.MANAGER)).post(page, {"because": "Irrtum"}).status_code == 302
    award.refresh_from_db()
    assert award.revoked_because == "Irrtum"


# --- the register ---


def test_the_register_lists_what_is_due_and_what_was_entered(sign_in):
    late = make_award(granted_on=date(2026, 2, 2))
    soon = make_award(granted_on=timezone.localdate())
    client = sign_in(make_user(language="de"))

    page = client.get(REGISTER)

    assert list(page.context["page"]) == [late, soon]
    assert page.text.count("überfällig") == 1
    assert client.post(address("register_enter", late.pk)).status_code == 302
    assert list(client.get(REGISTER).context["registered"]) == [late]


def test_the_rows_of_the_register(sign_in):
    organisation = make_enterprise(name="=1+1")
    make_declaration(organisation=organisation, nace="47.89")
    award = make_award(organisation=organisation, granted_on=DAY)

    answer = sign_in(make_user(language="de")).get(address("register_export", "csv"))

    written = b"".join(answer.streaming_content).decode("utf-8-sig")
    [headings, line] = csv.reader(io.StringIO(written), delimiter=";")
    assert len(headings) == len(line)
    assert line[:6] == [
        award.number,
        "'=1+1",
        organisation.number,
        "47.89",
        "60,00",
        "15.06.2026",
    ]
    assert line[11] == "13.07.2026"
    assert line[12] == award.grant.authority


def test_the_file_of_an_organisation_leads_to_its_account(sign_in):
    organisation = make_enterprise()
    account = address("de_minimis_account", organisation.pk)

    for user in (make_user(), make_founder(organisation)):
        page = sign_in(user).get(reverse("enterprises:detail", args=[organisation.pk]))
        assert account in page.text
