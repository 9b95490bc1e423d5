"""A published list becomes operations: once, all or nothing, restated and taken back."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import translation

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.imports.models import BatchStatus
from enterprises.models import (
    Basis,
    Beneficiary,
    LegalForm,
    Operation,
    OperationImport,
    Organisation,
    OrganisationKind,
)
from tests.enterprises.published import ROW, efre_file, esf_file, row
from tests.factories import make_beneficiary, make_enterprise, make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def bring(*rows, by=None, fund="esf", name="esf.csv", **about):
    return OperationImport.objects.propose(
        by=by or make_user(Role.MANAGER), fund=fund, file=esf_file(*rows), name=name, **about
    )


def mark_of(batch, column=0):
    return {str(line.values[0]): line.values[column].mark for line in batch.lines()}


def test_a_row_becomes_an_operation_with_everything_it_says():
    batch = bring(name="esf_berlin_2021_2027.csv")

    batch.commit(by=batch.uploaded_by)

    operation = Operation.objects.get()
    assert (operation.fund, operation.period) == ("esf", "2021–2027")
    assert operation.beneficiary.name == "Muster Träger gGmbH"
    assert (operation.name, operation.summary) == ("Lernküche", "Kochen „und“\n\n lernen")
    assert (operation.starts_on, operation.ends_on) == (date(2022, 4, 4), date(2023, 9, 30))
    assert (operation.amount, operation.share) == (Decimal("91100.16"), Decimal("49.92"))
    assert operation.eu_amount == Decimal("45477.20")
    assert (operation.postcode, operation.country) == ("10997", "DE300")
    assert (operation.batch_id, operation.batch_row) == (batch.pk, 2)


def test_the_list_says_of_which_day_it_is_and_the_person_may_say_it_better():
    told = OperationImport.objects.propose(
        by=make_user(), fund="efre", file=efre_file(), name="efre.xlsx"
    )
    said = OperationImport.objects.propose(
        by=make_user(),
        fund="efre",
        file=efre_file(),
        name="efre.xlsx",
        published_on=date(2023, 4, 1),
        period="2014–2020",
    )

    assert (told.published_on, told.period) == (date(2023, 3, 30), "2021–2027")
    assert (said.published_on, said.period) == (date(2023, 4, 1), "2014–2020")
    assert told.source == "EFRE 2021–2027, as of 30.03.2023"
    assert (bring().source, bring().cited) == ("ESF 2021–2027, esf.csv", "ESF 2021–2027")


def test_repeating_an_import_adds_nothing():
    bring().commit(by=None)

    again = bring(ROW.replace("gGmbH", "GGMBH")).commit(by=None)

    assert (again.outcome["imported"], again.outcome["duplicates"]) == (0, 1)
    assert (Operation.objects.count(), Beneficiary.objects.count()) == (1, 1)


def test_the_same_row_may_stand_in_the_lists_of_two_funds():
    bring().commit(by=None)
    bring(fund="efre").commit(by=None)

    assert Operation.objects.count() == 2


def test_rows_with_problems_stay_out_and_the_rest_comes_in():
    batch = bring(row(), row(name="B", start="31.02.2022"), "Summe,,,,,12,,,,").commit(by=None)

    assert batch.outcome["imported"] == batch.outcome["rejected"] == batch.outcome["ignored"] == 1
    assert [line.row for line in batch.lines()] == [3]


def test_an_import_is_all_or_nothing(monkeypatch):
    batch = bring(row(), row("Andere GmbH"))
    entries = [
        type(entry)(**{**vars(entry), "fingerprint": "the same"}) for entry in batch.reading.entries
    ]
    monkeypatch.setattr(
        OperationImport, "read", lambda self: type(batch.reading)(tuple(entries), (), (), ())
    )

    with pytest.raises(ValidationError, match="imported already"):
        batch.commit(by=None)

    assert not Operation.objects.exists()
    assert not Beneficiary.objects.exists()
    assert OperationImport.objects.get().status == BatchStatus.UPLOADED


# --- who is meant ---


@pytest.mark.parametrize(
    ("printed", "on_file", "legal_form"),
    [
        ("Muster Träger gGmbH", "Muster-Träger", ""),
        ("Muster Träger gGmbH", "Muster Träger gemeinnützige GmbH", ""),
        ("MUSTER TRAEGER GmbH", "Muster Träger", LegalForm.GGMBH),
        ("Muster e. V.", "Muster e.V.", ""),
        ("Muster", "Muster eG", ""),
    ],
)
def test_the_same_name_is_linked_across_spellings_and_legal_forms(printed, on_file, legal_form):
    organisation = make_organisation(name=on_file, legal_form=legal_form)

    bring(row(printed)).commit(by=None)

    beneficiary = Beneficiary.objects.get()
    assert (beneficiary.organisation, beneficiary.basis) == (organisation, Basis.SAME_NAME)


@pytest.mark.parametrize(
    ("printed", "on_file", "legal_form"),
    [
        ("Muster Träger e.V.", "Muster Träger GmbH", ""),
        ("Muster Träger GmbH", "Muster Träger", LegalForm.UG),
        ("Nachbarschaftwerkstatt Muster e.V.", "Nachbarschaftswerkstatt Muster e.V.", ""),
        ("Stadtteilzentrum Beispielhaus gGmbH", "Beispielhaus", ""),
    ],
)
def test_a_doubtful_name_is_asked_and_stays_without_a_file_until_answered(
    printed, on_file, legal_form
):
    organisation = make_organisation(name=on_file, legal_form=legal_form)
    batch = bring(row(printed))

    (question,) = batch.questions()
    assert (question.name, question.near) == (printed, (organisation,))
    assert "91,100.16" in question.told
    assert mark_of(batch) == {printed: "who is it?"}
    batch.commit(by=None)

    assert Beneficiary.objects.get().basis == Basis.OPEN


def test_of_two_organisations_of_one_name_the_legal_form_decides_or_it_is_asked():
    association = make_organisation(name="Muster Träger e.V.")
    company = make_organisation(name="Muster Träger GmbH")
    batch = bring(row("Muster Träger gGmbH"), row("Muster Träger", "Andere"))

    (question,) = batch.questions()

    assert question.name == "Muster Träger"
    assert set(question.near) == {association, company}
    assert mark_of(batch)["Muster Träger gGmbH"] == "= Muster Träger GmbH"


def test_a_name_nobody_knows_opens_no_file():
    batch = bring(row("Ganz Andere GmbH"))

    assert batch.questions() == []
    batch.commit(by=None)

    assert not Organisation.objects.exists()
    assert (Beneficiary.objects.get().basis, batch.unsettled) == (Basis.OPEN, 1)


def test_an_answer_links_opens_a_file_or_leaves_without_one():
    known = make_enterprise(name="Beispielhaus")
    make_organisation(name="Kulturwerkstatt Leerstand")
    make_organisation(name="Nachbarschaftswerkstatt Muster")
    names = (
        "Stadtteilzentrum Beispielhaus gGmbH",
        "Kulturwerkstat Leerstand e.V.",
        "Nachbarschaftwerkstatt Muster",
    )
    batch = bring(*(row(name) for name in names))
    assert [question.name for question in batch.questions()] == sorted(names)
    answers = dict(zip(names, (known.pk, "new", "none"), strict=True))

    batch.answer(by=batch.uploaded_by, organisations=answers)
    batch = OperationImport.objects.get()
    assert mark_of(batch) == dict(
        zip(names, ("= Beispielhaus", "new file", "without a file"), strict=True)
    )
    batch.commit(by=batch.uploaded_by)

    linked, opened, left = (Beneficiary.objects.get(name=name) for name in names)
    assert {row.basis for row in (linked, opened, left)} == {Basis.DECIDED}
    assert (linked.organisation, left.organisation) == (known, None)
    assert linked.settled_by == batch.uploaded_by
    assert opened.organisation.kind == OrganisationKind.ASSOCIATION
    assert opened.organisation.legal_form == LegalForm.EV
    verbs = Event.objects.filter(subject_type="enterprises.beneficiary")
    assert set(verbs.values_list("verb", flat=True)) == {"beneficiary.linked", "beneficiary.left"}


def test_what_was_decided_once_is_neither_asked_nor_guessed_again():
    known, other = make_organisation(name="Beispielhaus"), make_organisation(name="Andere GmbH")
    manager = make_user(Role.MANAGER)
    make_beneficiary(name="Zentrum Beispielhaus").link(known, by=manager)
    make_beneficiary(name="Andere GmbH").leave(by=manager)

    batch = bring(row("Zentrum Beispielhaus"), row("Andere GmbH"))

    assert batch.questions() == []
    batch.commit(by=None)
    assert set(Beneficiary.objects.values_list("organisation", flat=True)) == {known.pk, None}
    assert not other.beneficiaries.exists()


def test_a_name_left_open_is_linked_when_its_file_has_been_opened_since():
    bring(row()).commit(by=None)
    organisation = make_organisation(name="Muster Träger")

    bring(row(name="Zweite Küche")).commit(by=None)

    assert Beneficiary.objects.get().organisation == organisation


# --- later lists ---


def test_a_later_list_restates_an_operation_and_both_are_not_counted():
    bring(row(), published_on=date(2022, 6, 1)).commit(by=None)
    later = bring(row(end="31.12.2024", amount="100.000,00 €"), published_on=date(2023, 6, 1))

    assert mark_of(later, 4) == {"Muster Träger gGmbH": "replaces 91,100.16\xa0€"}
    later.commit(by=None)

    assert Operation.objects.count() == 2
    assert Operation.objects.current().get().amount == 100_000


def test_an_older_list_brought_afterwards_changes_nothing():
    bring(row(amount="100.000,00 €"), published_on=date(2023, 6, 1)).commit(by=None)

    older = bring(row(), published_on=date(2022, 6, 1)).commit(by=None)

    assert older.outcome["imported"] == 0
    assert Operation.objects.current().get().amount == 100_000


def test_two_operations_of_one_name_and_day_are_two():
    rows = row(), row(amount="5.000,00 €")
    bring(*rows).commit(by=None)
    bring(*rows).commit(by=None)

    assert Operation.objects.current().count() == 2


def test_undoing_a_later_list_brings_back_what_the_earlier_said():
    manager = make_user(Role.MANAGER)
    batches = [
        bring(row(amount=f"{number}.000,00 €"), published_on=date(2020 + number, 6, 1))
        for number in (1, 2, 3)
    ]
    for batch in batches:
        batch.commit(by=None)

    batches[1].undo(by=manager)
    assert Operation.objects.current().get().amount == 3000
    batches[2].undo(by=manager)

    assert Operation.objects.current().get().amount == 1000


# --- taking back ---


def test_an_import_can_be_undone_and_brought_again():
    manager = make_user(Role.MANAGER)
    batch = bring(row(), row("Andere GmbH", "Zweites")).commit(by=None)
    Beneficiary.objects.get(name="Andere GmbH").leave(by=manager)

    with pytest.raises(ValidationError, match="management"):
        batch.undo(by=make_user())
    assert batch.undo(by=manager) == 2

    assert not Operation.objects.exists()
    assert Beneficiary.objects.get().name == "Andere GmbH"
    assert bring(row()).commit(by=None).outcome["imported"] == 1


def test_only_staff_bring_lists():
    for role in (Role.FOUNDER, Role.FUNDER, Role.EVALUATOR):
        with pytest.raises(ValidationError, match="staff"):
            bring(by=make_user(role))


def test_the_manager_sees_every_import_and_an_advisor_their_own():
    advisor = make_user()
    mine, _other = bring(by=advisor), bring()

    assert list(OperationImport.objects.visible_to(advisor)) == [mine]
    assert OperationImport.objects.visible_to(make_user(Role.MANAGER)).count() == 2
    assert not OperationImport.objects.visible_to(make_user(Role.FUNDER)).exists()


@pytest.mark.django_db(transaction=True)
def test_two_commits_at_once_import_everything_once():
    rows = [row(f"Muster {number} GmbH") for number in range(50)]
    batches = [bring(*rows), bring(*rows)]
    gate, refusals = threading.Barrier(2), []

    def commit(batch):
        try:
            gate.wait()
            batch.commit(by=None)
        except ValidationError as refusal:
            refusals.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=commit, args=[batch]) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refusals == []
    assert (Operation.objects.count(), Beneficiary.objects.count()) == (50, 50)


def test_a_preview_asks_the_same_however_many_rows_and_files(django_assert_max_num_queries):
    counts = []
    for number in (10, 200):
        for each in range(number):
            make_organisation(name=f"Nachbarschaftswerkstatt {each}")
        batch = bring(*(row(f"Träger {each} e.V.", f"Vorhaben {each}") for each in range(number)))
        with django_assert_max_num_queries(15) as queries:
            batch.lines()
            batch.questions()
            assert batch.becoming.total() == number
        counts.append(len(queries))

    assert counts[0] == counts[1]
