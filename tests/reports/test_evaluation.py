"""What leaves for the evaluator: every row of the project, nobody's name, each column explained."""

import csv
import hmac
import io
import json
import re
import zipfile
from datetime import date

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.privacy.erasing import erase
from consultations.pseudonyms import pseudonym
from reports.evaluation import FILES
from tests.factories import (
    COMPLETE,
    YEAR,
    make_case,
    make_consultation,
    make_enterprise,
    make_job,
    make_participation,
    make_person,
    make_project,
    make_size,
    make_user,
    write_answers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    project = make_project()
    body = make_enterprise(name="Geheimname gGmbH", founded_on=date(YEAR - 1, 1, 1))
    make_case(project=project, organisation=body, goal="Geheimziel")
    make_consultation(
        project=project, organisation=body, result="Geheimergebnis", internal_note="Geheimnotiz"
    )
    make_consultation(organisation=make_enterprise(name="Geheim anderswo"))
    make_size(body, source="Geheimquelle")
    make_job(organisation=body)
    somebody = make_participation(
        project, person=make_person(name="Geheim Person", birth_on=date(1990, 5, 17))
    )
    write_answers(somebody, consents=("disability",), disability="yes", **COMPLETE)
    return project


def taken(client, project):
    response = client.post(reverse("reports:evaluation_export", args=[project.key]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def rows(text):
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_every_row_of_the_project_leaves_and_no_other(manager, project):
    files = taken(manager, project)

    numbers = {name: len(rows(files[name])) for name in FILES}
    assert numbers == {
        "faelle.csv": 1,
        "phasen.csv": 0,
        "begleitungen.csv": 1,
        "beratungen.csv": 1,
        "arbeitsplaetze.csv": 1,
        "groessen.csv": 1,
        "teilnahmen.csv": 1,
    }


def test_the_same_case_is_recognised_in_every_file_and_nobody_is_named(manager, project):
    files = taken(manager, project)
    body = project.consultations.get().organisation

    number = pseudonym(project, body.pk)
    for name in ("faelle.csv", "begleitungen.csv", "beratungen.csv", "groessen.csv"):
        assert rows(files[name])[0]["fall"] == number
    assert not any("Geheim" in text for text in files.values())
    assert "17.05.1990" not in files["teilnahmen.csv"]
    [person] = rows(files["teilnahmen.csv"])
    assert person["gender"] == "Frau"
    assert "disability" not in person


def test_a_study_outlives_a_change_of_the_secret_and_ends_with_a_new_key(
    manager, project, settings
):
    def numbers():
        files = taken(manager, project)
        return rows(files["faelle.csv"])[0]["fall"], rows(files["teilnahmen.csv"])[0]["person"]

    body, person = project.consultations.get().organisation, project.participations.get().person
    # As they were made before they had a key of their own.
    expected = tuple(
        hmac.digest(f"{settings.SECRET_KEY}:{name}{project.key}".encode(), number, "sha256").hex()
        for name, number in (
            ("pseudonym:", f"{body.pk}".encode()),
            ("pseudonym:person:", f"{person.pk}".encode()),
        )
    )
    assert numbers() == tuple(each[:12] for each in expected)

    before = numbers()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the tests, long enough to be one, 0123456789"
    assert numbers() == before

    settings.PSEUDONYM_KEY = "a new key of the tests, long enough to be one, 0123456789, too"
    assert not set(numbers()) & set(before)


def test_the_schema_explains_each_column(manager, project):
    files = taken(manager, project)

    described = json.loads(files["datapackage.json"])["resources"]
    for resource in described:
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert names == next(csv.reader(io.StringIO(files[resource["path"]]), delimiter=";"))
        assert all(field["description"] for field in resource["schema"]["fields"])
    assert {resource["path"] for resource in described} == set(FILES)


def test_answers_leave_in_the_words_of_the_questionnaire_and_every_day_in_one_form(
    manager, project
):
    left = make_participation(project, entered_on=date(YEAR, 1, 8), left_on=date(YEAR, 3, 1))
    write_answers(left, **COMPLETE)
    write_answers(
        left,
        exit_working=f"{YEAR}-03-05",
        exit_searching="no",
        exit_training="no",
        exit_qualified="no",
    )

    [_entered, person] = rows(taken(manager, project)["teilnahmen.csv"])

    assert (person["eintritt"], person["austritt"]) == (f"08.01.{YEAR}", f"01.03.{YEAR}")
    assert (person["exit_working"], person["exit_searching"]) == (f"05.03.{YEAR}", "Nein")
    assert person["isced"].startswith("Abitur")
    assert person["later_working"] == ""


def test_the_schema_names_every_value_a_column_may_have(manager, project):
    left = make_participation(project, entered_on=date(YEAR, 1, 8), left_on=date(YEAR, 3, 1))
    write_answers(left, exit_working=f"{YEAR}-03-05", exit_searching="no")
    files = taken(manager, project)

    described = json.loads(files["datapackage.json"])["resources"]
    listed = set()
    for resource in described:
        for field in resource["schema"]["fields"]:
            rules, name = field.get("constraints", {}), field["name"]
            values = {row[name] for row in rows(files[resource["path"]])} - {""}
            if "enum" in rules:
                assert values <= set(rules["enum"])
                listed.add(name)
            elif "pattern" in rules or field["type"] == "date":
                pattern = rules.get("pattern", r"\d{2}\.\d{2}\.\d{4}")
                assert all(re.fullmatch(pattern, value) for value in values)
                listed.add(name)
    assert {"art", "phase", "ziel", "weg", "klasse", "gender", "exit_working", "later_working"} <= (
        listed
    )
    [people] = [each for each in described if each["path"] == "teilnahmen.csv"]
    fields = {field["name"]: field for field in people["schema"]["fields"]}
    assert "Haben Sie eine Arbeit aufgenommen" in fields["exit_working"]["description"]
    assert "oder „Nein“" in fields["exit_working"]["description"]
    assert "EECO02" in str(fields["status"]["categories"])


def test_that_it_left_is_in_the_log(manager, project):
    taken(manager, project)

    assert Event.objects.about(project).filter(verb="project.evaluated").count() == 1


def test_of_whoever_is_erased_only_what_reports_count_leaves(manager, project):
    [part] = project.participations.all()
    before = rows(taken(manager, project)["teilnahmen.csv"])
    erase(part.person, by=make_user(Role.MANAGER))

    [after] = rows(taken(manager, project)["teilnahmen.csv"])

    kept = {"gender", "status", "isced"}
    assert {name for name, value in after.items() if value} == kept
    assert [{name: row[name] for name in kept} for row in before] == [
        {name: after[name] for name in kept}
    ]
