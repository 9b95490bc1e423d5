"""The log form: five fields are enough, and nothing typed is lost."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Consultation, ConsultationKind
from enterprises.models import Organisation, OrganisationKind
from tests.consultations.views.conftest import CANARY, LOG, errors_of, typed
from tests.factories import (
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db


# --- the log form ---


def test_the_log_form_opens_with_what_is_known(page, advisor, project):
    response = page.get(LOG)

    form = response.context["form"]
    assert form["project"].value() == project.pk
    assert form["held_on"].value() == timezone.localdate()
    assert form["advisors"].value() == [advisor.pk]
    assert form["kind"].value() == ConsultationKind.ADVICE


@pytest.mark.parametrize("role", [Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_only_staff_log_consultations(sign_in, role):
    assert sign_in(make_user(role)).get(LOG).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get(LOG).status_code == 302


def test_an_advisor_without_a_project_is_told_what_to_do(page):
    text = page.get(LOG).content.decode()

    assert "empty-state" in text
    assert "log-form" not in text


def test_five_fields_are_enough(page, advisor, project):
    organisation = make_organisation()

    page.post(LOG, typed(project, organisation, internal_note="Vertraulich.", result="Vereinbart."))

    consultation = Consultation.objects.get()
    assert consultation.organisation == organisation
    assert consultation.minutes == 90
    assert consultation.headcount == 1
    assert list(consultation.advisors.all()) == [advisor]
    assert (consultation.internal_note, consultation.result) == ("Vertraulich.", "Vereinbart.")
    assert consultation.logged_by == advisor


def test_after_saving_the_way_to_the_row_and_to_the_next_one_is_shown(page, project):
    response = page.post(LOG, typed(project, make_organisation()), follow=True)

    consultation = Consultation.objects.get()
    text = response.content.decode()
    assert f'href="{consultation.get_absolute_url()}"' in text
    assert f'href="{LOG}"' in text


def test_saving_and_going_on_opens_the_form_like_last_time(page, project):
    organisation = make_organisation()

    response = page.post(
        LOG,
        typed(project, organisation, again="1", channel="on_site", place="Musterstr. 1"),
        follow=True,
    )

    form = response.context["form"]
    assert form["place"].value() == "Musterstr. 1"
    assert form["channel"].value() == "on_site"
    assert form["held_on"].value() == date(2024, 5, 6)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("1,5", 90), ("1.5", 90), ("1:30", 90), ("90", 90), ("90 min", 90), ("2", 120), ("45", 45)],
)
def test_a_duration_may_be_typed_as_people_write_it(page, project, text, minutes):
    page.post(LOG, typed(project, make_organisation(), length=text))

    assert Consultation.objects.get().minutes == minutes


def test_start_and_end_make_the_minutes(page, project):
    page.post(LOG, typed(project, make_organisation(), length="", start="9", end="10:15"))

    consultation = Consultation.objects.get()
    assert consultation.minutes == 75
    assert consultation.starts_at == datetime(2024, 5, 6, 7, 0, tzinfo=UTC)


def test_start_and_duration_make_the_end(page, project):
    page.post(LOG, typed(project, make_organisation(), length="1:15", start="9:00"))

    assert Consultation.objects.get().ends_at == datetime(2024, 5, 6, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"length": ""}, "length"),
        ({"length": "lang"}, "length"),
        ({"length": "0"}, "length"),
        ({"length": "99:00"}, "length"),
        ({"length": "", "start": "10:00"}, "end"),
        ({"length": "", "end": "10:00"}, "start"),
        ({"length": "", "start": "10:00", "end": "9:00"}, "end"),
        ({"length": "90", "start": "10:00", "end": "11:00"}, "length"),
        ({"start": "25:00"}, "start"),
        ({"held_on": "2024-02-31"}, "held_on"),
        ({"held_on": ""}, "held_on"),
        ({"held_on": "2019-12-31"}, "held_on"),
        ({"held_on": "2999-01-01"}, "held_on"),
        ({"kind": "plaudern"}, "kind"),
        ({"project": "999999"}, "project"),
        ({"headcount": "0"}, "headcount"),
        ({"advisors": []}, "advisors"),
        ({"next_step_on": "2024-06-01"}, "next_step"),
        ({"district": "99999"}, "district"),
        ({"place": "x" * 151}, "place"),
        ({"result": "a\0b"}, "result"),
    ],
)
def test_what_cannot_be_is_explained_and_nothing_typed_is_lost(page, project, fields, name):
    organisation = make_organisation()

    response = page.post(LOG, typed(project, organisation, internal_note=CANARY) | fields)

    assert name in errors_of(response)
    assert CANARY in response.content.decode()
    assert not Consultation.objects.exists()


def test_someone_must_have_been_advised(page, project):
    response = page.post(LOG, typed(project))

    assert "organisation" in errors_of(response)


def test_training_may_go_without_an_organisation(page, project):
    page.post(LOG, typed(project, kind=ConsultationKind.TRAINING, headcount="12"))

    assert Consultation.objects.get().headcount == 12


def test_without_javascript_a_typed_name_finds_its_organisation(page, project):
    organisation = make_organisation(name="Wäscherei Muster")

    page.post(LOG, typed(project, organisation=None, organisation_text="Waescherei Mustr"))

    assert Consultation.objects.get().organisation == organisation


def test_an_unknown_name_is_one_choice_away_from_a_new_file(page, project):
    response = page.post(LOG, typed(project, organisation_text="Kiezküche Beispiel"))

    assert response.context["form"]["new_name"].value() == "Kiezküche Beispiel"
    assert response.context["form"].new_is_open


def test_a_name_like_another_is_not_logged_for_that_one(page, project):
    alike = make_organisation(name="Beispiel-Fahrradladen im Hof")

    response = page.post(
        LOG, typed(project, organisation=None, organisation_text="Beispiel-Kiez Fahrradküche")
    )

    form = response.context["form"]
    assert not Consultation.objects.exists()
    assert form.fields["organisation"].widget.suggestions == [alike]
    assert form["new_name"].value() == "Beispiel-Kiez Fahrradküche"
    assert form.new_is_open


def test_a_new_organisation_is_opened_with_the_consultation(page, project):
    page.post(
        LOG,
        typed(
            project,
            organisation_text="Kiezküche",
            new_name="Kiezküche  Beispiel",
            new_kind=OrganisationKind.FOUNDING_INITIATIVE,
        ),
    )

    organisation = Consultation.objects.get().organisation
    assert organisation.name == "Kiezküche Beispiel"
    assert organisation.stages.count() == 1


def test_a_new_organisation_beside_a_chosen_one_is_refused_and_nothing_typed_is_lost(page, project):
    chosen = make_organisation(name="Wäscherei Muster")
    values = typed(
        project,
        organisation=chosen,
        new_name="Kiezküche Beispiel",
        new_kind=OrganisationKind.ASSOCIATION,
    )

    response = page.post(LOG, values)

    assert chosen.name in str(errors_of(response)["new_name"])
    assert response.context["form"]["new_name"].value() == "Kiezküche Beispiel"
    assert response.context["form"].new_is_open
    assert not Consultation.objects.exists()


def test_who_chooses_one_on_file_after_all_need_not_empty_what_the_form_proposed(page, project):
    chosen = make_organisation(name="Wäscherei Muster")
    unknown = typed(project, organisation=None, organisation_text="Kiezküche  Beispiel")
    form = page.post(LOG, unknown).context["form"]
    proposed = {name: form[name].value() for name in ("new_name", "proposed_name")}

    page.post(LOG, typed(project, organisation=chosen, **proposed))

    assert Consultation.objects.get().organisation == chosen


def test_a_new_organisation_of_a_known_name_is_refused(page, project):
    make_organisation(name="Kiezküche Beispiel")

    response = page.post(
        LOG,
        typed(project, new_name="kiezküche beispiel", new_kind=OrganisationKind.ASSOCIATION),
    )

    assert "new_name" in errors_of(response)
    assert Organisation.objects.count() == 1


def test_a_failed_form_opens_no_file(page, project):
    page.post(
        LOG,
        typed(project, new_name="Neu", new_kind=OrganisationKind.ASSOCIATION, held_on="2999-01-01"),
    )

    assert not Organisation.objects.exists()


def test_the_same_form_sent_twice_logs_once(page, project):
    values = typed(project, new_name="Neu", new_kind=OrganisationKind.ASSOCIATION)

    first = page.post(LOG, values)
    second = page.post(LOG, values)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Consultation.objects.count() == Organisation.objects.count() == 1


# --- clocks ---


def test_an_hour_that_spring_leaves_out_gets_a_sentence(page, project):
    response = page.post(
        LOG,
        typed(project, make_organisation(), held_on="2026-03-29", start="2:30", length="60"),
    )

    assert "02:30" in errors_of(response)["start"][0]


def test_across_the_change_in_spring_the_clock_runs_an_hour_ahead(page, project):
    page.post(
        LOG,
        typed(
            project, make_organisation(), held_on="2026-03-29", start="1:30", end="3:30", length=""
        ),
    )

    assert Consultation.objects.get().minutes == 60


@pytest.mark.parametrize(("told", "minutes"), [("", 60), ("120", 120), ("60", 60)])
def test_of_the_hour_that_autumn_repeats_the_duration_decides(page, project, told, minutes):
    page.post(
        LOG,
        typed(
            project,
            make_organisation(),
            held_on="2026-10-25",
            start="1:30",
            end="2:30",
            length=told,
        ),
    )

    assert Consultation.objects.get().minutes == minutes


def test_nine_in_the_morning_is_nine_on_both_days_of_change(page, project, advisor):
    for day in ("2026-03-29", "2026-10-25"):
        page.post(LOG, typed(project, make_organisation(), held_on=day, start="9:00", length="60"))

    times = [
        timezone.localtime(at) for at in Consultation.objects.values_list("starts_at", flat=True)
    ]
    assert [f"{at:%H:%M}" for at in times] == ["09:00", "09:00"]
