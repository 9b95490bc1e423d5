"""The portal around the domain; importing it makes the Celery application known."""

from best_portal.celery import app as celery_app

__all__ = ["celery_app"]
