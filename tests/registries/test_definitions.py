"""Definition and catalogue files: what is wrong in one is said with its place, and those that ship are right."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from registries import catalogue as catalogue_folder
from registries.catalogue import load_catalogue
from registries.definition import Definition, DefinitionError, load_definition
from registries.plan import compile_plan
from terminology.snomed.ecl import EclError
from terminology.valuesets import Snomed, ValueSetError, compile_codes
from tests.registries import plans

ROOT = Path(__file__).resolve().parents[2]
DEFINITIONS = ROOT / "registries" / "definitions"
SLUGS = ("hjerneslag", "noric")
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a definition file."""

    def written(text: str) -> Path:
        path = tmp_path / "definition.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def _text(change: Callable[[dict[str, Any]], object]) -> str:
    whole = plans.data()
    change(whole)
    return yaml.safe_dump(whole, sort_keys=False)


def _rule(name: str, **words: object) -> Callable[[dict[str, Any]], object]:
    return lambda whole: whole["variables"][name]["from"][0].update(words)


def _rules(name: str, *rules: dict[str, Any]) -> Callable[[dict[str, Any]], object]:
    return lambda whole: whole["variables"][name].update({"from": list(rules)})


def _variable(name: str, **words: object) -> Callable[[dict[str, Any]], object]:
    return lambda whole: whole["variables"][name].update(words)


def _made(name: str, expression: str) -> Callable[[dict[str, Any]], object]:
    return _rules(name, {"expression": expression})


def _length(from_: str, to: str, unit: str) -> Callable[[dict[str, Any]], object]:
    return _rules("Score", {"duration": {"from": from_, "to": to, "unit": unit}})


def _bands(*bands: dict[str, Any]) -> Callable[[dict[str, Any]], object]:
    return _rule("Quick", bands=list(bands))


def _check(**words: object) -> Callable[[dict[str, Any]], object]:
    return lambda whole: whole.update(checks=[_SANE | words])


_SANE = {"name": "sane", "rule": "Score < 43", "severity": "warning", "text": {"nb": "x", "en": "x"}}
_DEATH = {"select": "death", "is": "yes"}
WRONG = [
    (lambda whole: whole.update(registrar="x"), "registrar: there is no such word here"),
    (lambda whole: whole.pop("title"), "title: `title` is missing"),
    (lambda whole: whole.update(status="aktive"), "status: 'aktive' is not one of draft, approved, active, retired"),
    (lambda whole: whole.update(registry="No Good"), "registry: 'No Good' cannot be read"),
    (
        lambda whole: whole["case"].update(select="observation"),
        "case.select: 'observation' is not one of condition, procedure, stay",
    ),
    (lambda whole: whole["case"].update(same_case_within="4mo"), "case.same_case_within: '4mo' cannot be read"),
    (lambda whole: whole["case"].pop("codes"), "case: `codes` is missing: which entries are index events"),
    (lambda whole: whole["case"].update(select="stay"), "case.codes: stays have no `codes`"),
    (lambda whole: whole["case"].update(period={}), "case.period: a period has a `from` or a `to`"),
    (
        lambda whole: whole["case"].update(period={"from": "2026-02-01", "to": "2026-01-31"}),
        "case.period: a period ends before it begins",
    ),
    (lambda whole: whole["case"].update(episode={"gap": "1y"}), "case.episode.gap: '1y' cannot be read"),
    (lambda whole: whole.update(orders=[{"first": "Onset", "then": "Nothing"}]), "no variable called Nothing"),
    (
        lambda whole: whole["variables"].update({"a b": whole["variables"]["Told"]}),
        "variables.a b: 'a b' cannot be read",
    ),
    (
        _variable("Told", automatic="yes"),
        "variables.Told.automatic: there is no such word here; did you mean `automation`?",
    ),
    (
        _variable("Told", automation="automatisk"),
        "variables.Told.automation: 'automatisk' is not one of automatic, proposed, manual",
    ),
    (
        _variable("Told", automation="automatic"),
        "variables.Told: a variable that is not manual needs rules under `from`",
    ),
    (
        _variable("Told", absent={"is": "yes", "given": []}),
        "variables.Told: a manual variable has no rules",
    ),
    (_variable("Told", codes=None), "variables.Told: `codes` belong to variables of type code, and to these only"),
    (_variable("Score", type="decimal"), "variables.Score: a decimal variable says how many `decimals` it has"),
    (
        _variable("Score", codes={1: "yes"}),
        "variables.Score: `codes` belong to variables of type code, and to these only",
    ),
    (
        _variable("Score", absent={"is": "no", "given": []}),
        "variables.Score.absent: `absent` means a number where the variable is one",
    ),
    (
        _variable("Diabetes", absent={"is": "nope", "given": []}),
        "variables.Diabetes.absent.is: `codes` has no meaning nope",
    ),
    (
        _variable("Diabetes", when={"Kind": ["heart"]}),
        "variables.Diabetes.when.Kind: Kind must be a variable that stands before it",
    ),
    (
        _variable("Diabetes", when={"Nothing": ["x"]}),
        "variables.Diabetes.when.Nothing: no variable called Nothing",
    ),
    (_variable("Insulin", when={"Diabetes": ["ja"]}), "variables.Insulin.when.Diabetes: Diabetes has no meaning ja"),
    (
        _rule("Quick", between=["Onset", "Told"]),
        "variables.Quick.from.0.between.1: Told must be a variable that stands before it",
    ),
    (
        _rules("Both", {"all": [{"between": ["Onset", "Told"], "bands": [{"is": "yes"}]}], "is": "yes"}),
        "variables.Both.from.0.all.0.between.1: Told must be a variable that stands before it",
    ),
    (_rule("Quick", no_clock="perhaps"), "variables.Quick.from.0: `codes` has no meaning perhaps"),
    (_rule("Quick", bands=[{"below": 4, "is": "soon"}]), "variables.Quick.from.0: `codes` has no meaning soon"),
    (_rule("Quick", bands=[{"is": "no"}, {"below": 4, "is": "yes"}]), "`bands` go upwards"),
    (_rule("Quick", bands=[{"below": 4, "is": "no"}, {"below": 2, "is": "yes"}]), "`bands` go upwards"),
    (_rule("Quick", bands=None), "`between` needs `bands`"),
    (
        _rule("Quick", select="death"),
        "a rule has exactly one of `select`, `all`, `between`, `duration` and `expression`; begin with",
    ),
    (_rule("Quick", all=[_DEATH], **{"is": "yes"}), "a rule has exactly one of `select`, `all`, `between`, `duration`"),
    (_rule("Score", comparator="below"), "variables.Score.from.0.comparator: 'below' is not one of bound"),
    (_rule("Kind", comparator="bound"), "variables.Kind.from.0.comparator: `comparator` is for `value: quantity`"),
    (
        _rule("Score", value=None, age_at="case.start"),
        "variables.Score.from.0.age_at: an age is counted from a birth; write `select: birth`",
    ),
    (
        _rules("Score", {"select": "birth", "age_at": "case.birth"}),
        "variables.Score.from.0.age_at: 'case.birth' cannot be read",
    ),
    (_rules("Score", {"select": "birth", "age_at": "variable.Nothing"}), "from.0.age_at: no variable called Nothing"),
    (_bands({"from": 5, "below": 4, "is": "no"}), "variables.Quick.from.0.bands.0: it ends at 4 before it begins at 5"),
    (
        _bands({"below": 40, "is": "no"}, {"from": 30, "is": "yes"}),
        "variables.Quick.from.0.bands.1: bands overlap: numbers from 30 to 40 are both 'no' and 'yes'; write",
    ),
    (
        _bands({"below": 40, "is": "no"}, {"from": 50, "is": "yes"}),
        "variables.Quick.from.0.bands.1: bands leave a gap: numbers from 40 to 50 are neither 'no' nor 'yes'; write",
    ),
    (
        _length("Onset", "Arival", "h"),
        "variables.Score.from.0.duration.to: no variable called Arival; did you mean `Arr",
    ),
    (
        _length("Onset", "Told", "h"),
        "variables.Score.from.0.duration.to: Told must be a variable that stands before it",
    ),
    (_length("Onset", "Quick", "h"), "variables.Score.from.0.duration.to: variable.Quick is no time to count from"),
    (_length("case.star", "Onset", "h"), "variables.Score.from.0.duration.from: 'case.star' cannot be read; write a"),
    (
        _length("Onset", "Arrival", "t"),
        "variables.Score.from.0.duration.unit: 't' is not one of min, h, d, w, cd, mo, y",
    ),
    (
        _rules("Score", {"duration": {"from": "Onset", "to": "Arrival", "unit": "h"}, "value": "quantity"}),
        "variables.Score.from.0: `duration` and `expression` are themselves what a rule gives; remove",
    ),
    (
        _made("Score", "Quick = 'yes'"),
        "variables.Score.from.0.expression: cannot be read from character 7 on; did you mean `==`?",
    ),
    (_made("Score", "Told"), "variables.Score.from.0.expression: Told must be a variable that stands before it; move"),
    (_made("Score", "Quik"), "variables.Score.from.0.expression: no variable called Quik; did you mean `Quick`?"),
    (
        _made("Score", "Quick == 'ja' ? 1 : 2"),
        "variables.Score.from.0.expression: 'ja' is none of the meanings, at character 10; there is `no`",
    ),
    (_made("Score", "Quick"), "variables.Score.from.0.expression: it gives a code, and a number is wanted; see"),
    (
        _made("Both", "Score > 3"),
        "variables.Both.from.0.expression: it may give no, of which `codes` says nothing; add",
    ),
    (
        _made("Both", "Quick"),
        "variables.Both.from.0.expression: it may give no, unknown, of which `codes` says nothing",
    ),
    (
        _rules("Both", {"all": [{"expression": "Score > 3"}], "is": "yes"}),
        "Both.from.0.all: an `expression` is no part",
    ),
    (
        _made("Onset", "Onset"),
        "variables.Onset.from.0.expression: cyclic: Onset → Onset; remove one of these references",
    ),
    (
        lambda whole: (_made("Arrival", "Onset")(whole), _made("Onset", "Arrival")(whole)),
        "variables.Arrival.from.0.expression: cyclic: Arrival → Onset → Arrival; remove one of these references",
    ),
    (
        _check(rule="Score > 'x'"),
        "checks.0.rule: a number is compared with a code, at character 1; see `expression` in",
    ),
    (_check(rule="Score + 1"), "checks.0.rule: it gives a number, and true or false is wanted"),
    (_check(rule="Skore > 1"), "checks.0.rule: no variable called Skore; did you mean `Score`?"),
    (_check(rule="Score >"), "checks.0.rule: cannot be read from character 7 on"),
    (_check(severity="fatal"), "checks.0.severity: 'fatal' is not one of error, warning, note"),
    (_check(variables=["Skore"]), "checks.0.variables.0: no variable called Skore; did you mean `Score`?"),
    (_check(variables=[]), "checks.0.variables: is empty"),
    (_check(name="Not good"), "checks.0.name: String should match pattern"),
    (lambda whole: whole.update(checks=[_SANE, _SANE]), "checks.1.name: two checks are called sane; give each a name"),
    (_rule("Kind", combine={"heart": "hart"}), "variables.Kind.from.0: `codes` has no meaning hart"),
    (_rule("Kind", map=None), "`value: code` needs a `map`"),
    (_rule("Kind", value=None), "a rule that selects says what it gives"),
    (_rule("Kind", **{"is": "heart"}), "a rule gives one of `value`, `age_at` and `is`"),
    (_rule("Score", select="observations"), "variables.Score.from.0.select"),
    (_rule("Score", pick="closest"), "variables.Score.from.0.pick"),
    (_rule("Score", pick={"closest": "case.born"}), "variables.Score.from.0.pick.closest: 'case.born' cannot be read"),
    (_rule("Score", window={"until": "case.start"}), "variables.Score.from.0.window.until: there is no such word here"),
    (_rule("Score", window={"from": "case.start", "after": "case.end"}), "either `from` a moment or `after` it"),
    (_rule("Score", window={"to": "case.start", "before": "case.end"}), "either `to` a moment or `before` it"),
    (_rule("Score", window="at_arrival"), "variables.Score.from.0.window: there is no window called 'at_arrival'"),
    (
        _rule("Score", window={"to": "case.start + 2cm"}),
        "variables.Score.from.0.window.to: 'case.start + 2cm' cannot be read",
    ),
    (
        _rule("Score", window={"to": "variable.Told"}),
        "variables.Score.from.0.window.to: Told must be a variable that stands before it",
    ),
    (
        _rule("Kind", window={"to": "variable.Score"}),
        "variables.Kind.from.0.window.to: variable.Score is no time to count from",
    ),
    (_rule("Kind", window={"to": "case.procedure"}), "case.procedure is for cases that procedures make"),
    (_rule("Kind", pick="max"), "variables.Kind.from.0.pick: `pick: max` chooses among numbers"),
    (_rule("Kind", several="min"), "variables.Kind.from.0.several: `several: min` chooses among numbers"),
    (_rule("Score", pick="worst"), "variables.Score: `worst` needs to know which numbers are worse"),
    (_rule("Score", pick="max", several="min"), "`pick: max` leaves one number; there is nothing for `several` to"),
    (_rule("Score", value="count"), "`value: count` counts all entries; there is nothing to `pick`"),
    (_rule("Score", standing=[]), "variables.Score.from.0.standing: is empty"),
    (
        _rule("Score", standing=["done"]),
        "variables.Score.from.0.standing.0: 'done' is not one of counts, preliminary, entered_in_er",
    ),
    (_rule("Onset", standing=["planned"]), "it has no `codes` and no `standing`"),
    (
        _variable("Diabetes", absent={"is": False, "given": []}),
        "variables.Diabetes.absent.is: YAML reads this word as true or false",
    ),
    (_variable("Diabetes", absent={"is": 0, "given": []}), "`absent` means a number where the variable is one"),
    (
        _rule("Score", window={"from": "case.start - 2 h"}),
        "variables.Score.from.0.window.from: 'case.start - 2 h' cannot be read",
    ),
    (_rule("Insulin", window={"covers": "case.start", "to": "case.end"}), "`covers` stands alone in a window"),
    (_rule("Onset", codes={"icd10": ["I63"]}), "`select: index` takes the case's own events"),
    (_rules("Both", {"all": [], "is": "yes"}), "`all` needs at least one part"),
    (_rules("Both", {"all": [_DEATH]}), "`all` needs at least one part, and says what it gives"),
    (
        _rules("Both", {"select": "death", "is": True}),
        "variables.Both.from.0.is: YAML reads this word as true or false",
    ),
]


@pytest.mark.parametrize(("change", "text"), WRONG, ids=[text[:60] for _, text in WRONG])
def test_a_wrong_definition_names_the_place(
    change: Callable[[dict[str, Any]], object], text: str, write: Write
) -> None:
    path = write(_text(change))
    with pytest.raises(DefinitionError, match=re.escape(text)) as raised:
        load_definition(path)
    assert all(re.match(rf"{re.escape(str(path))}:\d+: ", line) for line in str(raised.value).splitlines())


def test_every_mistake_is_told_at_once(write: Write) -> None:
    with pytest.raises(DefinitionError) as raised:
        load_definition(write(_text(lambda whole: whole.update(version="one", status="x", more=1))))
    assert len(str(raised.value).splitlines()) == 3


def test_the_definition_of_these_tests_is_right(write: Write) -> None:
    assert load_definition(write(_text(lambda _: None))) == Definition.model_validate(plans.data())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("registry: x\n  version: 1", "line 2, column 10"),
        ("registry: [a, b\nversion: 1", "line 2, column 8"),
        ("a: 1\nb: {c: 1, c: 2}", "line 2, column 11: 'c' stands here twice"),
        ("a: 1\na: 1", "line 2, column 1: 'a' stands here twice"),
        ("a: \x07", "special characters"),
        ("a: 2026-02-30", "day"),
        ("a: !!python/object:os.system {}", "line 1, column 4"),
        ("just text", "the file: has no words under it"),
    ],
)
def test_what_is_not_yaml_names_line_and_column(text: str, told: str, write: Write) -> None:
    with pytest.raises(DefinitionError, match=told):
        load_definition(write(text))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"none\.yaml: cannot be read"):
        load_definition(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("label: Kjønn".encode("latin-1"))
    with pytest.raises(DefinitionError, match=r"latin\.yaml: cannot be read"):
        load_definition(tmp_path / "latin.yaml")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "variables.yaml",
            "  list: yes-no",
            "  list: no-yes",
            r"variables.yaml:\d+: deceased.list: there is no list 'no-yes'; there is `yes-no`",
        ),
        ("variables.yaml", "  type: code", "  type: kode", r"variables.yaml:\d+: sex.type: 'kode' is not one of code"),
        (
            "variables.yaml",
            "  type: code",
            "  unity: x",
            r"variables.yaml:\d+: sex.unity: there is no such word here; did you mean `unit`",
        ),
        ("lists.yaml", "nb: Ja, ", "", r"lists.yaml:\d+: yes-no.yes.nb: `nb` is missing"),
        ("sets.yaml", "icd10: [I69]", "icd10: {I69: 1}", r"sets.yaml:\d+: stroke-history.icd10"),
        ("maps/sex.yaml", "target: sex", "target: gender", r"sex.yaml: target: the catalogue has no variable 'gender'"),
        ("maps/sex.yaml", "to: male", "to: man", r"sex.yaml: row 1: sex has no value 'man'"),
        ("maps/sex.yaml", "authors:", "author:", r"sex.yaml:\d+: authors: `authors` is missing"),
        ("maps/sex.yaml", "to: male", "to: male, status: ok", r"sex.yaml:\d+: rows.0.status: 'ok' is not one of draft"),
    ],
)
def test_a_wrong_catalogue_names_the_place(name: str, old: str, new: str, told: str, tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    shutil.copytree(Path(catalogue_folder.__file__).parent, folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=told):
        load_catalogue(folder)


def test_a_missing_file_of_the_catalogue_is_named(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"lists\.yaml: cannot be read"):
        load_catalogue(tmp_path)


# what ships


@pytest.mark.parametrize("slug", SLUGS)
def test_a_shipped_definition_compiles_against_the_example_release(slug: str, snomed: Snomed) -> None:
    catalogue = load_catalogue()
    definition = load_definition(DEFINITIONS / slug / f"{slug}.yaml")
    plan = compile_plan(definition, catalogue, snomed, "example")
    assert definition.registry == slug
    assert plan.selectors[plan.index].codes
    for selector in plan.selectors:
        assert selector.codes is None or selector.codes.exact or selector.codes.prefixes
    maps = [rule.map for variable in plan.variables for rule in variable.rules if rule.map]
    assert maps
    assert all(codes.exact or codes.prefixes for one in maps for _, codes in one.rows)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_shipped_definition_means_what_its_normed_variables_mean(slug: str) -> None:
    catalogue = load_catalogue()
    for name, variable in load_definition(DEFINITIONS / slug / f"{slug}.yaml").variables.items():
        normed = catalogue.variables[variable.normed]
        alike = ({"date", "datetime"}, {"integer", "decimal"})
        assert variable.type == normed.type or {variable.type, normed.type} in alike, name


@pytest.mark.parametrize("slug", SLUGS)
def test_the_readme_and_the_definition_have_the_same_variables(slug: str) -> None:
    text = (DEFINITIONS / slug / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.split("| variable |")[1].splitlines()[2:] if line.startswith("|")]
    told = [name.strip() for row in rows for name in row.split(",")]
    assert told == list(load_definition(DEFINITIONS / slug / f"{slug}.yaml").variables)


def test_every_set_of_the_catalogue_is_one_that_compiles(snomed: Snomed) -> None:
    for name, spec in load_catalogue().sets.items():
        try:
            found = compile_codes(spec, snomed)
        except (ValueSetError, EclError) as error:
            pytest.fail(f"{name}: {error}")
        assert found.exact or found.prefixes, name


# the registries' own lists of variables


def _codebook(shared: Path, name: str) -> list[dict[str, str]]:
    path = shared / "data" / "norway" / "derived" / name
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.shared
def test_noric_has_every_variable_of_its_codebook_with_the_same_codes(shared: Path) -> None:
    variables = load_definition(DEFINITIONS / "noric" / "noric.yaml").variables
    rows = _codebook(shared, "noric_32_variables.csv")
    assert [row["variabel_id"] for row in rows] == list(variables)
    for row in rows:
        variable = variables[row["variabel_id"]]
        codes = {int(part.split("=")[0]) for part in row["listeverdier"].split("; ") if part}
        assert set(variable.codes or ()) == codes, row["variabel_id"]
        assert variable.obligatory == (row["obligatorisk"] == "Ja"), row["variabel_id"]
        assert (variable.type in ("date", "datetime")) == (row["type"] == "Datovariabel"), row["variabel_id"]
        if row["maks_min"]:
            assert variable.range, row["variabel_id"]
            assert variable.range.hard == (float(row["maks_min"]), float(row["maks_maks"])), row["variabel_id"]


def _stroke_rows(shared: Path) -> dict[str, dict[str, str]]:
    """The rows of the stroke table by each variable that they name; two that share a row may have a list each."""
    found = {}
    for row in _codebook(shared, "hjerneslag_36_variables.csv"):
        names, lists = re.split(r"\s*[/;]\s*", row["variabel"]), row["codes"].split(" / ")
        for number, name in enumerate(names):
            found[name] = row | {"codes": lists[number] if len(lists) == len(names) else row["codes"]}
    return found


def _listed(text: str) -> set[int]:
    """The numbers that a list of codes names: `1=Ja;2=Nei`, `1/2/9`, `1,3=ja`, `0-5`, `-1,1..6`."""
    found: set[int] = set()
    for part in re.split(r"[;/,]", re.sub(r"=[^;,]*", "", re.sub(r"\(.*?\)", "", text))):
        first, _, last = re.sub(r"(?<=\d)-", "..", part.strip()).partition("..")
        found |= set(range(int(first), int(last or first) + 1))
    return found


@pytest.mark.shared
def test_hjerneslag_has_every_variable_of_its_codebook_with_the_same_type_and_codes(shared: Path) -> None:
    variables = load_definition(DEFINITIONS / "hjerneslag" / "hjerneslag.yaml").variables
    rows = _stroke_rows(shared)
    assert set(rows) == set(variables)
    for name, row in rows.items():
        variable = variables[name]
        assert (variable.type == "datetime") == (row["type"] == "datetime"), name
        if variable.type == "code":
            wanted = {0, 1} if row["type"].startswith("boolean") else _listed(row["codes"])
            assert set(variable.codes or ()) == wanted, name
        elif variable.type == "integer":
            assert variable.range, name
            assert set(range(int(variable.range.hard[0]), int(variable.range.hard[1]) + 1)) == _listed(row["codes"])


#: What the codes of lists stand for that are more than yes, no and unknown. The registries number them each in its way.
_MEANT = {
    "Slagdiagnose": {1: "haemorrhage", 2: "infarction", 3: "unspecified"},
    "Transportmetode": {1: "ambulance", 2: "air-ambulance", 3: "combined", 4: "other"},
    "BevissthetsgradInnleggelse": {0: "alert", 1: "minor-stimulation", 2: "repeated-stimulation", 3: "unresponsive"},
    "BoligforholdPre": {1: "home-alone", 2: "home-with-help", 3: "sheltered", 4: "nursing-home"},
    "SivilstatusPre": {1: "partner", 2: "widowed", 3: "single"},
    "RoykerPre": {0: "never", 1: "current", 2: "former"},
    "BildediagnostikkHjerne": {1: "none", 2: "ct", 3: "mri", 4: "ct-mri", 5: "other"},
    "RegistreringHjerterytme": {1: "none", 2: "ecg", 3: "telemetry", 4: "holter", 5: "combined"},
    "AvdForstInnlagt": {1: "stroke-unit"},
    "UtskrTil": {10: "dead"},
    "PATIENT_GENDER": {1: "male", 2: "female"},
    "REGANGIO_REGTYP": {1: "angiography", 2: "pci", 3: "both"},
    "REGANGIO_SMOKING_STATUS": {0: "never", 1: "former", 2: "current"},
    "REGANGIO_HISTORY_OF_CHF": {0: "normal", 2: "mild", 3: "moderate", 4: "severe", 5: "unknown-grade"},
    "REGANGIO_INDIKATION": {1: "stable", 2: "unstable-angina", 3: "nstemi", 4: "stemi", 5: "stemi-late", 99: "other"},
    "REGANGIO_REPERTREATMENT": {0: "none", 2: "prehospital", 3: "other-hospital", 4: "pci-hospital"},
    "REGANGIO_TYPE_THROMB_THERAPY_ADM": {1: "streptokinase", 2: "alteplase", 3: "reteplase", 4: "tenecteplase"},
    "REGANGIO_PUNKT": {1: "femoral", 2: "radial", 3: "brachial", 4: "axillary", 5: "radial-right", 6: "radial-left"},
    "REGANGIO_FYND": {0: "inconclusive", 1: "normal", 2: "one-vessel", 5: "main-one", 8: "main"},
}


@pytest.mark.parametrize("slug", SLUGS)
def test_codes_stand_for_what_the_codebooks_say(slug: str) -> None:
    for name, variable in load_definition(DEFINITIONS / slug / f"{slug}.yaml").variables.items():
        codes, meant = variable.codes or {}, _MEANT.get(name, {})
        assert {code: codes[code] for code in meant} == meant, name


#: Words of the codebooks for what yes/no lists say, in one registry 0/1/9 and in the other 1/2/9.
_SAID = {"ja": "yes", "nei": "no", "ukjent": "unknown"}


@pytest.mark.shared
@pytest.mark.parametrize("slug", SLUGS)
def test_yes_no_and_unknown_have_the_codes_of_the_codebook(slug: str, shared: Path) -> None:
    variables, compared = load_definition(DEFINITIONS / slug / f"{slug}.yaml").variables, 0
    told = {name: row["codes"] for name, row in _stroke_rows(shared).items()}
    if slug == "noric":
        told = {row["variabel_id"]: row["listeverdier"] for row in _codebook(shared, "noric_32_variables.csv")}
    for name, listed in told.items():
        text = "1=Ja;2=Nei;9=Ukjent" if listed == "1/2/9" else listed
        for code, word in re.findall(r"(\d+)=(\w+)(?=;|$)", text):
            meaning = (variables[name].codes or {}).get(int(code))
            if word.casefold() in _SAID and {"yes", "no"} <= set((variables[name].codes or {}).values()):
                compared += 1
                assert str(meaning).removesuffix("-in-trial") == _SAID[word.casefold()], (name, code)
            if word.casefold() == "ukjent":
                assert meaning in {"unknown", "place-unknown"}, name
    assert compared >= 25
