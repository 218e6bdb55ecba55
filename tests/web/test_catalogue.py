"""The catalogue over HTTP: read, searched and edited, with mistakes told as data."""

from __future__ import annotations

from pathlib import Path

import pytest

from reporting.editing import HomeEditing
from reporting.home import Home
from reporting.web.app import create_app
from reporting.web.catalogue import LONGEST
from tests.journals import NOW
from tests.store.memory import MemoryStore
from tests.web.client import Client

TEXT = """\
weekday:
  label: {nb: Ukedag, en: Weekday}
  definition: {nb: Dagen i uken., en: The day of the week.}
  type: integer
"""


@pytest.fixture
def client(tmp_path: Path) -> Client:
    editing = HomeEditing(Home(tmp_path, "development", "A", "1"), lambda: NOW)
    return Client(create_app(MemoryStore(), {}, editing=editing))


def test_a_variable_is_edited_listed_and_shown_with_who_did_it(client: Client) -> None:
    assert client.put("/catalogue?by=Kari%20Nordmann", TEXT).json() == {"kept": ["weekday@1"]}
    assert [one["name"] for one in client.get("/catalogue?q=ukedag").json()] == ["weekday"]
    assert "weekday" in {one["name"] for one in client.get("/catalogue").json()}
    shown = client.get("/catalogue/weekday").json()
    assert [one["label"]["nb"] for one in shown["versions"]] == ["Ukedag"]
    assert [(one["version"], one["status"], one["by"]) for one in shown["changes"]] == [
        (1, "published", "Kari Nordmann")
    ]


def test_mistakes_are_told_and_nothing_is_kept(client: Client) -> None:
    answer = client.put("/catalogue?by=Kari", TEXT.replace("integer", "number").replace("label", "labl"))
    assert answer.status_code == 422
    assert [line.split(": ")[:2] for line in answer.json()["mistakes"]] == [
        ["the text:1", "weekday.label"],
        ["the text:2", "weekday.labl"],
        ["the text:4", "weekday.type"],
    ]
    assert client.put("/catalogue", TEXT).json() == {"mistakes": ["say who edits: --by PERSON"]}
    assert client.get("/catalogue/weekday").status_code == 404


def test_no_other_site_may_edit(client: Client) -> None:
    asked = client.request("OPTIONS", "/catalogue")
    assert "access-control-allow-origin" not in asked.headers
    assert client.request("POST", "/catalogue?by=Kari").status_code == 405
    assert client.put("/catalogue?by=Kari", TEXT, host="evil.example").status_code == 400


def test_a_body_without_end_is_not_read(client: Client) -> None:
    assert client.put("/catalogue?by=Kari", "#" * (LONGEST + 1)).status_code >= 400
