"""A log kept by hand becomes consultations: once, all or nothing, and undone if need be."""

import io
import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections
from django.utils import timezone, translation

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.imports.models import BatchStatus
from best_portal.imports.tasks import forget_old_imports
from consultations.models import Consultation, ImportBatch
from districts.models import District
from enterprises.models import Organisation, OrganisationKind
from tests.factories import (
    YEAR,
    make_consultation,
    make_district,
    make_enterprise,
    make_organisation,
    make_project,
    make_topic,
    make_user,
)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


HEADINGS = "Nr.;Datum;von;bis;Std.;Art;Initiative;Gebiet;Bearbeiter;Personen;Thema;Notiz"
ROW = f"1;05.02.{YEAR};09:00;10:30;;Beratung;Kiezküche;Musterpl.;Muster Anna;3;Satzung;=1+1"


def log_file(*lines, headings=HEADINGS):
    return io.BytesIO("\n".join([headings, *lines]).encode())


def make_batch(*lines, project=None, by=None, headings=HEADINGS):
    make_district_once()
    by = by or make_user(Role.MANAGER)
    return ImportBatch.objects.propose(
        by=by,
        project=project or make_project(),
        file=log_file(*(lines or [ROW]), headings=headings),
        name="log.csv",
    )


def make_district_once(name="Musterplatz"):
    return District.objects.filter(name=name).first() or make_district(name=name)


@pytest.mark.django_db
def test_a_row_becomes_a_consultation_with_everything_it_says():
    anna = make_user(name="Muster Anna")
    topic = make_topic("Satzung")
    batch = make_batch(project=make_project(team=[anna]))

    batch.commit(by=batch.uploaded_by)

    consultation = Consultation.objects.get()
    assert (consultation.kind, consultation.held_on) == ("advice", date(YEAR, 2, 5))
    assert f"{consultation.starts_at:%H:%M%z}" == "08:00+0000"
    assert (consultation.minutes, consultation.headcount) == (90, 3)
    assert consultation.district.name == "Musterplatz"
    assert consultation.organisation.name == "Kiezküche"
    assert consultation.advisor_as_written == "Muster Anna"
    assert list(consultation.advisors.all()) == [anna]
    assert list(consultation.topics.all()) == [topic]
    assert consultation.internal_note == "=1+1"
    assert (consultation.batch_id, consultation.batch_row) == (batch.pk, 2)
    assert consultation.logged_by == batch.uploaded_by


@pytest.mark.django_db
def test_a_name_nobody_knows_opens_a_file_and_a_known_one_is_found_by_any_spelling():
    known = make_organisation(name="Wäscherei Nachbarinnen")
    rows = [ROW.replace("Kiezküche", name) for name in ("WÄSCHEREI  nachbarinnen ", "Kiezküche")]

    make_batch(*rows).commit(by=None)

    made = Organisation.objects.exclude(pk=known.pk).get()
    assert (made.name, made.kind) == ("Kiezküche", OrganisationKind.FOUNDING_INITIATIVE)
    assert made.stages.get().since == date(YEAR, 2, 5)
    assert {row.organisation for row in Consultation.objects.all()} == {known, made}


@pytest.mark.django_db
def test_a_name_that_comes_near_is_asked_about_and_stays_its_own_without_an_answer():
    known = make_enterprise(name="Kulturcafé Leerstand")
    batch = make_batch(ROW.replace("Kiezküche", "Kulturcafe Leerstand eG"))

    (question,) = batch.questions()
    assert (question.name, question.near) == ("Kulturcafe Leerstand eG", (known,))

    batch.answer(by=batch.uploaded_by, organisations={question.spelling: known.pk})
    batch.commit(by=batch.uploaded_by)

    assert Consultation.objects.get().organisation == known


@pytest.mark.django_db
def test_repeating_an_import_adds_nothing():
    project = make_project()
    make_batch(project=project).commit(by=None)

    again = make_batch(ROW.replace("1;", "77;", 1), project=project).commit(by=None)

    assert (again.outcome["imported"], again.outcome["duplicates"]) == (0, 1)
    assert Consultation.objects.count() == 1


@pytest.mark.django_db
def test_the_same_row_may_belong_to_two_projects():
    make_batch().commit(by=None)
    make_batch().commit(by=None)

    assert Consultation.objects.count() == 2


@pytest.mark.django_db
def test_rows_with_problems_stay_out_and_the_rest_comes_in():
    batch = make_batch(ROW, ROW.replace("05.02.", "31.02."), "Summe;;;;12,5").commit(by=None)

    assert batch.outcome["imported"] == batch.outcome["rejected"] == batch.outcome["ignored"] == 1
    assert batch.outcome["problems"] == [
        {"row": 3, "column": "Datum", "problem": "impossible_date"}
    ]
    assert batch.status == BatchStatus.COMMITTED


@pytest.mark.django_db
def test_an_import_is_all_or_nothing(monkeypatch):
    batch = make_batch(ROW, ROW.replace("Kiezküche", "Andere"))
    fingerprints = iter(["the same"] * 2)
    entries = [
        type(entry)(**{**vars(entry), "fingerprint": next(fingerprints)})
        for entry in batch.reading.entries
    ]
    monkeypatch.setattr(
        "consultations.models.imports.read_log",
        lambda *args, **options: type(batch.reading)(tuple(entries), (), (), ()),
    )

    with pytest.raises(ValidationError, match="imported already"):
        batch.commit(by=None)

    assert not Consultation.objects.exists()
    assert not Organisation.objects.exists()
    assert ImportBatch.objects.get().status == BatchStatus.UPLOADED


@pytest.mark.django_db
def test_a_finished_import_cannot_be_changed_or_committed_again():
    batch = make_batch()
    batch.commit(by=None)

    for verb in (
        lambda: batch.commit(by=None),
        lambda: batch.remap(by=None, columns=batch.columns, unit="hours"),
        lambda: batch.discard(by=None),
    ):
        with pytest.raises(ValidationError, match="finished"):
            verb()
    assert Consultation.objects.count() == 1


@pytest.mark.django_db
def test_columns_can_be_corrected_but_neither_doubled_nor_left_out():
    batch = make_batch(f"05.02.{YEAR};90;B;Beratung;Kiezküche;Musterplatz", headings="p;x;y;z;a;b")
    by = batch.uploaded_by
    columns = {"date": 0, "duration": 1, "kind": 3, "organisation": 4, "area": 5}

    with pytest.raises(ValidationError, match="only once"):
        batch.remap(by=by, columns={**columns, "note": 4}, unit="minutes")
    with pytest.raises(ValidationError, match="Choose a column for"):
        batch.remap(by=by, columns={"date": 0, "note": None}, unit="minutes")
    batch.remap(by=by, columns={**columns, "note": None}, unit="minutes")

    ImportBatch.objects.get().commit(by=by)
    assert Consultation.objects.get().minutes == 90


@pytest.mark.django_db
def test_an_import_without_the_needed_columns_is_refused():
    batch = make_batch(f"05.02.{YEAR};90", headings="Datum;Dauer")

    with pytest.raises(ValidationError, match="Choose a column for"):
        batch.commit(by=None)


@pytest.mark.django_db
def test_only_the_projects_team_and_the_management_import():
    advisor = make_user()
    ours, theirs = make_project(team=[advisor]), make_project()

    make_batch(project=ours, by=advisor).commit(by=advisor)

    with pytest.raises(ValidationError, match="team"):
        make_batch(project=theirs, by=advisor)
    with pytest.raises(ValidationError, match="team"):
        make_batch(project=theirs).commit(by=advisor)


@pytest.mark.django_db
def test_an_import_can_be_undone_and_brought_again():
    manager, project = make_user(Role.MANAGER), make_project()
    batch = make_batch(ROW, ROW.replace("Kiezküche", "Andere"), project=project).commit(by=None)
    changed = Consultation.objects.get(organisation__name="Andere")
    changed.amend(by=manager, revision=1, headcount=7)

    with pytest.raises(ValidationError, match="management"):
        batch.undo(by=make_user())
    assert batch.undo(by=manager) == 1

    assert list(Consultation.objects.valid()) == [changed]
    again = make_batch(ROW, ROW.replace("Kiezküche", "Andere"), project=project).commit(by=None)
    assert (again.outcome["imported"], again.outcome["duplicates"]) == (1, 1)


@pytest.mark.django_db
def test_a_file_put_aside_is_deleted():
    batch = make_batch()

    batch.discard(by=batch.uploaded_by)

    kept = ImportBatch.objects.get()
    assert (kept.status, bytes(kept.content)) == (BatchStatus.DISCARDED, b"")


@pytest.mark.django_db
def test_the_preview_marks_whom_the_portal_does_not_know_yet():
    anna = make_user(name="Muster Anna")
    make_organisation(name="Kiezküche")
    batch = make_batch(
        ROW,
        ROW.replace("Kiezküche", "Neue Wäscherei").replace("Muster Anna", "Beispiel Otto"),
        project=make_project(team=[anna]),
    )

    known, fresh = [
        {str(value): value.mark for value in line.values if hasattr(value, "mark")}
        for line in batch.lines()
    ]

    assert known == {"Kiezküche": "", "Muster Anna": ""}
    assert fresh["Neue Wäscherei"] == "new"
    assert "team" in fresh["Beispiel Otto"]
    assert batch.new_organisations == ["Neue Wäscherei"]


@pytest.mark.django_db
def test_a_name_that_was_answered_is_no_new_one():
    known = make_enterprise(name="Kulturcafé Leerstand")
    batch = make_batch(ROW.replace("Kiezküche", "Kulturcafe Leerstand eG"))
    (question,) = batch.questions()
    batch.answer(by=batch.uploaded_by, organisations={question.spelling: known.pk})

    batch = ImportBatch.objects.get()

    assert batch.new_organisations == []
    assert [asked.answer for asked in batch.questions()] == [known.pk]


@pytest.mark.django_db
def test_what_was_taken_over_keeps_no_file_but_hash_figures_and_the_rows_with_problems():
    batch = make_batch(ROW.replace("=1+1", "geheim"), ROW.replace("05.02.", "31.02."))

    batch.commit(by=None)

    kept = ImportBatch.objects.get()
    assert bytes(kept.content) == b""
    assert (kept.sha256, kept.outcome["imported"]) == (batch.sha256, 1)
    assert "geheim" not in str(kept.leftover)
    (line,) = kept.lines()
    assert (line.row, [problem.code for problem in line.problems]) == (3, ["impossible_date"])
    headings, (row,) = kept.rejected.as_table()
    assert headings[:3] == ["Nr.", "Datum", "von"]
    assert (row[1], row[12]) == (f"31.02.{YEAR}", 3)


@pytest.mark.django_db
def test_what_was_undone_keeps_nothing():
    manager = make_user(Role.MANAGER)
    make_batch(ROW, ROW.replace("05.02.", "31.02.")).commit(by=None).undo(by=manager)

    kept = ImportBatch.objects.get()

    assert (bytes(kept.content), kept.leftover, kept.is_kept) == (b"", None, False)
    assert kept.outcome["imported"] == 1


@pytest.mark.django_db
def test_after_thirty_days_nothing_of_a_file_is_kept():
    wrong = ROW.replace("05.02.", "31.02.")
    fresh = [make_batch(wrong), make_batch(wrong).commit(by=None)]
    old = [make_batch(wrong), make_batch(wrong).commit(by=None)]
    long_ago = timezone.now() - timedelta(days=31)
    ImportBatch.objects.filter(pk=old[0].pk).update(uploaded_at=long_ago)
    ImportBatch.objects.filter(pk=old[1].pk).update(committed_at=long_ago)

    for _twice in range(2):
        forget_old_imports()

    assert {batch.pk for batch in ImportBatch.objects.all() if batch.is_kept} == {
        batch.pk for batch in fresh
    }
    old[0].refresh_from_db()
    assert old[0].status == BatchStatus.DISCARDED
    verbs = [Event.objects.about(batch).latest("pk").verb for batch in old]
    assert verbs == ["import.discarded", "import.forgotten"]


@pytest.mark.django_db
def test_rows_restored_by_hand_after_an_undo_are_known_when_the_file_comes_again():
    manager, project = make_user(Role.MANAGER), make_project()
    batch = make_batch(project=project).commit(by=None)
    batch.undo(by=manager)
    Consultation.objects.get().restore(by=manager)

    again = make_batch(project=project).commit(by=None)

    assert (again.outcome["imported"], again.outcome["duplicates"]) == (0, 1)
    assert Consultation.objects.valid().count() == 1


@pytest.mark.django_db
def test_a_row_imported_again_cannot_be_restored_a_second_time():
    manager, project = make_user(Role.MANAGER), make_project()
    make_batch(project=project).commit(by=None).undo(by=manager)
    undone = Consultation.objects.get()
    make_batch(project=project).commit(by=None)

    with pytest.raises(ValidationError, match="imported already"):
        undone.restore(by=manager)

    assert Consultation.objects.valid().count() == 1


@pytest.mark.django_db
def test_a_row_withdrawn_by_hand_does_not_come_back_with_the_next_import():
    manager, project = make_user(Role.MANAGER), make_project()
    make_batch(project=project).commit(by=None)
    Consultation.objects.get().withdraw(by=manager)

    again = make_batch(project=project).commit(by=None)

    assert again.outcome["imported"] == 0


@pytest.mark.django_db
def test_the_very_same_file_is_told_to_have_come_before():
    first = make_batch().commit(by=None)

    assert make_batch().came_before == first
    assert make_batch(ROW, ROW).came_before is None


@pytest.mark.django_db
def test_every_step_of_an_import_is_in_the_log():
    batch = make_batch()
    batch.commit(by=batch.uploaded_by)
    batch.undo(by=batch.uploaded_by)

    assert set(Event.objects.about(batch).values_list("verb", flat=True)) == {
        "import.uploaded",
        "import.committed",
        "import.undone",
    }


@pytest.mark.django_db
def test_the_manager_sees_every_import_and_an_advisor_their_own():
    anna, otto = make_user(), make_user()
    mine = make_batch(project=make_project(team=[anna]), by=anna)
    make_batch(project=make_project(team=[otto]), by=otto)

    assert list(ImportBatch.objects.visible_to(anna)) == [mine]
    assert ImportBatch.objects.visible_to(make_user(Role.MANAGER)).count() == 2
    for role in (Role.FOUNDER, Role.FUNDER, Role.EVALUATOR):
        assert not ImportBatch.objects.visible_to(make_user(role)).exists()


@pytest.mark.django_db
def test_a_start_in_the_night_the_clocks_change_does_not_break_an_import():
    row = f"1;31.03.{YEAR};01:00;04:00;;Beratung;Kiezküche;Musterplatz;;;;"

    make_batch(row).commit(by=None)

    assert Consultation.objects.get().minutes == 180


@pytest.mark.django_db(transaction=True)
def test_two_commits_at_once_import_everything_once():
    project = make_project()
    lines = [ROW.replace("=1+1", f"Notiz {n}") for n in range(200)]
    batches = [make_batch(*lines, project=project) for n in range(2)]
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
    assert Consultation.objects.count() == 200
    assert Organisation.objects.count() == 1
    outcomes = ImportBatch.objects.values_list("outcome__imported", flat=True)
    assert sorted(outcomes) == [0, 200]


@pytest.mark.slow
@pytest.mark.django_db
def test_ten_thousand_rows_are_imported_in_half_a_minute():
    batch = make_batch(*(ROW.replace("=1+1", f"Notiz {n}") for n in range(10_000)))

    batch.commit(by=None)

    assert Consultation.objects.count() == 10_000


@pytest.mark.django_db
def test_an_import_has_a_status_that_exists():
    with pytest.raises(IntegrityError, match="consultations_importbatch_status_is_known"):
        ImportBatch.objects.create(project=make_project(), content=b"", status="lost")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "at"), [(BatchStatus.COMMITTED, None), (BatchStatus.UPLOADED, timezone.now())]
)
def test_an_import_is_committed_if_and_only_if_it_has_the_time(status, at):
    with pytest.raises(IntegrityError, match="consultations_importbatch_committed_with_time"):
        ImportBatch.objects.create(
            project=make_project(), content=b"", status=status, committed_at=at
        )


@pytest.mark.django_db
def test_the_database_takes_a_row_of_a_log_once_for_each_project():
    first = make_consultation(fingerprint="the same")
    make_consultation(fingerprint="the same")

    with pytest.raises(IntegrityError, match="consultations_consultation_imported_once"):
        make_consultation(project=first.project, fingerprint="the same")


@pytest.mark.django_db
@pytest.mark.parametrize("status", [BatchStatus.COMMITTED, BatchStatus.DISCARDED])
def test_the_database_keeps_no_file_of_a_finished_import(status):
    at = timezone.now() if status == BatchStatus.COMMITTED else None

    with pytest.raises(IntegrityError, match="consultations_importbatch_only_open_keeps_file"):
        ImportBatch.objects.create(
            project=make_project(), content=b"x", status=status, committed_at=at
        )


@pytest.mark.django_db
@pytest.mark.parametrize("status", [BatchStatus.UPLOADED, BatchStatus.DISCARDED])
def test_only_a_finished_import_has_rows_left_over(status):
    with pytest.raises(IntegrityError, match="consultations_importbatch_leftover_of_committed"):
        ImportBatch.objects.create(
            project=make_project(), content=b"", status=status, leftover={"rows": []}
        )


@pytest.mark.django_db
def test_a_withdrawn_row_leaves_its_place_to_the_next():
    first = make_consultation(fingerprint="the same")
    first.withdraw(by=None)

    make_consultation(project=first.project, fingerprint="the same")

    assert Consultation.objects.valid().count() == 1
