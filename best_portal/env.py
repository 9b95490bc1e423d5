"""Read settings from the environment, strictly: a wrong value stops the start, with a sentence."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
SHORTEST_SECRET = 50
FEWEST_DIFFERENT = 15


def env_str(name, default=None):
    """Return NAME, else the content of the file NAME_FILE names, else the default.

    Raises ImproperlyConfigured where none of the three is there or the file cannot be read.
    """
    if name in os.environ:
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
    if default is None:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE.")
    return default


def env_bool(name, default):
    value = env_str(name, str(default)).strip().lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be one of {sorted(TRUE | FALSE)}, not {value!r}.")
    return value in TRUE


def env_int(name, default, *, at_least=0):
    value = env_str(name, str(default))
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error
    if number < at_least:
        raise ImproperlyConfigured(f"{name} must be at least {at_least}, not {number}.")
    return number


def env_list(name, default=""):
    return [item.strip() for item in env_str(name, default).split(",") if item.strip()]


def env_secret(name):
    """Return a secret long and mixed enough to sign with; refuse every other."""
    value = env_str(name)
    if len(value) < SHORTEST_SECRET or len(set(value)) < FEWEST_DIFFERENT:
        raise ImproperlyConfigured(
            f"{name} is too weak: it needs at least {SHORTEST_SECRET} characters, "
            f"{FEWEST_DIFFERENT} of them different. "
            'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
        )
    return value
