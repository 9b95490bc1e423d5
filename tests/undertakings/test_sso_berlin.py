"""SSÖ Berlin: survey of needs and visions, ideas with co-owners, and what becomes of them."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Idea, Need
from districts.models import Survey, SurveyReply
from enterprises.models import LegalForm, Organisation
from tests.factories import make_district, make_organisation, make_user

pytestmark = pytest.mark.django_db


def test_from_a_survey_to_a_job_in_the_open(client, sign_in):
    cache.clear()
    manager, area = make_user(Role.MANAGER), make_district()
    today = timezone.localdate()

    # The manager asks; a neighbour answers on a phone, without an account.
    desk = sign_in(manager)
    asked = {
        "title": "Was fehlt, was wäre schön, was ginge?",
        "introduction": "Vier Organisationen fragen gemeinsam.",
        "areas": [area.pk],
        "opens_on": today,
        "closes_on": today + timedelta(days=14),
        "results_public": "on",
    }
    desk.post("/umfragen/neu/", asked)
    survey = Survey.objects.get()
    address = f"/umfragen/{survey.slug}/"
    desk.post(f"{address}fragen/neu/", {"position": 1, "words": "Was fehlt?", "kind": "text"})
    desk.post(f"{address}veroeffentlichen/")
    client.logout()
    question = survey.questions.get()
    answer = {"form_key": uuid.uuid4(), f"q{question.pk}": "Ein Waschsalon"}
    assert client.post(address, answer).status_code == 302
    assert survey.title in client.get(area.get_absolute_url()).content.decode()

    # One button makes a need of the answer; an idea gets four owners.
    desk = sign_in(manager)
    reply = SurveyReply.objects.get()
    noted = {"title": "Waschsalon", "noted_on": today, "district": area.pk}
    desk.post(f"/bedarf/neu/?reply={reply.pk}", noted)
    need = Need.objects.get()
    desk.post(f"/bedarf/{need.pk}/ideen/neu/", {"title": "Salon", "begun_on": today})
    idea = Idea.objects.get()
    for _number in range(3):
        body = make_organisation()
        desk.post(f"/ideen/{idea.pk}/mitinhaber/neu/", {"organisation": body.pk})
    desk.post(f"/ideen/{idea.pk}/mitinhaber/neu/", {"name": "Nachbarschaftsverein"})
    assert idea.owners.count() == 4

    # It becomes an initiative, an enterprise, a job; the chain shows every step.
    desk.post(f"/ideen/{idea.pk}/initiative/", {"name": "Initiative Waschsalon"})
    initiative = Organisation.objects.get(name="Initiative Waschsalon")
    initiative.found(today, LegalForm.EG, by=manager)
    initiative.jobs.create(title="Leitung", kind="new", fte="0.5", since=today)
    html = desk.get(need.get_absolute_url()).content.decode()
    for words in ("Waschsalon", "Nachbarschaftsverein", "gegründet am", "Leitung"):
        assert words in html
    assert Need.objects.with_stage().get().stage == "jobs"
