"""Whether the portal is ready: asked by whoever watches over it, answered without an account."""

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PATIENCE = 2


def ask_database():
    """Ask over a connection of its own: the one of this thread may be older than the trouble."""
    fresh = connection.copy()
    fresh.settings_dict["OPTIONS"] = {
        **fresh.settings_dict["OPTIONS"],
        "connect_timeout": PATIENCE,
    }
    try:
        with fresh.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        fresh.close()


def ask_broker():
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE
    ) as broker:
        broker.ping()


@login_not_required
@never_cache
@require_safe
def ready(request):
    """Answer 200, or 503 naming what is down."""
    down = []
    for name, ask, refusals in [
        ("database", ask_database, Error),
        ("broker", ask_broker, redis.RedisError),
    ]:
        try:
            ask()
        except refusals:
            down.append(name)
    if down:
        return JsonResponse({"status": "down", "down": down}, status=503)
    return JsonResponse({"status": "ok"})
