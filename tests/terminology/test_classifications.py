"""Laws of the model: one form of each code, a sound hierarchy, and nothing lost through FHIR."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.classifications import load
from terminology.classifications.assemble import LONGEST, assemble
from terminology.classifications.content import Head, Row, Told
from terminology.classifications.fhir_export import as_fhir
from terminology.classifications.hierarchy import CHAPTERS, by_prefix, without_loops
from terminology.classifications.model import Classification, classification_of
from terminology.classifications.texts import USES
from terminology.codes import ATC, ICD10, ICPC2, NCSP
from terminology.systems import CodeSystem, Designation
from tests.terminology.classifications import FIXTURES, entry, example, tree

OTHER = "http://example.org/list"


def of(rows: Sequence[Row], system: str = OTHER) -> tuple[Classification, list[str]]:
    """A classification of these rows, and what was told."""
    told = Told("rows")
    content = assemble(Head(system, "1", "Rows", "nb"), rows, told)
    return classification_of(content, "rows"), [problem.text for problem in told.problems]


def row(code: str, *parents: str, text: str = "", **more: date) -> Row:
    term = (Designation("nb", text or f"text of {code}", "preferred"),)
    return Row(code, term, parents, valid_from=more.get("valid_from"), valid_to=more.get("valid_to"), line=7)


def test_a_classification_is_a_code_system() -> None:
    system: CodeSystem = example("icd10.claml.xml")
    assert system.uri == ICD10


@pytest.mark.parametrize("written", ["I63.9", "I639", "i639", " i63.9 ", "I.639"])
def test_icd10_with_and_without_the_dot_is_one_code(written: str) -> None:
    icd10 = example("icd10.claml.xml")
    assert icd10.has(written)
    assert entry(icd10, written).code == "I63.9"
    assert icd10.parents(written) == ("I63",)
    assert icd10.subsumes("IX", written)
    assert icd10.ancestors(written) == {"I63", "I60-I69", "IX"}


@pytest.mark.parametrize(
    "written", ["", " ", ".", "I63.8", "I6", "I63.9x", "x" * 10_000, "æ", "\0", "I63.9\0", "\ud800"]
)
def test_a_code_that_is_not_there_has_nothing(written: str) -> None:
    icd10 = example("icd10.claml.xml")
    assert not icd10.has(written)
    assert icd10.entry(written, ("nb",)) is None
    assert icd10.parents(written) == icd10.children(written) == ()
    assert icd10.descendants(written) == icd10.ancestors(written) == frozenset()
    assert not icd10.subsumes(written, written)
    assert not icd10.subsumes("IX", written)


@pytest.mark.parametrize(
    ("languages", "display"),
    [
        (("nb",), "Slagenhet"),
        (("nn", "nb"), "Slageining"),
        (("nn-NO",), "Slageining"),
        (("no",), "Slagenhet"),
        (("sv", "nn"), "Slageining"),
        (("en", "sv"), "Slagenhet"),
        ((), "Slagenhet"),
    ],
)
def test_the_display_is_in_the_first_language_that_has_one(languages: tuple[str, ...], display: str) -> None:
    found = example("list.codesystem.json").entry("unit", languages)
    assert found is not None
    assert found.display == display


def test_a_code_whose_last_day_is_past_is_inactive_from_the_day_after() -> None:
    today = date.today()  # noqa: DTZ011
    found, _ = of([row("on", valid_to=today), row("off", valid_to=today - timedelta(1)), row("open")])
    assert [code for code in found.codes() if entry(found, code).active] == ["on", "open"]


@pytest.mark.parametrize(
    ("system", "codes", "parents"),
    [
        (ICD10, ["I", "I60-I69", "I63", "I63.9"], {"I63.9": ("I63",), "I63": ("I60-I69",), "I60-I69": (), "I": ()}),
        (ICD10, ["IX", "I60-I69", "I63"], {"I63": ("I60-I69",), "I60-I69": ("IX",), "IX": ()}),
        (ICD10, ["IX", "I63.9"], {"I63.9": ("IX",), "IX": ()}),
        (ICD10, ["S02", "S02.0", "S02.00"], {"S02.00": ("S02.0",), "S02.0": ("S02",), "S02": ()}),
        (
            ICD10,
            ["II", "C00-C97", "C00-C75", "C00-C14", "C01", "C80"],
            {
                "C01": ("C00-C14",),
                "C00-C14": ("C00-C75",),
                "C00-C75": ("C00-C97",),
                "C00-C97": ("II",),
                "C80": ("C00-C97",),
                "II": (),
            },
        ),
        (
            ICD10,
            ["C00-C97", "C76-C97", "C97", "C15-C26", "C16"],
            {
                "C00-C97": (),
                "C15-C26": ("C00-C97",),
                "C16": ("C15-C26",),
                "C76-C97": ("C00-C97",),
                "C97": ("C76-C97",),
            },
        ),
        (ATC, ["B", "B01AC", "B01AC06"], {"B01AC06": ("B01AC",), "B01AC": ("B",), "B": ()}),
        (ICPC2, ["K", "K90", "-30"], {"K90": ("K",), "K": (), "-30": ()}),
        (NCSP, ["F", "FNG02", "FNG"], {"FNG02": ("FNG",), "FNG": ("F",), "F": ()}),
        (OTHER, ["A", "AB"], {"A": (), "AB": ()}),
    ],
)
def test_without_parents_the_code_tells_where_it_belongs(
    system: str, codes: list[str], parents: Mapping[str, tuple[str, ...]]
) -> None:
    found, told = of([row(code) for code in codes], system)
    assert (tree(found), told) == (parents, [])


def test_parents_that_are_given_are_not_guessed_at() -> None:
    found, _ = of([row("I63"), row("I63.9"), row("A00", "I63")], ICD10)
    assert tree(found) == {"A00": ("I63",), "I63": (), "I63.9": ()}


def test_every_chapter_holds_its_categories_and_no_others() -> None:
    of_code = by_prefix(ICD10, CHAPTERS)
    for chapter, (first, last) in CHAPTERS.items():
        assert of_code(first) == of_code(last) == (chapter,)
    assert of_code("D49") == ()


@pytest.mark.parametrize(
    ("rows", "codes", "told"),
    [
        ([row("a"), row("")], ["a"], ["there is no code"]),
        ([row("a"), row(" \u00a0 ")], ["a"], ["there is no code"]),
        ([row("a"), row("b\x07")], ["a"], ["the code has characters that cannot be printed"]),
        ([row("a"), row("b\ud800")], ["a"], ["the code has characters that cannot be printed"]),
        ([row("æ" * 100), row("æ" * 101)], ["æ" * 100], [f"the code is longer than {LONGEST} bytes"]),
        ([row("a"), row("a")], ["a"], []),
        ([row("a"), row("a", text="x")], ["a"], ["a stands here again (first at 7): the longest valid counts"]),
        ([Row("a")], ["a"], ["a has no text"]),
        ([row("a", "b")], ["a"], ["the parent of a is not in the file"]),
        ([row("a", "a")], ["a"], ["a above a makes a its own ancestor"]),
        ([row("a", "")], ["a"], []),
        (
            [row("a", valid_from=date(2020, 1, 2), valid_to=date(2020, 1, 1))],
            ["a"],
            ["the period ends before it begins: both dates are left out"],
        ),
    ],
)
def test_what_is_wrong_with_a_row_is_told_and_the_rest_goes_on(
    rows: list[Row], codes: list[str], told: list[str]
) -> None:
    found, problems = of(rows)
    assert (list(found.codes()), problems) == (codes, told)


def test_of_two_periods_the_one_that_lasts_longest_counts() -> None:
    ended = row("a", text="old", valid_from=date(2011, 1, 1), valid_to=date(2015, 12, 31))
    running = row("a", text="new", valid_from=date(2010, 1, 1))
    for rows in ([ended, running], [running, ended]):
        found, told = of(rows)
        assert entry(found, "a").display == "new"
        assert len(told) == 1


def test_rows_that_say_the_same_of_a_code_are_put_together() -> None:
    second = Row("a", row("a").designations, (), (("dose", "2"),))
    found, told = of([Row("a", row("a").designations, (), (("dose", "1"),)), second, second])
    assert (entry(found, "a").properties, told) == ((("dose", "1"), ("dose", "2")), [])


#: Graphs with loops, loose ends and several parents.
graphs = st.dictionaries(st.sampled_from("abcdefg"), st.lists(st.sampled_from("abcdefgx"), max_size=3), min_size=1)


@given(graphs)
def test_a_hierarchy_has_no_loops_whatever_the_file_says(graph: dict[str, list[str]]) -> None:
    found, _ = of([row(code, *parents) for code, parents in graph.items()])
    codes = list(found.codes())
    assert codes == sorted(graph)
    for code in codes:
        assert code not in found.descendants(code)
        assert set(found.parents(code)) <= set(graph[code])
        assert found.descendants(code) == {other for other in codes if other != code and found.subsumes(code, other)}
        assert found.children(code) == tuple(other for other in codes if code in found.parents(other))
        for other in codes:
            assert (code in found.descendants(other)) == (other in found.ancestors(code))
            assert not (code != other and found.subsumes(code, other) and found.subsumes(other, code))


@given(graphs)
def test_only_steps_that_close_a_loop_go(graph: dict[str, list[str]]) -> None:
    known = {code: tuple(dict.fromkeys(one for one in above if one in graph)) for code, above in graph.items()}
    kept, closing = without_loops(known)
    assert {(code, one) for code, above in known.items() for one in above} == {
        *((code, one) for code, above in kept.items() for one in above),
        *closing,
    }
    for code, parent in closing:  # from the parent, the code is above: with the step there would be a loop
        seen, waiting = set[str](), [parent]
        while waiting:
            step = waiting.pop()
            if step not in seen:
                seen.add(step)
                waiting.extend(kept[step])
        assert code in seen


@given(graphs, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(graph: dict[str, list[str]], random: st.DataObject) -> None:
    rows = [row(code, *parents) for code, parents in graph.items()]
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert tree(of(rows)[0]) == tree(of(mixed)[0])


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=8)
designations = st.builds(
    Designation, st.sampled_from(["nb", "nn", "en", "de-CH"]), words, st.sampled_from(USES).map(lambda use: use)
)
days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
rows = st.builds(
    Row,
    code=st.from_regex(r"[A-Za-z0-9ÆØÅæøå-]{1,6}", fullmatch=True),
    designations=st.lists(designations, max_size=4).map(tuple),
    parents=st.lists(st.from_regex(r"[A-Z][0-9]", fullmatch=True), max_size=2).map(tuple),
    properties=st.lists(st.tuples(st.sampled_from(["unit", "Rapporteres til NPR", "note"]), words), max_size=3).map(
        tuple
    ),
    active=st.booleans(),
    valid_from=st.none() | days,
    valid_to=st.none() | days,
)


@given(st.lists(rows, min_size=1, max_size=6), st.sampled_from([OTHER, ICD10, ICPC2, "urn:oid:1.2.3"]))
def test_reading_what_was_exported_as_fhir_changes_nothing(listed: list[Row], system: str) -> None:
    found, _ = of(listed, system)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "exported.json"
        file.write_bytes(as_fhir(found))
        if not len(found):
            return
        (again,) = load(file).classifications
    assert again.head == found.head
    assert list(again.codes()) == list(found.codes())
    for code in found.codes():
        assert entry(again, code) == entry(found, code)


@pytest.mark.parametrize(
    "name", ["icd10.claml.xml", "icd10.json", "atc.csv", "nlk_7280.77.csv", "list.codesystem.json"]
)
def test_so_it_is_for_the_examples(tmp_path: Path, name: str) -> None:
    found = example(name)
    (tmp_path / "exported.json").write_bytes(as_fhir(found))
    (again,) = load(tmp_path / "exported.json").classifications
    assert [entry(again, code) for code in again.codes()] == [entry(found, code) for code in found.codes()]
    assert again.head == found.head


def test_the_examples_are_all_read() -> None:
    names = {file.name for file in FIXTURES.iterdir() if file.name != "README.md"}
    assert sum(len(load(FIXTURES / name).classifications) for name in names) == 12
