"""Who reads the pages of reports."""

import pytest

from best_portal.accounts.models import Role
from tests.factories import make_user


@pytest.fixture
def manager(sign_in):
    return sign_in(make_user(Role.MANAGER))
