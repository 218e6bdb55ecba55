"""The pages on differences between two releases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reporting.releases import FolderReleases
from reporting.web.app import create_app
from reporting.web.views.terminology_diff import PAGE, SHORT
from tests.store.memory import MemoryStore
from tests.web.client import Client
from tests.web.releases import NEW, two_releases
from tests.web.test_pages import words

DIFF = "/terminology/diff"
BOTH = f"{DIFF}?a=one&b=two"
ADDED = f"{BOTH}&section=concepts.added"
PAGES = [DIFF, f"{DIFF}?a=one", BOTH, f"{DIFF}?a=two&b=one", f"{DIFF}?a=one&b=one", ADDED, f"{ADDED}&page=2"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("releases")


@pytest.fixture(scope="module")
def client(folder: Path) -> Client:
    return Client(create_app(MemoryStore(), {}, two_releases(folder)))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_safe(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert re.search(r"<script|<style|\sstyle=|\son\w+=|<b>", answer.text) is None
    ids = re.findall(r'\sid="([^"]*)"', answer.text)
    assert len(ids) == len(set(ids))
    for link in {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"]*)"', answer.text)}:
        assert client.get(link).status_code == 200, link
    for anchor in set(re.findall(r'href="#([^"]*)"', answer.text)):
        assert anchor in ids


def test_two_releases_are_chosen_one_after_the_other(client: Client) -> None:
    first, then = client.get(DIFF).text, client.get(f"{DIFF}?a=one").text
    assert 'href="/terminology/diff?a=one"' in first
    assert 'href="/terminology/diff?a=one&amp;b=two"' in then
    assert "b=one" not in then
    assert "Velg utgivelsen du vil sammenligne fra Choose the release to compare from" in words(client, DIFF)


def test_every_list_is_counted_and_begun(client: Client) -> None:
    page = words(client, BOTH)
    assert f"Nye begreper Concepts added {NEW}" in page
    assert "Inaktiverte begreper Concepts inactivated 1" in page
    assert "− fjernet removed hovudverk 25064002 Headache (finding) REPLACED_BY migrene" in page
    assert "Flyttede begreper Concepts that moved 1" in page
    assert "~ endret changed hjerneinfarkt 432504007 iskemisk hjerneslag hjerneblødning" in page
    assert "~ endret changed slag 230690007 nb: hjerneslag nb: slag" in page
    assert "lokalisasjon = hjernen lokalisasjon = hjertet" in page
    assert page.count("ny diagnose") == SHORT + 2 * SHORT, "new concepts; new descriptions with their concepts"
    assert f"Nye begreper: se alle {NEW} Concepts added: see all {NEW}" in page


def test_reference_sets_and_maps_are_listed_by_name(client: Client) -> None:
    page = words(client, BOTH)
    assert "eksempel på enkel mapping til ICD-10 90011000202100 1 ~ endret changed 1" in page
    assert "eksempel: akutte slagdiagnoser 90021000202108 1 + lagt til added 1" in page
    shown = words(client, f"{BOTH}&section=maps.90011000202100")
    assert "~ endret changed slag 230690007 I64 I64.9" in shown
    shown = words(client, f"{BOTH}&section=refsets.90021000202108")
    assert "+ lagt til added hjerneinfarkt 432504007 – Cerebral infarction (disorder)" in shown


def test_a_long_list_has_pages(client: Client) -> None:
    first, second = client.get(ADDED).text, client.get(f"{ADDED}&page=2").text
    listed = [re.findall(r"ny diagnose (\d+)", page) for page in (first, second)]
    assert [len(found) for found in listed] == [PAGE, NEW - PAGE]
    assert len({*listed[0], *listed[1]}) == NEW
    assert 'rel="next" href="/terminology/diff?a=one&amp;b=two&amp;section=concepts.added&amp;page=2"' in first
    assert 'rel="next"' not in second
    assert 'rel="prev"' in second


def test_the_other_way_round_says_the_opposite(client: Client) -> None:
    page = words(client, f"{DIFF}?a=two&b=one")
    assert f"Begreper som ikke finnes lenger Concepts that are gone {NEW}" in page
    assert "Reaktiverte begreper Concepts reactivated 1" in page


def test_nothing_is_different(client: Client) -> None:
    assert "Ingenting er forskjellig. Nothing is different." in words(client, f"{DIFF}?a=one&b=one")


@pytest.mark.parametrize(
    "path",
    [
        f"{DIFF}?a=none",
        f"{DIFF}?a=one&b=..",
        f"{DIFF}?a=none&b=one",
        f"{BOTH}&section=concepts",
        f"{BOTH}&section=maps",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_wrong_page_is_refused(client: Client) -> None:
    assert client.get(f"{ADDED}&page=0").status_code == 400


def test_without_releases_there_is_no_page_and_no_link() -> None:
    bare = Client(create_app(MemoryStore(), {}))
    assert bare.get(DIFF).status_code == 404
    assert DIFF not in bare.get("/").text


def test_the_overview_leads_there(client: Client) -> None:
    assert f'href="{DIFF}"' in client.get("/").text


def test_a_folder_without_releases(tmp_path: Path) -> None:
    empty = Client(create_app(MemoryStore(), {}, FolderReleases(tmp_path / "none")))
    assert "Ingen utgivelser er importert. No release has been imported." in words(empty, DIFF)


def test_a_folder_that_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    for name, said in (("old", '{"format": 0}'), ("broken", "{"), ("other", "[]")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "release.json").write_text(said)
    releases = FolderReleases(tmp_path)
    assert releases.listed() == ()
    with pytest.raises(KeyError):
        releases.named("old")


def test_a_release_is_opened_once(folder: Path, client: Client) -> None:
    assert client.get(BOTH).status_code == 200
    releases = FolderReleases(folder / "store")
    assert [info.name for info in releases.listed()] == ["one", "two"]
    assert releases.named("one") is releases.named("one")
    with pytest.raises(KeyError):
        releases.named("../store")
