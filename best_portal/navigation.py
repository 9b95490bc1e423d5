"""What the frame of every page needs: the sections a role may visit, the theme, the agency."""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from consultations.models import Timer

THEME_COOKIE = settings.THEME_COOKIE
THEMES = {"auto": _("Automatic"), "light": _("Light"), "dark": _("Dark")}

HOME = ("home", _("Home"))
CONSULTATIONS = ("consultations:list", _("Consultations"))
ENTERPRISES = ("enterprises:list", _("Enterprises"))
APPOINTMENTS = ("consultations:appointments", _("Appointments"))
TRAINING = ("consultations:group_sessions", _("Training"))
PROMISES = ("consultations:promises", _("Promises"))
MY_FILE = ("privacy:my_file", _("My file"))
DISTRICTS = ("districts:list", _("Neighbourhoods"))
DIRECTORY = ("enterprises:directory", _("Directory"))
STORIES = ("reports:stories", _("Stories"))
HOURS = ("consultations:hours", _("Hours"))
PROJECTS = ("consultations:projects", _("Projects"))
GRANTS = ("reports:grants", _("Grants"))
REPORTS = ("reports:list", _("Reports"))

DESK = (HOME, CONSULTATIONS, ENTERPRISES, APPOINTMENTS, TRAINING, DISTRICTS, PROJECTS)
VISITORS = (
    HOME,
    DISTRICTS,
    DIRECTORY,
    TRAINING,
    STORIES,
    ("consultations:guest_about", _("Book an appointment")),
    ("account_login", _("Sign in")),
)
SECTIONS = {
    Role.ADVISOR: (*DESK, HOURS),
    Role.MANAGER: (*DESK, GRANTS, REPORTS),
    Role.FOUNDER: (HOME, MY_FILE, APPOINTMENTS, TRAINING, PROMISES),
    Role.FUNDER: (HOME, REPORTS, DISTRICTS),
    Role.EVALUATOR: (HOME, PROJECTS),
}


@dataclass(frozen=True)
class Section:
    """One entry of the navigation; `current` is "page" on it, "true" below it, else empty."""

    href: str
    label: str
    current: str = ""


def address_of(name, *args):
    """Return the address of a named page, or nothing where this portal has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def sections_for(user, path):
    """Return the sections this person's role may visit, the one that holds `path` marked."""
    entries = SECTIONS[user.role] if user.is_authenticated else VISITORS
    places = [(address_of(name), label) for name, label in entries]
    places = [(href, label) for href, label in places if href]
    holding = [
        href for href, _label in places if path == href or (href != "/" and path.startswith(href))
    ]
    here = max(holding, key=len, default=None)
    return [
        Section(href, label, ("page" if path == href else "true") if href == here else "")
        for href, label in places
    ]


def theme_of(request):
    chosen = request.COOKIES.get(THEME_COOKIE)
    return chosen if chosen in THEMES else "auto"


def visits_here(user, path):
    """Whose visits may wait on this device: staff see their own, whoever signs in that some do."""
    if user.is_authenticated:
        return {"account": user.pk} if user.is_staff_member else None
    return {"account": ""} if path in (address_of("home"), address_of("account_login")) else None


def timer_of(user):
    """The timer the frame shows; asked for by the frame alone, so that no other page pays."""
    return Timer.objects.visible_to(user).current() if user.is_authenticated else None


def portal(request):
    """Context processor: `portal` for the frame. Pages without it (500, 503) need no database."""
    user = getattr(request, "user", None)
    if user is None:  # refused before anybody could be recognised
        return {"agency": settings.AGENCY}
    manages = user.is_authenticated and user.role == Role.MANAGER
    may_log = user.is_authenticated and user.role in (Role.ADVISOR, Role.MANAGER)
    return {
        "agency": settings.AGENCY,
        "portal": {
            "sections": sections_for(user, request.path),
            "theme": theme_of(request),
            "themes": THEMES.items(),
            "timer": partial(timer_of, user),
            "log_url": address_of("consultations:log") if may_log else "",
            "visits": visits_here(user, request.path),
            "search_url": address_of("search") if may_log else "",
            "suggestions_url": address_of("search_suggestions"),
            "drafts_url": address_of("drafts:list"),
            "bin_url": address_of("bin:content") if may_log else "",
            "accounts_url": address_of("accounts:list") if manages else "",
            "pages_url": address_of("pages:list") if manages else "",
            "profile_url": address_of("accounts:profile"),
            "logout_url": address_of("account_logout"),
            "demo_url": address_of("demo") if settings.DEMO else "",
        },
    }
