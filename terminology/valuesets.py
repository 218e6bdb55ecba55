"""Named sets of codes, compiled to a fast membership test.

A set is written as `{snomed: "<ECL>", icd10: [E10-E14], atc: [B01AC06], loinc: 8302-2}`. In classifications a code
stands for everything below it; in SNOMED CT an inactive concept whose history leads to exactly one member is a member.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from terminology.codes import PREFIX_SYSTEMS, SNOMED, SYSTEMS, Code, code_of

_RANGE = re.compile(r"^([A-Z]+)(\d+)-([A-Z]+)?(\d+)$")


class Snomed(Protocol):
    """What value sets ask of a SNOMED CT release."""

    def select(self, ecl: str) -> frozenset[int]:
        """Active concepts that satisfy an expression; raises EclError."""

    def inactive_into(self, ids: frozenset[int]) -> Mapping[int, int]:
        """Inactive concepts whose history leads to exactly one of `ids`, with that one."""

    def has(self, sctid: int) -> bool:
        """Whether the release holds the concept, active or not."""


class ValueSetError(Exception):
    """A set of codes that cannot be compiled; the text says which part."""


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A compiled set: single codes, and prefixes by classification."""

    exact: frozenset[Code] = frozenset()
    prefixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __contains__(self, code: Code) -> bool:
        """Whether a normalised code is in the set: one look-up, and a prefix test in classifications."""
        return code in self.exact or code.value.startswith(self.prefixes.get(code.system, ()))


def compile_codes(spec: Mapping[str, str | Sequence[str]], snomed: Snomed) -> CodeSet:
    """Compile a written set against a release.

    Raises:
        ValueSetError: an unknown code system, or a code that is not one.
        EclError: the SNOMED CT expression is wrong.
    """
    exact: set[Code] = set()
    prefixes: dict[str, tuple[str, ...]] = {}
    for name, wanted in spec.items():
        system = SYSTEMS.get(name)
        if system is None:
            raise ValueSetError(f"unknown code system {name!r}; known are {', '.join(SYSTEMS)}")
        if system == SNOMED:
            exact |= _concepts(str(wanted), snomed)
            continue
        listed = [wanted] if isinstance(wanted, str) else list(wanted)
        codes = [code for text in listed for code in _codes(system, text)]
        if system in PREFIX_SYSTEMS:
            prefixes[system] = tuple(code.value for code in codes)
        else:
            exact.update(codes)
    return CodeSet(frozenset(exact), prefixes)


def _concepts(ecl: str, snomed: Snomed) -> set[Code]:
    members = snomed.select(ecl)
    return {Code(SNOMED, str(sctid)) for sctid in members | snomed.inactive_into(members).keys()}


def _codes(system: str, text: str) -> list[Code]:
    texts = [text]
    span = _RANGE.match(text.replace(".", "").upper()) if system in PREFIX_SYSTEMS else None
    if span is None and system in PREFIX_SYSTEMS and "-" in text.strip()[1:]:
        raise ValueSetError(f"{text!r} is neither a code nor a range of codes")
    if span:
        letter, first, other, last = span.groups()
        if other not in (None, letter) or int(first) > int(last):
            raise ValueSetError(f"{text!r} is not a range of codes under one letter")
        texts = [f"{letter}{number:0{len(first)}d}" for number in range(int(first), int(last) + 1)]
    codes = [code_of(system, one) for one in texts]
    if None in codes:
        raise ValueSetError(f"{text!r} is not a code")
    return [code for code in codes if code is not None]
