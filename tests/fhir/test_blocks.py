"""Blocks are for speed: what is read, counted and told is the same when every line is looked at by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from registries.chart import Chart
from registries.plan import Plan
from reporting.adapters.fhir import files
from reporting.adapters.fhir.source import FhirFiles
from reporting.journal import Account, Problem
from tests.journals import LOINC, concept, condition, line, nihss, observation, stroke

_OBSERVED = [nihss(7), nihss(9, "o2"), observation("o3", code=concept(LOINC, "75859-9"), valueQuantity={"value": 2})]
_PRETTY = line(nihss(8, "o4")).replace(b', "', b',\n"')
_NESTED = line(nihss(8, "o5")).replace(b'"id"', b'"contained": [\n{}\n], "id"')
#: Lines, and what may stand where a line should: nothing, two at once, one over several lines, another type, rubbish.
PIECES = [
    *(line(resource) for resource in _OBSERVED),
    line(_OBSERVED[0]) + line(_OBSERVED[1]),
    line(_OBSERVED[0]) + b" \t" + line(_OBSERVED[1]),
    line(_OBSERVED[0]) + b"\r",
    b" " + line(_OBSERVED[0]) + b" ",
    _PRETTY,
    _NESTED,
    b"",
    b"  ",
    b"\r",
    b"{}",
    b"{",
    b"}",
    line(condition("c9")),
    line({"resourceType": "Immunization", "id": "i1"}),
    line(nihss("7", "o6")),
    line(nihss(7, "o7")).replace(b"o7", b"\xe6"),
    line(nihss(7, "o8")).replace(b'"id"', b'"resourceType": "KANARI", "id"'),
]


def _read(plan: Plan, path: Path) -> tuple[list[Chart], list[Problem], int, dict[str, int]]:
    account = Account()
    charts = [chart for chart, _ in FhirFiles(path).charts(plan, account)]
    return charts, account.problems, account.read, dict(account.passed)


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=12), end=st.sampled_from([b"", b"\n", b"\n\n"]))
@example(pieces=[PIECES[3], b"", PIECES[2]], end=b"")
@example(pieces=[_NESTED, PIECES[3], PIECES[4]], end=b"\n")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whole_blocks_say_what_their_lines_say(
    pieces: list[bytes], end: bytes, tmp_path: Path, stroke_plan: Plan
) -> None:
    known = b"\n".join(line(resource) for resource in stroke() if resource["resourceType"] != "Observation")
    (tmp_path / "a.ndjson").write_bytes(known)
    (tmp_path / "b.ndjson").write_bytes(b"\n".join(pieces) + end)
    whole = _read(stroke_plan, tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "_decoded", lambda *_: None)
        each = _read(stroke_plan, tmp_path)
    assert whole == each
    assert not any("KANARI" in problem.text for problem in whole[1])


def test_a_block_of_one_type_is_decoded_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"\n".join(map(line, _OBSERVED)) + b"\n")
    (block,) = files.read(path, {"Observation"})
    assert isinstance(block, files.Block)
    assert block.resources is not None
    assert [resource.id for resource in block.resources] == ["o1", "o2", "o3"]
    (passed,) = files.read(path)
    assert isinstance(passed, files.Block)
    assert (passed.resources, len(passed)) == (None, 3)
