"""What many tests share: the example release, the plans of both registries, and the material beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from registries.plan import Plan
from reporting.library import EXAMPLE
from terminology.snomed.bound import BoundRelease
from terminology.snomed.release import import_release, open_release
from tests.journals import plan_for

#: Speed is no property. CI repeats the same examples, so that it fails for a change and not by chance; developers'
#: machines look for new ones.
settings.register_profile("registerbro", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("registerbro")

_SHARED = Path(__file__).parent.parent.parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Flow tests come last: Prefect's threads go on drawing random numbers, and Hypothesis notices."""
    items.sort(key=lambda item: item.get_closest_marker("flow") is not None)


@pytest.fixture(scope="session")
def example() -> Path:
    """The example release as RF2 files. Only read it."""
    (folder,) = EXAMPLE.glob("SnomedCT_*")
    return folder


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory, example: Path) -> Path:
    """A folder with the example release, imported once. Only read it."""
    folder = tmp_path_factory.mktemp("releases")
    import_release([example], folder)
    return folder


@pytest.fixture(scope="session")
def bound(releases: Path) -> BoundRelease:
    (folder,) = releases.iterdir()
    return BoundRelease(open_release(folder))


@pytest.fixture(scope="session")
def stroke_plan(bound: BoundRelease) -> Plan:
    return plan_for(bound, "hjerneslag")


@pytest.fixture(scope="session")
def heart_plan(bound: BoundRelease) -> Plan:
    return plan_for(bound, "noric")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The material beside the checkout. It may be missing on a developer's machine, never in CI."""
    if not _SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("../shared is missing, and CI must have it")
        pytest.skip("../shared is not beside this checkout")
    return _SHARED
