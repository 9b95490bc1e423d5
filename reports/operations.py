"""Each grant that counts people is an operation, from the first day it pays for."""

from reports.models import Grant

# How rules that count people are called; see eu_people.
OF_PEOPLE = "people_"


def operations(projects):
    counting = Grant.objects.filter(targets__indicator__rule__startswith=OF_PEOPLE)
    for grant in counting.filter(project__in=projects).distinct():
        yield grant.project_id, grant.accountable_from, grant.ends_on
