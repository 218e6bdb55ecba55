"""The generated pages are those that the code and data make, and the check tells when they are not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from registries.record import Reason
from tests.spec.tables import SECTIONS
from tools import docs

PAGES = docs.pages()


def test_the_committed_pages_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--check"]) == 0, capsys.readouterr().err


def test_the_pages_are_the_same_every_time() -> None:
    assert docs.pages() == PAGES


def test_the_check_names_what_is_missing_changed_or_left_over(tmp_path: Path) -> None:
    docs.write(tmp_path, PAGES)
    assert docs.out_of_date(tmp_path, PAGES) == []
    (tmp_path / "registries" / "noric.md").write_text("changed")
    (tmp_path / "registries" / "gone.md").write_text("left over")
    (tmp_path / "definition-language.md").unlink()
    assert docs.out_of_date(tmp_path, PAGES) == ["definition-language.md", "registries/gone.md", "registries/noric.md"]
    docs.write(tmp_path, PAGES)
    assert docs.out_of_date(tmp_path, PAGES) == []


def test_the_check_fails_for_a_page_out_of_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(docs, "pages", lambda: {"page.md": "new"})
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    assert docs.main(["--check"]) == 1
    assert "docs/page.md" in capsys.readouterr().err
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0


def test_the_language_page_holds_every_word_and_reason() -> None:
    text = PAGES["definition-language.md"]
    assert all(f"### {spec.word}" in text and spec.says in text for section in SECTIONS for spec in section.specs)
    assert all(f"| `{reason}` |" in text for reason in Reason)


def test_a_registry_page_holds_every_variable_with_its_codes() -> None:
    text = PAGES["registries/hjerneslag.md"]
    written = yaml.safe_load((docs.ROOT / "registries/definitions/hjerneslag/hjerneslag.yaml").read_text("utf-8"))
    assert all(f"| `{name}` | {one['label']['nb']} |" in text for name, one in written["variables"].items())
    assert "0 Aldri røykt<br>1 Røyker<br>2 Har sluttet<br>9 Ukjent" in text
    assert "`{icd10: [I61, I63, I64]}`" not in text  # sets are named in the table and written out once


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    for name, text in PAGES.items():
        for block in text.split("\n\n"):
            rows = [line for line in block.splitlines() if line.startswith("| ")]
            counts = {line.replace("\\|", "").count("|") for line in rows}
            assert len(counts) < 2, (name, rows[:1])


def test_the_schema_knows_the_words_as_they_are_written() -> None:
    schema = json.loads(PAGES["definition.schema.json"])
    rule = schema["$defs"]["Rule"]["properties"]
    assert {"select", "all", "is", "between"} <= rule.keys()
    assert schema["$defs"]["Rule"]["additionalProperties"] is False
