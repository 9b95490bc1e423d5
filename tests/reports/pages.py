"""What the tests of the pages share: addresses, and the officer who may come in."""

from django.urls import reverse

from best_portal.accounts.models import Role
from tests.factories import make_user


def address(name, *args):
    return reverse(f"reports:{name}", args=args)


def officer_of(version):
    funder = make_user(Role.FUNDER)
    version.report.grant.programme.officers.add(funder)
    return funder
