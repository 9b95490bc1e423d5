"""SSÖ Berlin: survey of needs and visions, ideas with co-owners, and what becomes of them."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from consultations.models import Idea, Need
from districts.models import Survey, SurveyReply
from enterprises.models import LegalForm, Organisation
from tests.factories import make_district, make_organisation, make_user
from tests.undertakings.walking import link_in


@pytest.mark.django_db
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


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_sso_berlin_in_the_browser(on_foot):
    manager, advisor = make_user(Role.MANAGER), make_user()
    make_district(name="Musterkiez")
    today = timezone.localdate()

    with on_foot(manager) as way:
        way.follow("Quartiere", "Umfragen", "Umfrage planen")
        way.fill(
            {
                "Titel": "Was fehlt im Kiez?",
                "Einleitung": "Vier Organisationen fragen gemeinsam.",
                "Musterkiez": True,
                "Offen ab": f"{today}",
                "Offen bis": f"{today + timedelta(days=14)}",
            }
        )
        way.follow("Speichern", "Neue Frage")
        way.fill({"Frage": "Was fehlt hier?", "eigene Worte": True})
        way.follow("Speichern")
        way.confirm("Veröffentlichen")
        way.see("Was fehlt hier?")

    # A neighbour answers without an account; an enterprise enters itself, and has a mailbox.
    with on_foot() as way:
        way.follow("Mitreden", "Was fehlt im Kiez?")
        way.fill({"Was fehlt hier?": "Ein Waschsalon"})
        way.follow("Absenden")
        way.see("Danke für Ihre Antworten")
        way.follow("Verzeichnis", "Ihren Betrieb eintragen")
        way.fill(
            {
                "Name": "Nähwerk Muster",
                "Art": "Sozialunternehmen",
                "Was Sie tun": "Wir ändern, was zu ändern ist.",
                "Quartier": "Musterkiez",
                "den Eintrag": True,
                "Ihr Name": "Mina Muster",
                "Ihre E-Mail-Adresse": "mina@muster.example",
            }
        )
        way.follow("Absenden")
        Letter.objects.deliver_due()
        way.open(link_in(mail.outbox[-1]))
        way.follow("Eintrag abschicken")
        way.arrive("sso-berlin-own-entry")

    with on_foot(advisor) as way:
        way.follow("Verzeichnis pflegen", "Nähwerk Muster", "Veröffentlichen")
        way.follow("Öffentliche Seite")
        way.see("Wir ändern, was zu ändern ist.")

    # The answer becomes a need, the need an idea of several, an initiative, an enterprise, a job.
    with on_foot(manager) as way:
        way.follow("Quartiere", "Umfragen", "Was fehlt im Kiez?", "Ergebnisse")
        way.follow("Bedarf daraus machen (Ein Waschsalon)", "Speichern", "Neue Idee")
        way.fill({"Idee": "Salon mit Café"})
        way.follow("Speichern")
        for name in ("Verein Muster", "Genossenschaft Beispiel", "Stiftung Muster", "Nachbarn"):
            way.follow("Mitverantwortliche Person hinzufügen")
            way.fill({"Oder jemand mit Namen": name})
            way.follow("Speichern")
        way.follow("Wird zur Initiative")
        way.fill({"Oder der Name": "Initiative Waschsalon"})
        way.follow("Speichern", "Initiative Waschsalon", "Gründung eintragen")
        way.fill({"Gegründet am": f"{today}", "Rechtsform": "eG"})
        way.follow("Speichern", "Arbeitsplatz hinzufügen")
        way.fill({"Stelle": "Leitung", "Neu oder": "neu", "Vollzeit": "0,5", "Seit": f"{today}"})
        way.follow("Speichern", "Ein Waschsalon")
        way.see("Nachbarn", "Leitung")
        way.arrive("sso-berlin")

    with on_foot() as way:
        way.follow("Verzeichnis")
        way.see("Nähwerk Muster")
        way.arrive("sso-berlin-directory")
