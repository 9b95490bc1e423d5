"""What a worker does for imports."""

from celery import shared_task
from django.apps import apps

from best_portal.imports.models import Import


@shared_task(acks_late=True, ignore_result=True)
def forget_old_imports():
    """Delete files nobody took over and rows nobody corrected; safe to run twice."""
    for model in apps.get_models():
        if issubclass(model, Import):
            model.objects.forget_old()
