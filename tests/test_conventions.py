"""Habits the code base keeps by itself: doors, worded constraints, no forgotten migration."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, get_resolver

TESTS = Path(__file__).parent
OURS = [
    config
    for config in apps.get_app_configs()
    if not config.module.__name__.startswith(("django", "allauth", "crispy", "csp"))
]
# allauth's views guard themselves: LoginRequiredMiddleware closes them to strangers, the second
# factor's middleware to whom it is not shown, and each asks again before something grave.
ALLAUTH = {
    "account_logout",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
}


def routes(patterns, namespace=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.callback
        else:
            space = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, space)


def has_door(name, view):
    return hasattr(view, "roles") or not getattr(view, "login_required", True) or name in ALLAUTH


def test_every_page_has_a_door():
    without = [
        name for name, view in routes(get_resolver().url_patterns) if not has_door(name, view)
    ]
    assert without == []


def test_every_page_has_a_name():
    assert "None" not in {
        name.rpartition(":")[2] for name, view in routes(get_resolver().url_patterns)
    }


def our_constraints():
    for config in OURS:
        for model in config.get_models():
            yield from ((model, constraint) for constraint in model._meta.constraints)


def test_every_constraint_has_words_for_the_user():
    plain = models.BaseConstraint.default_violation_error_message
    wordless = {c.name for _, c in our_constraints() if c.violation_error_message == plain}
    assert wordless == set()


def test_every_constraint_says_its_model():
    misnamed = {
        c.name
        for model, c in our_constraints()
        if not c.name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
    }
    assert misnamed == set()


def test_every_constraint_is_broken_by_name_in_a_test():
    files = TESTS.rglob("test_*.py")
    written = {word for file in files for word in re.findall(r"\w+", file.read_text("utf-8"))}
    assert {c.name for _, c in our_constraints()} - written == set()


@pytest.mark.django_db
def test_no_migration_is_pending(capsys):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_says_what_it_changes():
    auto = [
        str(path.relative_to(TESTS.parent))
        for config in OURS
        for path in Path(config.path).glob("migrations/*_auto_*.py")
    ]
    assert auto == []


def test_refusals_are_told_whole_and_in_the_readers_language():
    """`.message` keeps its %(name)s, is put into words too late, and a refusal of a form's fields
    has none; `.messages` has all of it."""
    raw = [
        str(path.relative_to(TESTS.parent))
        for config in OURS
        for path in Path(config.path).rglob("*.py")
        if re.search(r"messages\.\w+\([^)]*\.message\)", path.read_text(encoding="utf-8"))
    ]
    assert raw == []
