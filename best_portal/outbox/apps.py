"""The outbox as an application: a gateway that cannot be imported stops the start."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class OutboxConfig(AppConfig):
    name = "best_portal.outbox"

    def ready(self):
        if not settings.SMS_BACKEND:
            return
        try:
            import_string(settings.SMS_BACKEND)
        except ImportError as error:
            raise ImproperlyConfigured(f"SMS_BACKEND cannot be imported: {error}") from error
