"""The first page of each role: which panels it shows and what they need to know."""

from best_portal.accounts.models import Role


def advisor(user):
    return {}


def manager(user):
    return {}


def founder(user):
    return {}


def funder(user):
    return {}


def evaluator(user):
    return {}


PANELS = {
    Role.ADVISOR: ("home/_advisor.html", advisor),
    Role.MANAGER: ("home/_manager.html", manager),
    Role.FOUNDER: ("home/_founder.html", founder),
    Role.FUNDER: ("home/_funder.html", funder),
    Role.EVALUATOR: ("home/_evaluator.html", evaluator),
}


def dashboard_for(user):
    """Return the context of this person's first page."""
    panels, context = PANELS[user.role]
    return {"panels": panels, **context(user)}
