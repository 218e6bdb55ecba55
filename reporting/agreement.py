"""How records agree with what a person registered, variable by variable. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from registries.record import RegistryRecord, RegistryValue, Tier

#: What a person registered: per (patient, case start), per variable, the registry's value as text ("" is empty).
Truth = Mapping[tuple[str, str], Mapping[str, str]]


class TruthUnreadable(Exception):
    """A file of manual registrations that cannot be used; the text names file and line."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One value that differs: the case, what the journal gave and what the person wrote."""

    patient: str
    start: str
    variable: str
    ours: str
    theirs: str
    reason: str


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """One variable: how many cases, how many values of each side, and how many are equal.

    `exact` is the share of values we gave that equal the person's; `same` counts cases where both sides say the same,
    empty included.
    """

    variable: str
    tier: Tier
    cases: int
    theirs: int
    ours: int
    both: int
    equal: int
    same: int

    @property
    def exact(self) -> float | None:
        """None when we gave no value."""
        return self.equal / self.ours if self.ours else None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """All variables, the cases only one side has, and every difference among automatic values."""

    variables: tuple[Agreement, ...]
    cases: int
    only_ours: tuple[tuple[str, str], ...]
    only_theirs: tuple[tuple[str, str], ...]
    differences: tuple[Difference, ...]


def read_truth(path: Path, registry: str) -> Truth:
    """Read `registry,patient,case_start,variable,value` rows of one registry.

    Raises:
        TruthUnreadable: the file or a row is not of that form.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                if row["registry"] == registry:
                    key = (row["patient"], _minute(row["case_start"]))
                    found.setdefault(key, {})[row["variable"]] = row["value"]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TruthUnreadable(f"{path}: cannot be read: {error}") from error
    except KeyError as error:
        raise TruthUnreadable(f"{path}: the column {error} is missing") from error
    return found


def compare(records: Iterable[RegistryRecord], truth: Truth) -> Comparison:
    """Compare records with a person's registrations of the same cases (same patient and case start)."""
    ours = {(record.patient.rpartition("/")[2], _minute(record.start)): record for record in records}
    pairs = [(key, ours[key], truth[key]) for key in sorted(ours.keys() & truth.keys())]
    names = [value.variable for value in pairs[0][1].values] if pairs else []
    return Comparison(
        variables=tuple(_agreement(number, name, pairs) for number, name in enumerate(names)),
        cases=len(pairs),
        only_ours=tuple(sorted(ours.keys() - truth.keys())),
        only_theirs=tuple(sorted(truth.keys() - ours.keys())),
        differences=tuple(_differences(pairs)),
    )


def _minute(start: str) -> str:
    """A case start as people write it: 00:00 when the clock time is unknown."""
    return start if "T" in start else f"{start}T00:00"


_Pair = tuple[tuple[str, str], RegistryRecord, Mapping[str, str]]


def _agreement(number: int, name: str, pairs: list[_Pair]) -> Agreement:
    told = [(written(record.values[number].value), theirs.get(name, "")) for _, record, theirs in pairs]
    tiers = [record.values[number].tier for _, record, _ in pairs]
    return Agreement(
        variable=name,
        tier=max(set(tiers), key=tiers.count),
        cases=len(told),
        theirs=sum(1 for _, b in told if b),
        ours=sum(1 for a, _ in told if a),
        both=sum(1 for a, b in told if a and b),
        equal=sum(1 for a, b in told if a and a == b),
        same=sum(1 for a, b in told if a == b),
    )


def _differences(pairs: list[_Pair]) -> Iterator[Difference]:
    for (patient, start), record, theirs in pairs:
        for value in record.values:
            mine, wanted = written(value.value), theirs.get(value.variable, "")
            if value.tier is Tier.AUTOMATIC and mine != wanted:
                yield Difference(
                    patient=patient,
                    start=start,
                    variable=value.variable,
                    ours=mine,
                    theirs=wanted,
                    reason=str(value.reason or value.rule),
                )


def written(value: RegistryValue | None) -> str:
    """A value as people write it; numbers without trailing zeros, so that 80 and 80.0 are one."""
    if value is None:
        return ""
    if isinstance(value, str | int):
        return str(value)
    return f"{value.normalize():f}"
