"""/bereit/ tells a watcher without an account whether the portal can work."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_a_portal_with_everything_in_place_is_ready(client):
    page = client.get("/bereit/")
    assert page.status_code == 200
    assert page.json() == {"status": "ok"}
    assert "no-store" in page.headers["Cache-Control"]


def test_a_missing_broker_is_named(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    page = client.get("/bereit/")
    assert page.status_code == 503
    assert page.json() == {"status": "down", "down": ["broker"]}


def test_a_missing_database_is_named(client, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    page = client.get("/bereit/")
    assert page.status_code == 503
    assert page.json() == {"status": "down", "down": ["database"]}


def test_being_ready_cannot_be_posted(client):
    assert client.post("/bereit/").status_code == 405
