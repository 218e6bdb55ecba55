"""The names that codes have in the example release."""

from __future__ import annotations

from pathlib import Path

import pytest

from reporting.explaining.context import NameOf
from reporting.explaining.names import names_of
from terminology.store import open_systems


@pytest.fixture(scope="session")
def names(releases: Path) -> NameOf:
    return names_of(open_systems(releases))
