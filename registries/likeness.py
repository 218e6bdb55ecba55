"""What plans have in common, so that it need be worked out once for all of them: cases and variables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Set
from typing import Final, NamedTuple

import msgspec

from registries.catalogue import Catalogue
from registries.definition import Definition
from registries.entry import Kind


class Likeness(NamedTuple):
    """Marks, each of which stands for all that the thing is made from.

    Plans with equal `entries` look at the same entries, and number their selectors alike; those with equal `cases` find
    the same cases in a journal, and variables with equal marks (`variables`, in the definition's order) then have the
    same value in each. Plans with equal `checks` find the same in the same values.
    """

    entries: str
    cases: str
    variables: tuple[str, ...]
    checks: str


def likeness(
    definition: Definition,
    selectors: Iterable[tuple[Kind, str]],
    inputs: Mapping[str, Set[str]],
    catalogue: Catalogue,
    edition: str,
) -> Likeness:
    """The marks of a definition.

    Args:
        selectors: what its selectors ask for, in order: the kind, and the codes as they are written.
        inputs: the variables that each variable depends on; they stand before it.
        edition: the terminology release.
    """
    common = _mark(catalogue.fingerprint(), edition)
    cases = _mark(common, definition.case.model_dump(mode="json"))
    given = sorted({kind for one in definition.variables.values() if one.absent for kind in one.absent.given})
    marks: dict[str, str] = {}
    for name, variable in definition.variables.items():
        made_from = [marks[one] for one in sorted(inputs[name])]
        marks[name] = _mark(cases, name, variable.model_dump(mode="json", exclude={"label"}), made_from)
    rules = definition.model_dump(mode="json", exclude=_OWN)
    return Likeness(_mark(common, list(selectors), given), cases, tuple(marks.values()), _mark(common, rules))


#: What is each registry's own and bears on no value.
_OWN: Final = {"registry", "version", "status", "title", "legal_basis", "reservation", "message"}


def _mark(*content: object) -> str:
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()
