"""One run: what was read, what came of it, and its records page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from registries.definition import Definition
from registries.record import RegistryRecord, Severity
from reporting.findings import finding_text
from reporting.ports import Store
from reporting.submission import Run, State
from reporting.texts import Text, named, same
from reporting.web.bars import Segment, bar
from reporting.web.summary import counts, levels, names, number, problems
from reporting.web.views.overview import ordered, title_of
from reporting.web.views.record import level_of

#: Records on one page.
PAGE = 50

Counted = tuple[tuple[Text, int], ...]


@dataclass(frozen=True, slots=True)
class VariableLine:
    """One variable over all records of a run: `bar` by level, `reasons` why it is empty."""

    name: str
    label: Text
    bar: tuple[Segment, ...]
    reasons: Counted


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record in a run."""

    case: str
    start: str
    action: str
    bar: tuple[Segment, ...]
    findings: tuple[tuple[Severity, int], ...]


@dataclass(frozen=True, slots=True)
class RunPage:
    """All of a run's page. `figures` are counts by the key of their text."""

    run: Run
    title: Text
    linked: bool
    figures: tuple[tuple[str, int | None], ...]
    skipped: Counted
    problems: tuple[tuple[str, str], ...]
    candidates_out: Counted
    bar: tuple[Segment, ...]
    variables: tuple[VariableLine, ...]
    findings: Counted
    decisions: Counted
    states: tuple[tuple[State, int], ...]
    records: tuple[RecordLine, ...]
    page: int
    more: bool


def run_page(store: Store, definitions: Mapping[str, Definition], run_id: str, page: int = 1) -> RunPage:
    """What a run's page shows.

    Raises:
        KeyError: there is no such run.
    """
    run = store.run(run_id)
    definition = definitions.get(run.registry)
    found = store.records(run_id, offset=(page - 1) * PAGE, limit=PAGE + 1)
    return RunPage(
        run=run,
        title=title_of(definitions, run.registry),
        linked=definition is not None,
        figures=_figures(run),
        skipped=_counted("skipped", counts(run.summary, "skipped")),
        problems=problems(run.summary),
        candidates_out=_counted("case", counts(run.summary, "candidates", "out")),
        bar=bar(levels(run.summary, "fields")),
        variables=_variables(run.summary, definition),
        findings=tuple((finding_text(rule, definition), n) for rule, n in counts(run.summary, "findings").items() if n),
        decisions=_counted("action", counts(run.summary, "decisions")),
        states=ordered(store.counts(run_id)),
        records=tuple(_record(record, action) for record, action in found[:PAGE]),
        page=page,
        more=len(found) > PAGE,
    )


def _figures(run: Run) -> tuple[tuple[str, int | None], ...]:
    paths = {
        "page.patients": ("patients",),
        "page.entries_read": ("entries", "read"),
        "page.entries_used": ("entries", "used"),
        "page.candidates_in": ("candidates", "in"),
        "page.cases": ("cases",),
        "page.records": ("records",),
        "page.submitted": ("submitted",),
    }
    return tuple((key, number(run.summary, *path)) for key, path in paths.items())


def _counted(group: str, found: Mapping[str, int]) -> Counted:
    return tuple((named(group, name), count) for name, count in found.items() if count)


def _variables(summary: Mapping[str, object], definition: Definition | None) -> tuple[VariableLine, ...]:
    known = definition.variables if definition else {}
    counted = names(summary, "variables")
    ordered_names = [name for name in known if name in counted] + [name for name in counted if name not in known]
    return tuple(
        VariableLine(
            name=name,
            label=known[name].label if name in known else same(name),
            bar=bar(levels(summary, "variables", name)),
            reasons=_counted("reason", counts(summary, "variables", name, "empty")),
        )
        for name in ordered_names
    )


def _record(record: RegistryRecord, action: str) -> RecordLine:
    return RecordLine(
        case=record.case,
        start=record.start.replace("T", " "),
        action=action,
        bar=bar(Counter(level_of(value) for value in record.values)),
        findings=_by_severity(finding.severity for finding in record.findings),
    )


def _by_severity(found: Iterable[Severity]) -> tuple[tuple[Severity, int], ...]:
    numbers = Counter(found)
    return tuple((severity, numbers[severity]) for severity in Severity if numbers[severity])
