"""A portal in which nobody takes turns for an advisor: what the negative controls race against."""

from best_portal.wsgi import application
from consultations.models import booking, office_hours

__all__ = ["application"]

for module in (booking, office_hours):
    module.take_turns = lambda key: None
