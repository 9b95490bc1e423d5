"""Forms that ask before they change what was accepted, as tests send them."""

from django.urls import reverse

AGREED = {"all_the_same": "on", "because": "Vertrag erst jetzt gefunden"}


def to(name, *rows):
    return reverse(f"enterprises:{name}", args=[row.pk for row in rows])


def is_asked(answer):
    return answer.status_code == 200 and "all_the_same" in answer.context["form"].errors
