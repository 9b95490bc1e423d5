"""A case carries on an earlier one of the same file, in the next project; its origin stays."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from consultations.models import SupportCase, SupportTarget
from tests.factories import make_case, make_organisation, make_project, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def advisor():
    return make_user()


def make_earlier(advisor, organisation):
    project = make_project([advisor], name="BEST Modellprojekt")
    return make_case(
        organisation=organisation,
        project=project,
        advisor=advisor,
        closed_on=project.ends_on,
        outcome="Weiter",
    )


def test_the_form_offers_earlier_cases_and_the_file_shows_the_origin(sign_in, advisor):
    organisation, desk = make_organisation(), sign_in(advisor)
    earlier = make_earlier(advisor, organisation)
    stranger, project = make_case(), make_project([advisor])
    address = f"/begleitungen/neu/{organisation.pk}/"
    assert "BEST Modellprojekt" in desk.get(address).text
    typed = {
        "project": project.pk,
        "advisor": advisor.pk,
        "opened_on": f"{timezone.localdate()}",
        "support_target": "person",
    }

    refused = desk.post(address, typed | {"carried_on_from": stranger.pk})
    assert "carried_on_from" in refused.context["form"].errors
    desk.post(address, typed | {"carried_on_from": earlier.pk})

    assert SupportCase.objects.get(project=project).carried_on_from == earlier
    assert "führt fort: BEST Modellprojekt" in desk.get(organisation.get_absolute_url()).text


def test_a_first_case_is_not_asked_where_it_comes_from(sign_in, advisor):
    page = sign_in(advisor).get(f"/begleitungen/neu/{make_organisation().pk}/")

    assert "carried_on_from" not in page.context["form"].fields


def test_the_case_of_another_file_is_not_carried_on(advisor):
    with pytest.raises(ValidationError, match="derselben Akte"):
        SupportCase.objects.open_for(
            make_organisation(),
            by=advisor,
            project=make_project([advisor]),
            advisor=advisor,
            on=timezone.localdate(),
            support_target=SupportTarget.PERSON,
            carried_on_from=make_case(),
        )
