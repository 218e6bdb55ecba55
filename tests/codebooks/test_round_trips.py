"""What is written is read again, and nothing is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given

from registries.codebooks import Codebook, openqreg, openqreg_reading, questionnaire, questionnaire_reading
from tests.codebooks.strategies import codebooks, questionnaires


@given(codebooks("bok"))
def test_a_klokebok_that_is_written_reads_as_before(book: Codebook) -> None:
    found = openqreg_reading.read(openqreg.write(book), "bok.csv")
    assert found.problems == ()
    assert found.codebook == book


@given(codebooks("bok") | questionnaires())
def test_a_questionnaire_that_is_written_reads_as_before(book: Codebook) -> None:
    found = questionnaire_reading.read(questionnaire.write(book), "bok.json")
    assert found.problems == ()
    assert found.codebook == book


@given(codebooks("bok") | questionnaires())
def test_a_questionnaire_keeps_the_invariants_of_fhir(book: Codebook) -> None:
    whole = questionnaire.resource(book)
    items = list(_items(whole))
    links = [item["linkId"] for item in items]
    assert len(links) == len(set(links))  # que-2
    for item in items:
        _invariants(item, links)
    assert list(_empty(whole, "")) == []  # ele-1


def _items(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in whole.get("item", ()):
        yield item
        yield from _items(item)


def _invariants(item: dict[str, Any], links: list[str]) -> None:
    kind = item["type"]
    assert not (kind == "group" and "item" not in item)  # que-1
    assert not (kind == "display" and {"item", "code", "required", "repeats"} & item.keys())  # que-1, 3, 6
    assert not {"answerOption", "answerValueSet"} <= item.keys()  # que-4
    assert "answerValueSet" not in item or kind in ("choice", "open-choice")  # que-5
    assert "maxLength" not in item or kind in ("boolean", "decimal", "integer", "string", "text", "url")  # que-10
    for condition in item.get("enableWhen", ()):
        assert condition["question"] in links
        assert condition["operator"] != "exists" or "answerBoolean" in condition  # que-7
    assert len(item.get("enableWhen", ())) < 2 or item["enableBehavior"] in ("any", "all")  # que-12


def _empty(node: object, path: str) -> Iterator[str]:
    if node in ("", [], {}):
        yield path
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, part in parts:
        yield from _empty(part, f"{path}.{name}")
