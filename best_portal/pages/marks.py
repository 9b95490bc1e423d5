"""What the marks in a page's text stand for: the agency's details, the cookies, what is missing."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html, linebreaks
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from best_portal.db import fold

# mark → what it stands for, as the form explains it.
EXPLAINED = {
    "agency": gettext_lazy("the name of the agency"),
    "short": gettext_lazy("its short name"),
    "address": gettext_lazy("its postal address"),
    "phone": gettext_lazy("its phone number"),
    "email": gettext_lazy("its e-mail address"),
    "days": gettext_lazy("within how many days a report of a barrier is answered"),
    "cookies": gettext_lazy("the table of all cookies"),
    "missing: …": gettext_lazy("what you still have to supply, clearly marked"),
}
WANTED = {
    "address": gettext_lazy("postal address"),
    "phone": gettext_lazy("phone number"),
    "email": gettext_lazy("e-mail address"),
}


def marks(cookies):
    """The function from a mark to its HTML; `cookies` as the portal lists them."""

    def standing_for(name):
        word, _colon, rest = name.partition(":")
        match fold(word.strip()):
            case "agency" | "short" as which:
                return format_html("{}", settings.AGENCY["name" if which == "agency" else which])
            case "address" | "phone" | "email" as which:
                return detail(which)
            case "days":
                return format_html("{}", settings.BARRIER_ANSWER_DAYS)
            case "cookies":
                return render_to_string("pages/_cookies.html", {"cookies": cookies})
            case "missing" if rest.strip():
                return to_supply(rest.strip())
        return None

    return standing_for


def detail(which):
    """A detail of the agency, or the mark that it is missing."""
    value = settings.AGENCY[which]
    if not value:
        return to_supply(WANTED[which])
    if which == "email":
        return format_html('<a class="kern-link" href="mailto:{}">{}</a>', value, value)
    if which == "address":
        return linebreaks(value, autoescape=True).replace("<p>", "").replace("</p>", "")
    return format_html("{}", value)


def to_supply(what):
    return render_to_string("components/to_supply.html", {"what": what}).strip()


def words_of(name):
    """A mark as it is typed."""
    return f"[[{name}]]"


def explained():
    """[(mark, what it stands for)], for whoever writes a page."""
    told = [(words_of(name), words) for name, words in EXPLAINED.items()]
    return [*told, ("**…**", _("bold")), ("[…](https://…)", _("a link")), ("## …", _("a heading"))]
