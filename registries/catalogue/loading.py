"""Reads a catalogue's files. Everything wrong in a file is told at once, each with its line and what was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from registries.catalogue.content import Catalogue, newest
from registries.catalogue.variable import NormedVariable, Words
from registries.definition import WORDS, DefinitionError, load_yaml
from registries.problems import Place, Problem, did_you_mean, explain, placed, told
from registries.reading import read
from registries.reading_yaml import yaml_data
from registries.substances import Substance
from terminology.maps import MapRow, MapSet, Relation

T = TypeVar("T")
_HERE = Path(__file__).parent
_Codes = dict[str, str | list[str]]
_Lists = dict[str, dict[str, Words]]
_Versions = dict[str, tuple[NormedVariable, ...]]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    codes: _Codes
    to: str
    relation: Relation = "equivalent"
    status: Literal["draft", "approved", "rejected"] = "approved"


class _Map(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    version: int
    target: str
    authors: list[str]
    approved: str
    rows: list[_Row]


def load_catalogue(folder: Path = _HERE) -> Catalogue:
    """Read `lists.yaml`, `variables.yaml`, `sets.yaml` and `maps/*.yaml`; if there, `defaults.yaml`, `substances.yaml`.

    In `variables.yaml` a name has one version, or a list of them. What `defaults.yaml` says holds for every version
    that does not say otherwise.

    Raises:
        DefinitionError: a file is missing or wrong; each line of the text names the file and the place in it.
    """
    lists = _read(folder / "lists.yaml", _Lists)
    versions = _variables(folder / "variables.yaml", lists, _defaults(folder / "defaults.yaml"))
    variables = {name: chosen for name, several in versions.items() if (chosen := newest(several)) is not None}
    catalogue = Catalogue(variables, _read(folder / "sets.yaml", dict[str, _Codes]), {}, versions)
    maps = {path.stem: _map(path, catalogue) for path in sorted((folder / "maps").glob("*.yaml"))}
    return Catalogue(variables, catalogue.sets, maps, versions, _substances(folder / "substances.yaml"))


def _substances(path: Path) -> dict[str, Substance]:
    return _read(path, dict[str, Substance]) if path.is_file() else {}


def _defaults(path: Path) -> dict[str, object]:
    return _read(path, dict[str, object]) if path.is_file() else {}


def _variables(path: Path, lists: _Lists, defaults: Mapping[str, object]) -> _Versions:
    """All versions of all variables, in order of their numbers.

    Raises:
        DefinitionError: with every problem of the file.
    """
    found, problems = _versions(_read(path, dict[str, object]), lists, defaults)
    problems += _replacements(found)
    if problems:
        raise DefinitionError(told(path, problems))
    return found


def read_edited(
    text: str, name: str, catalogue: Catalogue, kept: _Versions | None = None, folder: Path = _HERE
) -> dict[str, list[NormedVariable]]:
    """Versions of normed variables as somebody edited them: a text like `variables.yaml`, held against the catalogue's
    files and the versions that were `kept` before.

    Raises:
        DefinitionError: with every mistake, each with `name`, line, cause and suggestion.
    """
    written = yaml_data(text, name)
    if not isinstance(written, dict) or not written:
        raise DefinitionError(f"{name}:1: the file: has no variables; write `NAME:` and what it is below")
    lists, defaults = _read(folder / "lists.yaml", _Lists), _defaults(folder / "defaults.yaml")
    found, problems = _versions({str(one): given for one, given in written.items()}, lists, defaults)
    if not problems:
        beside = {one: _over(kept or {}, found, one) for one in {**(kept or {}), **found}}
        problems = [Problem(one.place[:1], one.cause, one.suggestion) for one in _joined(catalogue, beside)[1]]
    if problems:
        raise DefinitionError("\n".join(mistake.told(name) for mistake in placed(text, problems)))
    return {one: [*several] for one, several in found.items()}


def _over(kept: _Versions, found: _Versions, name: str) -> tuple[NormedVariable, ...]:
    """The versions of a variable that were kept, those found now in their place."""
    every = {one.version: one for one in (*kept.get(name, ()), *found.get(name, ()))}
    return tuple(every[number] for number in sorted(every))


def _versions(
    written: Mapping[str, object], lists: _Lists, defaults: Mapping[str, object]
) -> tuple[_Versions, list[Problem]]:
    """Variables with their versions, and what is wrong in each by itself."""
    found: _Versions = {}
    problems: list[Problem] = []
    for name, given in written.items():
        several = given if isinstance(given, list) else [given]
        made: list[NormedVariable] = []
        problems += [] if several else [Problem((name,), "has no version", "describe one, or remove the name")]
        for number, one in enumerate(several):
            place: Place = (name, number) if isinstance(given, list) else (name,)
            variable, wrong = read(NormedVariable, {**defaults, **one} if isinstance(one, dict) else one)
            wrong = wrong or tuple(_beside_its_list(variable, lists))
            problems += [problem.under(place) for problem in wrong]
            made += [_filled(variable, lists)] if not wrong else []
        problems += _order(name, made)
        found[name] = tuple(sorted(made, key=lambda one: one.version))
    return found, problems


def _filled(variable: NormedVariable, lists: _Lists) -> NormedVariable:
    """The variable with the values of its list."""
    return variable if variable.list is None else variable.model_copy(update={"values": lists[variable.list]})


def _beside_its_list(variable: NormedVariable, lists: _Lists) -> Iterator[Problem]:
    """A list that is not there, and words that name a value that is not in it."""
    if variable.list is not None and variable.list not in lists:
        yield Problem(("list",), f"there is no list {variable.list!r}", did_you_mean(variable.list, lists))
        return
    values = variable.values if variable.list is None else lists[variable.list]
    named: list[tuple[Place, str]] = []
    if variable.missing and variable.missing.unknown is not None:
        named.append((("missing", "unknown"), variable.missing.unknown))
    if variable.value_list:
        named += [(("value_list", "codes", meaning), meaning) for meaning in variable.value_list.codes]
    for place, meaning in named:
        if meaning not in values:
            yield Problem(place, f"it has no value {meaning!r}", did_you_mean(meaning, values, "add it to `values`"))


def _order(name: str, versions: Sequence[NormedVariable]) -> Iterator[Problem]:
    """Numbers that go upwards, and days on which at most one published version is valid."""
    for number, (before, after) in enumerate(pairwise(versions), start=1):
        if after.version <= before.version:
            cause = f"version {after.version} stands after {before.version}"
            yield Problem((name, number, "version"), cause, "the first version stands first, and each number once")
    published = [one for one in versions if one.status == "published"]
    for before, after in pairwise(published):
        if before.valid_to is None or after.valid_from is None or after.valid_from <= before.valid_to:
            yield Problem(
                (name, versions.index(after), "valid_from"),
                f"versions {before.version} and {after.version} are valid at the same time",
                f"give version {before.version} a `valid_to` before the `valid_from` of version {after.version}",
            )


def _replacements(found: _Versions) -> Iterator[Problem]:
    """What replaces a variable exists, and no chain of replacements comes back to where it began."""
    catalogue = Catalogue({name: several[-1] for name, several in found.items() if several}, {}, {}, found)
    for name, several in found.items():
        for number, one in enumerate(several):
            if one.replaced_by is None:
                continue
            place: Place = (name, number, "replaced_by")
            if catalogue.find(one.replaced_by) is None:
                near = did_you_mean(one.replaced_by.partition("@")[0], found)
                yield Problem(place, f"there is no variable {one.replaced_by!r}", near)
            elif (chain := _circle(catalogue, f"{name}@{one.version}")) is not None:
                cause = f"the replacements go in a circle: {' → '.join(chain)}"
                yield Problem(place, cause, "the variable that is used now has no `replaced_by`")


def _circle(catalogue: Catalogue, reference: str) -> tuple[str, ...] | None:
    """The chain from a version back to itself, if there is one."""
    start, chain = catalogue.find(reference), [reference]
    for after in catalogue.successors(reference):
        chain.append(after)
        if catalogue.find(after) is start:
            return tuple(chain)
    return None


def with_edited(catalogue: Catalogue, edited: Mapping[str, Sequence[NormedVariable]]) -> Catalogue:
    """The catalogue with versions that were edited elsewhere (in the service) beside those of its files.

    Raises:
        DefinitionError: a version is there already with another content, or versions do not fit together.
    """
    versions, problems = _joined(catalogue, edited)
    if problems:
        raise DefinitionError("\n".join(problem.told() for problem in problems))
    variables = {name: chosen for name, several in versions.items() if (chosen := newest(several)) is not None}
    return replace(catalogue, variables=variables, versions=versions)


def _joined(
    catalogue: Catalogue, edited: Mapping[str, Sequence[NormedVariable]]
) -> tuple[dict[str, tuple[NormedVariable, ...]], list[Problem]]:
    """All versions, and what does not fit together in them."""
    versions = {name: catalogue.history(name) for name in catalogue.names}
    problems: list[Problem] = []
    for name, several in edited.items():
        before = {one.version: one for one in versions.get(name, ())}
        changed = [one for one in several if _content(before.get(one.version, one)) != _content(one)]
        problems += [_changed(name, one) for one in changed]
        every = {one.version: one for one in several} | before
        versions[name] = tuple(every[number] for number in sorted(every))
        problems += _order(name, versions[name])
    problems += _replacements(versions)
    return versions, problems


def _content(variable: NormedVariable) -> object:
    """What a version says; whether its values come from a named list is a matter of its file."""
    return variable.model_dump(exclude={"list"})


def _changed(name: str, variable: NormedVariable) -> Problem:
    cause = f"version {variable.version} is in the catalogue's files, and says something else there"
    return Problem((name,), cause, "a change is a new version")


def _map(path: Path, catalogue: Catalogue) -> MapSet:
    written = _read(path, _Map)
    target = catalogue.find(written.target)
    if target is None:
        raise DefinitionError(f"{path}: target: the catalogue has no variable {written.target!r}")
    for number, row in enumerate(written.rows, start=1):
        if row.to not in target.values:
            raise DefinitionError(f"{path}: row {number}: {written.target} has no value {row.to!r}")
    rows = tuple(
        MapRow(number, row.codes, row.to, row.relation, row.status) for number, row in enumerate(written.rows, start=1)
    )
    return MapSet(path.stem, written.version, rows, tuple(written.authors), written.approved)


def _read(path: Path, shape: type[T]) -> T:
    try:
        return TypeAdapter(shape).validate_python(load_yaml(path))
    except ValidationError as error:
        raise DefinitionError(explain(path, error, WORDS)) from error
