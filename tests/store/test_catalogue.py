"""Normed variables that are edited in the service: drafts change, what is published never does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from registries.catalogue import NormedVariable, load_catalogue, with_edited
from registries.definition import DefinitionError
from reporting.adapters.db.catalogue import CatalogueStore, PublishedError
from reporting.adapters.db.migrate import upgrade
from tests.store.examples import at

SHIPPED = load_catalogue()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogueStore]:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    upgrade(url, "0001")  # a database of before
    upgrade(url)
    opened = CatalogueStore(url)
    yield opened
    opened.close()


def version(number: int, **changes: object) -> NormedVariable:
    return SHIPPED.variables["diabetes"].model_copy(update={"version": number} | changes)


def test_what_is_kept_is_there_again(store: CatalogueStore) -> None:
    second = version(2, status="draft", valid_from=date(2027, 1, 1))
    store.keep({"diabetes": [second]}, "Ola", at(1))
    (kept,) = store.versions()["diabetes"]
    assert kept == second.model_copy(update={"list": None})
    assert kept.values == SHIPPED.variables["diabetes"].values  # those of the list, as it is now


def test_a_draft_changes_until_it_is_published(store: CatalogueStore) -> None:
    store.keep({"diabetes": [version(2, status="draft")]}, "Ola", at(1))
    store.keep({"diabetes": [version(2, owner="A")]}, "Ola", at(2))
    store.keep({"diabetes": [version(2, owner="A")]}, "Ola", at(3))  # the same again is no change
    with pytest.raises(PublishedError, match="version 2 of diabetes is published: write a new version"):
        store.keep({"diabetes": [version(2, owner="B")]}, "Ola", at(4))
    with pytest.raises(PublishedError):
        store.keep({"diabetes": [version(2, owner="A", status="draft")]}, "Ola", at(5))
    assert [one.owner for one in store.versions()["diabetes"]] == ["A"]


def test_versions_come_in_order(store: CatalogueStore) -> None:
    for number in (10, 9, 2):
        store.keep({"diabetes": [version(number, status="draft")]}, "Ola", at(number))
    assert [one.version for one in store.versions()["diabetes"]] == [2, 9, 10]


def test_edited_versions_stand_beside_those_of_the_files() -> None:
    draft, new = version(2, status="draft"), SHIPPED.variables["sex"].model_copy(update={"replaced_by": "sex"})
    joined = with_edited(SHIPPED, {"diabetes": [draft], "gender": [new]})
    assert [one.version for one in joined.history("diabetes")] == [1, 2]
    assert joined.variables["diabetes"].version == 1  # a draft is not what the bare name means
    assert joined.successors("gender") == ("sex",)
    assert with_edited(SHIPPED, {"diabetes": [version(1, list=None)]}).fingerprint() != []


@pytest.mark.parametrize(
    ("edited", "told"),
    [
        ({"diabetes": [version(1, owner="B")]}, "diabetes: version 1 is in the catalogue's files, and says something"),
        ({"diabetes": [version(2)]}, "versions 1 and 2 are valid at the same time"),
        ({"new": [version(1, replaced_by="old")]}, "new.0.replaced_by: there is no variable 'old'"),
    ],
)
def test_versions_that_do_not_fit_are_refused(edited: dict[str, list[NormedVariable]], told: str) -> None:
    with pytest.raises(DefinitionError, match=told):
        with_edited(SHIPPED, edited)
