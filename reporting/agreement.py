"""How records agree with what a person registered, variable by variable. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from registries.definition import Definition, Variable
from registries.record import Evidence, RegistryRecord, RegistryValue, Tier
from reporting.measures import kappa, share

#: What a person registered: per (patient, case start), per variable, the registry's value as text ("" is empty).
Truth = Mapping[tuple[str, str], Mapping[str, str]]


class TruthUnreadable(Exception):
    """A file of manual registrations that cannot be used; the text names file and line."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One value that differs: the case, what the journal gave and what the person wrote.

    `reason` is the rule that gave our value, or why there is none; `evidence` the journal entries behind it.
    """

    patient: str
    start: str
    variable: str
    ours: str
    theirs: str
    reason: str
    evidence: tuple[Evidence, ...] = ()


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """One variable: how many cases, how many values of each side, and how many are equal.

    `same` counts cases where both sides say the same, empty included. Of a variable with a code list, `kappa` is
    Cohen's kappa over the cases where both sides gave a value (see `reporting.measures`); of one whose list has "yes",
    `sensitivity` is the share of the person's "yes" that we gave, and `predictive` the share of our "yes" that the
    person gave (positive predictive value). None where there is nothing to divide by.
    """

    variable: str
    tier: Tier
    cases: int
    theirs: int
    ours: int
    both: int
    equal: int
    same: int
    kappa: float | None = None
    sensitivity: float | None = None
    predictive: float | None = None

    @property
    def exact(self) -> float | None:
        """The share of our values that equal the person's; None when we gave no value."""
        return self.equal / self.ours if self.ours else None

    @property
    def coverage(self) -> float | None:
        """The share of the person's values that we gave as well, right or wrong; None when the person gave none."""
        return self.both / self.theirs if self.theirs else None


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """All variables, the cases only one side has, and every difference among automatic values."""

    variables: tuple[Agreement, ...]
    cases: int
    only_ours: tuple[tuple[str, str], ...]
    only_theirs: tuple[tuple[str, str], ...]
    differences: tuple[Difference, ...]


def read_truth(path: Path, registry: str) -> Truth:
    """Read what people registered: one value a row (`registry,patient,case_start,variable,value`) or one case a row
    (`patient,case_start` and a column for each variable). A row without a registry belongs to the one asked for.

    Raises:
        TruthUnreadable: the file or a row is not of that form.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, dialect=_dialect(file.readline()))
            file.seek(0)
            for row in reader:
                if row.get("registry", registry) == registry:
                    key = (row["patient"], _minute(row["case_start"]))
                    found.setdefault(key, {}).update(_values(row))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TruthUnreadable(f"{path}: cannot be read: {error}") from error
    except KeyError as error:
        raise TruthUnreadable(f"{path}: the column {error} is missing") from error
    except (AttributeError, TypeError):  # a row that is shorter or longer than the header
        raise TruthUnreadable(f"{path}: line {reader.line_num}: not as many columns as in the header") from None
    return found


class _Semicolons(csv.excel):
    delimiter = ";"


def _dialect(header: str) -> type[csv.Dialect]:
    return _Semicolons if header.count(";") > header.count(",") else csv.excel


def _values(row: Mapping[str, str]) -> dict[str, str]:
    if "variable" in row:
        return {row["variable"]: row["value"].strip()}
    return {name: text.strip() for name, text in row.items() if name not in _KEYS}


_KEYS = frozenset({"registry", "patient", "case_start"})


def compare(records: Iterable[RegistryRecord], truth: Truth, definition: Definition | None = None) -> Comparison:
    """Compare records with a person's registrations of the same cases (same patient and case start).

    With the definition, variables with a code list get the measures that need one.
    """
    variables = definition.variables if definition else {}
    ours = {(record.patient.rpartition("/")[2], _minute(record.start)): record for record in records}
    pairs = [(key, ours[key], truth[key]) for key in sorted(ours.keys() & truth.keys())]
    names = [value.variable for value in pairs[0][1].values] if pairs else []
    return Comparison(
        variables=tuple(_agreement(number, name, pairs, variables.get(name)) for number, name in enumerate(names)),
        cases=len(pairs),
        only_ours=tuple(sorted(ours.keys() - truth.keys())),
        only_theirs=tuple(sorted(truth.keys() - ours.keys())),
        differences=tuple(_differences(pairs)),
    )


def _minute(start: str) -> str:
    """A case start as people write it: 00:00 when the clock time is unknown."""
    return start if "T" in start else f"{start}T00:00"


_Pair = tuple[tuple[str, str], RegistryRecord, Mapping[str, str]]


def _agreement(number: int, name: str, pairs: list[_Pair], variable: Variable | None) -> Agreement:
    told = [(written(record.values[number].value), theirs.get(name, "")) for _, record, theirs in pairs]
    tiers = [record.values[number].tier for _, record, _ in pairs]
    coded = variable is not None and variable.codes is not None
    yes = _yes(variable)
    return Agreement(
        variable=name,
        tier=max(set(tiers), key=tiers.count),
        cases=len(told),
        theirs=sum(1 for _, b in told if b),
        ours=sum(1 for a, _ in told if a),
        both=sum(1 for a, b in told if a and b),
        equal=sum(1 for a, b in told if a and a == b),
        same=sum(1 for a, b in told if a == b),
        kappa=kappa([(a, b) for a, b in told if a and b]) if coded else None,
        sensitivity=share([a in yes for a, b in told if b in yes]) if yes else None,
        predictive=share([b in yes for a, b in told if a in yes]) if yes else None,
    )


def _yes(variable: Variable | None) -> frozenset[str]:
    """The registry's codes for "yes"."""
    codes = (variable.codes if variable else None) or {}
    return frozenset(str(code) for code, meaning in codes.items() if meaning == "yes")


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
                    evidence=value.evidence,
                )


def written(value: RegistryValue | None) -> str:
    """A value as people write it; numbers without trailing zeros, so that 80 and 80.0 are one."""
    if value is None:
        return ""
    if isinstance(value, str | int):
        return str(value)
    return f"{value.normalize():f}"
