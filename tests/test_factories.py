"""Every factory makes a valid instance; whatever else fails, it is not the factories."""

import inspect

import pytest

from tests import factories

MAKERS = [make for name, make in vars(factories).items() if name.startswith("make_")]


@pytest.mark.django_db
@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_the_factory_makes_a_valid_instance(make):
    instance = make()

    instance.full_clean(exclude=["password"])
    assert inspect.getdoc(type(instance))
