"""The smallest valid instances of our nouns: plain functions, every field can be given."""

from itertools import count

from best_portal.accounts.models import Role, User

number = count(1)

# --- accounts ---


def make_user(role=Role.ADVISOR, **fields):
    n = next(number)
    fields.setdefault("email", f"{role}-{n}@beispiel.example")
    fields.setdefault("name", f"Muster {n}")
    return User.objects.create_user(role=role, **fields)
