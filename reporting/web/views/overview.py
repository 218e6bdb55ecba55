"""The first page: registries and the latest runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from registries.definition import Definition
from reporting.ports import Store
from reporting.submission import Run, State
from reporting.texts import Text, same
from reporting.web.bars import Segment, bar
from reporting.web.summary import levels, number

#: Runs on the first page.
LATEST = 20


@dataclass(frozen=True, slots=True)
class RegistryCard:
    """A registry in short; `bar` counts its variables by level."""

    slug: str
    title: Text
    version: int
    status: str
    variables: int
    bar: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run in short; `bar` counts its fields by level, `states` its submissions."""

    run: Run
    title: Text
    cases: int | None
    records: int | None
    submitted: int | None
    states: tuple[tuple[State, int], ...]
    bar: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All of the first page."""

    registries: tuple[RegistryCard, ...]
    runs: tuple[RunLine, ...]


def overview(store: Store, definitions: Mapping[str, Definition]) -> Overview:
    """What the first page shows."""
    return Overview(
        registries=tuple(registry_card(definition) for definition in definitions.values()),
        runs=tuple(_line(store, definitions, run) for run in store.runs(LATEST)),
    )


def registry_card(definition: Definition) -> RegistryCard:
    """A registry in short."""
    tiers = Counter(variable.automation.value for variable in definition.variables.values())
    return RegistryCard(
        slug=definition.registry,
        title=definition.title,
        version=definition.version,
        status=definition.status,
        variables=len(definition.variables),
        bar=bar(tiers),
    )


def title_of(definitions: Mapping[str, Definition], registry: str) -> Text:
    """A registry's title; its short name when there is no definition any more."""
    definition = definitions.get(registry)
    return definition.title if definition else same(registry)


def ordered(states: Mapping[State, int]) -> tuple[tuple[State, int], ...]:
    """Counts of submissions in the order a submission goes through its states."""
    return tuple((state, states[state]) for state in State if states.get(state))


def _line(store: Store, definitions: Mapping[str, Definition], run: Run) -> RunLine:
    return RunLine(
        run=run,
        title=title_of(definitions, run.registry),
        cases=number(run.summary, "cases"),
        records=number(run.summary, "records"),
        submitted=number(run.summary, "submitted"),
        states=ordered(store.counts(run.id)),
        bar=bar(levels(run.summary, "fields")),
    )
