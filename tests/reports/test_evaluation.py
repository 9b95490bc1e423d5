"""What leaves for the evaluator: every row of the project, nobody's name, each column explained."""

import csv
import io
import json
import zipfile
from datetime import date

import pytest
from django.urls import reverse

from best_portal.audit.models import Event
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
    assert person["gender"] == "woman"
    assert "disability" not in person


def test_the_schema_explains_each_column(manager, project):
    files = taken(manager, project)

    described = json.loads(files["datapackage.json"])["resources"]
    for resource in described:
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert names == next(csv.reader(io.StringIO(files[resource["path"]]), delimiter=";"))
        assert all(field["description"] for field in resource["schema"]["fields"])
    assert {resource["path"] for resource in described} == set(FILES)


def test_that_it_left_is_in_the_log(manager, project):
    taken(manager, project)

    assert Event.objects.about(project).filter(verb="project.evaluated").count() == 1
