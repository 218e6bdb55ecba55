"""The example release, imported once."""

from __future__ import annotations

import pytest

from terminology.valuesets import Snomed
from tests.spec.runner import example_release


@pytest.fixture(scope="session")
def snomed(tmp_path_factory: pytest.TempPathFactory) -> Snomed:
    """The example release, opened."""
    return example_release(tmp_path_factory.mktemp("registries-release"))
