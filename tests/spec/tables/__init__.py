"""The tables, chapter by chapter, in the order people read them."""

from __future__ import annotations

from tests.spec.language import Section
from tests.spec.tables import (
    absence,
    activation,
    cases,
    checks,
    codes,
    expressions,
    numbers,
    picks,
    selecting,
    units,
    values,
    windows,
)

SECTIONS: tuple[Section, ...] = (
    cases.SECTION,
    selecting.SECTION,
    codes.SECTION,
    windows.SECTION,
    picks.SECTION,
    values.SECTION,
    units.SECTION,
    numbers.SECTION,
    expressions.SECTION,
    absence.SECTION,
    activation.SECTION,
    checks.SECTION,
)
