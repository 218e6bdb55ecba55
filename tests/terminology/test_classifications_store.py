"""Classifications in the store, beside SNOMED CT releases: whole or not at all, found by any name of theirs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from terminology.classifications import ImportRefused, Wanted, container, import_classification, load
from terminology.codes import ICD10, LOINC, NCSP, SNOMED, VOLVEN
from terminology.snomed.release import list_releases
from terminology.store import SystemInfo, Systems, open_systems
from tests.terminology.classifications import FIXTURES, entry

NORWAY = f"{SNOMED}/51000202101"


def names(store: Path) -> list[str]:
    """Everything that lies in a store, hidden or not."""
    return sorted(file.name for file in store.iterdir()) if store.exists() else []


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two editions of ICD-10, a Bundle and LOINC."""
    folder = tmp_path / "store"
    import_classification([FIXTURES / "icd10.claml.xml"], folder)
    import_classification([FIXTURES / "icd10.json"], folder, wanted=Wanted(version="2024"))
    import_classification([FIXTURES / "bundle.json"], folder, "lists")
    import_classification([FIXTURES / "loinc"], folder, wanted=Wanted(version="2.78"))
    return folder


def test_an_import_reports_what_it_brought(tmp_path: Path) -> None:
    report = import_classification([FIXTURES / "procedures_2025.csv"], tmp_path)
    assert report.name == "procedures_2025"
    assert [(one.name, one.uri, one.version, one.codes) for one in report.systems] == [
        ("procedures_2025-7210", NCSP, "2025", 5),
        ("procedures_2025-7220", VOLVEN + "7220", "2025", 2),
        ("procedures_2025-7270", VOLVEN + "7270", "2025", 1),
    ]
    assert (report.new, report.problems) == (True, ())
    assert names(tmp_path) == ["procedures_2025"]
    assert names(tmp_path / "procedures_2025") == ["arrays.bin", "classification.json"]


def test_one_code_system_is_called_after_itself(tmp_path: Path) -> None:
    report = import_classification([FIXTURES / "icd10.claml.xml"], tmp_path)
    assert (report.name, [one.name for one in report.systems]) == ("icd10-2025", ["icd10-2025"])
    assert import_classification([FIXTURES / "atc.csv"], tmp_path, "mine").systems[0].name == "mine"


def test_what_was_stored_is_what_was_loaded(store: Path) -> None:
    (loaded,) = load(FIXTURES / "icd10.claml.xml").classifications
    opened = open_systems(store).named("icd10-2025")
    assert opened is not None
    assert (opened.uri, opened.version, opened.title) == (loaded.uri, loaded.version, loaded.title)
    assert list(opened.codes()) == list(loaded.codes())
    for code in opened.codes():
        assert opened.entry(code, ("nb",)) == entry(loaded, code)
        assert opened.children(code) == loaded.children(code)


def test_the_same_again_changes_nothing(store: Path) -> None:
    before = names(store)
    assert not import_classification([FIXTURES / "icd10.claml.xml"], store).new
    assert names(store) == before


@pytest.mark.parametrize("name", ["icd10-2025", "lists", "lists-colour"])
def test_a_name_that_other_content_has_is_refused(store: Path, name: str) -> None:
    before = names(store)
    with pytest.raises(ImportRefused, match=name):
        import_classification([FIXTURES / "atc.csv"], store, name)
    assert names(store) == before


def test_a_system_cannot_be_called_as_a_folder_is(tmp_path: Path) -> None:
    import_classification([FIXTURES / "atc.csv"], tmp_path, "lists-1101")
    with pytest.raises(ImportRefused, match="lists-1101"):
        import_classification([FIXTURES / "bundle.json"], tmp_path, "lists")
    assert names(tmp_path) == ["lists-1101"]


@pytest.mark.parametrize("name", ["../out", ".hidden", "a b", "", "x" * 101])
def test_a_name_is_letters_digits_dot_dash_and_underscore(tmp_path: Path, name: str) -> None:
    if name:
        with pytest.raises(ValueError, match="letters, digits"):
            import_classification([FIXTURES / "atc.csv"], tmp_path / "store", name)
        assert names(tmp_path) == []


@pytest.mark.parametrize("broken", [FIXTURES / "README.md", FIXTURES / "missing.csv"])
def test_an_import_that_fails_leaves_no_trace(tmp_path: Path, broken: Path) -> None:
    with pytest.raises((ImportRefused, FileNotFoundError)):
        import_classification([FIXTURES / "atc.csv", broken], tmp_path / "store")
    assert names(tmp_path) == []


def test_a_disk_that_fails_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(container, "write", full)
    with pytest.raises(OSError, match="no space"):
        import_classification([FIXTURES / "atc.csv"], tmp_path)
    assert names(tmp_path) == []


def test_everything_in_a_store_is_listed_and_nothing_opened(store: Path) -> None:
    for folder in store.iterdir():
        (folder / "arrays.bin").unlink()
    infos = open_systems(store).all()
    assert [info.name for info in infos] == ["icd10-2024", "icd10-2025", "lists-1101", "lists-colour", "loinc-2.78"]
    assert infos[1] == SystemInfo("icd10-2025", ICD10, "2025", "ICD-10, et lite utdrag til prøve", "classification")


def test_a_store_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert open_systems(tmp_path / "none").all() == ()


def found(systems: Systems, uri: str, version: str | None = None) -> str | None:
    """The name of the system that answers."""
    system = systems.of(uri, version)
    return None if system is None else system.name


@pytest.mark.parametrize(
    ("uri", "version", "name"),
    [
        (ICD10, None, "icd10-2025"),
        (ICD10, "2024", "icd10-2024"),
        (ICD10 + "|2024", None, "icd10-2024"),
        (ICD10, "2023", None),
        ("http://hl7.org/fhir/sid/icd-10-no", None, "icd10-2025"),
        ("2.16.578.1.12.4.1.1.7110", "2025", "icd10-2025"),
        ("icd10", None, "icd10-2025"),
        (LOINC, None, "loinc-2.78"),
        ("urn:oid:2.16.840.1.113883.6.1", None, "loinc-2.78"),
        ("2.16.578.1.12.4.1.1.1101", None, "lists-1101"),
        ("http://ehelse.no/fhir/CodeSystem/no-kodeverk-1101", None, "lists-1101"),
        ("http://example.org/fhir/CodeSystem/colour", None, "lists-colour"),
        ("http://example.org/fhir/CodeSystem/colours", None, None),
        (SNOMED, None, None),
        ("", None, None),
    ],
)
def test_a_classification_is_found_by_any_of_its_names(
    store: Path, uri: str, version: str | None, name: str | None
) -> None:
    assert found(open_systems(store), uri, version) == name


def test_an_identifier_in_the_file_is_a_name_too(tmp_path: Path) -> None:
    import_classification([FIXTURES / "list.codesystem.json"], tmp_path)
    assert found(open_systems(tmp_path), "1.3.6.1.4.1.99999.1") == "stroke-unit-1.2"


def test_numbers_in_versions_are_numbers(tmp_path: Path) -> None:
    for version in ("2.9", "2.78", "2.8"):
        import_classification([FIXTURES / "loinc"], tmp_path, wanted=Wanted(version=version))
    assert found(open_systems(tmp_path), LOINC) == "loinc-2.78"


def test_a_system_is_opened_once(store: Path) -> None:
    systems = open_systems(store)
    assert systems.of(ICD10) is systems.named("icd10-2025")
    assert systems.named("icd10") is None


@pytest.fixture
def editions(tmp_path: Path, releases: Path) -> Path:
    """SNOMED CT: the example release as two editions, one of them in two versions, beside a classification."""
    (example,) = releases.iterdir()
    for name, edition, version in (
        ("no-old", NORWAY, "20250415"),
        ("no-new", NORWAY, "20260415"),
        ("se", f"{SNOMED}/45991000052106", "20251130"),
    ):
        shutil.copytree(example, tmp_path / name)
        said = json.loads((example / "release.json").read_text())
        said |= {"name": name, "edition": edition, "version": version}
        (tmp_path / name / "release.json").write_text(json.dumps(said))
    import_classification([FIXTURES / "atc.csv"], tmp_path, "atc")
    return tmp_path


@pytest.mark.parametrize(
    ("uri", "version", "name"),
    [
        (SNOMED, None, "no-new"),
        ("urn:oid:2.16.840.1.113883.6.96", None, "no-new"),
        ("snomed", None, "no-new"),
        (NORWAY, None, "no-new"),
        (f"{SNOMED}/45991000052106", None, "se"),
        (f"{SNOMED}/900000000000207008", None, None),
        (f"{NORWAY}/version/20250415", None, "no-old"),
        (f"{NORWAY}/version/20250416", None, None),
        (SNOMED, f"{NORWAY}/version/20250415", "no-old"),
        (SNOMED, f"{SNOMED}/45991000052106", "se"),
        (SNOMED, "20251130", "se"),
        (NORWAY, "20251130", None),
        (NORWAY, f"{SNOMED}/45991000052106", None),
        (f"{SNOMED}|{NORWAY}/version/20250415", None, "no-old"),
        (SNOMED, "2025", None),
        (f"{SNOMED}/x", None, None),
    ],
)
def test_snomed_ct_is_found_by_edition_and_version(
    editions: Path, uri: str, version: str | None, name: str | None
) -> None:
    assert found(open_systems(editions), uri, version) == name


def test_snomed_ct_and_classifications_lie_side_by_side(editions: Path) -> None:
    assert [(info.name, info.kind) for info in open_systems(editions).all()] == [
        ("atc", "classification"),
        ("no-new", "snomed"),
        ("no-old", "snomed"),
        ("se", "snomed"),
    ]
    assert [info.name for info in list_releases(editions)] == ["no-new", "no-old", "se"]
    system = open_systems(editions).named("no-new")
    assert system is not None
    assert system.uri == SNOMED
    assert system.version == f"{NORWAY}/version/20260415"
    assert system.has("138875005")
    assert not system.has("x")


def _older(file: Path) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | {"format": 0}))


def _half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("harm", [_older, _half])
@pytest.mark.parametrize("name", ["atc/classification.json", "se/release.json"])
def test_a_folder_that_cannot_be_read_is_named_and_the_others_serve(
    editions: Path, harm: Callable[[Path], None], name: str
) -> None:
    harm(editions / name)
    systems = open_systems(editions)
    assert len(systems.all()) == 3
    assert [folder for folder, _ in systems.unreadable] == [name.partition("/")[0]]


def test_arrays_that_are_cut_short_are_an_error_and_not_an_answer(store: Path) -> None:
    _half(store / "icd10-2025" / "arrays.bin")
    with pytest.raises(ValueError, match="import it again"):
        open_systems(store).of(ICD10)
