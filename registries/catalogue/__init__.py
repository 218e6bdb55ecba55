"""The national catalogue: normed variables, named sets of codes and maps, as YAML files beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from registries.definition import WORDS, Text, load_yaml
from registries.definition import DefinitionError as DefinitionError
from registries.problems import explain
from terminology.maps import MapRow, MapSet, Relation

T = TypeVar("T")
_CONFIG = ConfigDict(extra="forbid", frozen=True)
_HERE = Path(__file__).parent
_Codes = dict[str, str | list[str]]


class NormedVariable(BaseModel):
    """What a variable means, once for all registries. `values` are its permitted meanings by name, with labels."""

    model_config = _CONFIG
    version: int = 1
    label: Text
    definition: Text
    type: Literal["code", "integer", "decimal", "date", "datetime"]
    unit: str = ""
    values: dict[str, Text] = Field(default_factory=dict)
    list: str | None = None


class _Row(BaseModel):
    model_config = _CONFIG
    codes: _Codes
    to: str
    relation: Relation = "equivalent"
    status: Literal["draft", "approved", "rejected"] = "approved"


class _Map(BaseModel):
    model_config = _CONFIG
    version: int
    target: str
    authors: list[str]
    approved: str
    rows: list[_Row]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Normed variables, sets of codes and map sets by name."""

    variables: Mapping[str, NormedVariable]
    sets: Mapping[str, _Codes]
    maps: Mapping[str, MapSet]

    def fingerprint(self) -> list[object]:
        """Plain data that differs when any content differs."""
        variables = {name: variable.model_dump() for name, variable in self.variables.items()}
        return [variables, dict(self.sets), dict(self.maps)]


def load_catalogue(folder: Path = _HERE) -> Catalogue:
    """Read `variables.yaml`, `sets.yaml` and `maps/*.yaml`.

    Raises:
        DefinitionError: a file is missing or wrong; the text names the file and the place in it.
    """
    lists = _read(folder / "lists.yaml", dict[str, dict[str, Text]])
    written = _read(folder / "variables.yaml", dict[str, NormedVariable])
    variables = {name: _with_list(folder, name, variable, lists) for name, variable in written.items()}
    return Catalogue(
        variables=variables,
        sets=_read(folder / "sets.yaml", dict[str, _Codes]),
        maps={path.stem: _map(path, variables) for path in sorted((folder / "maps").glob("*.yaml"))},
    )


def _with_list(
    folder: Path, name: str, variable: NormedVariable, lists: Mapping[str, dict[str, Text]]
) -> NormedVariable:
    if variable.list is None:
        return variable
    if variable.list not in lists:
        raise DefinitionError(f"{folder / 'variables.yaml'}: {name}.list: there is no list {variable.list!r}")
    return variable.model_copy(update={"values": lists[variable.list]})


def _map(path: Path, variables: Mapping[str, NormedVariable]) -> MapSet:
    written = _read(path, _Map)
    if written.target not in variables:
        raise DefinitionError(f"{path}: target: the catalogue has no variable {written.target!r}")
    for number, row in enumerate(written.rows, start=1):
        if row.to not in variables[written.target].values:
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
