"""Everything that is wrong in a definition file, told at once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from registries.catalogue import Catalogue
from registries.definition import Definition, DefinitionError, load_yaml
from registries.plan import binding_problems
from registries.problems import Mistake, placed
from registries.reading import read
from terminology.valuesets import Snomed

_YAML_LINE: Final = re.compile(r"^line (\d+), ")


def mistakes_of(path: Path, catalogue: Catalogue, snomed: Snomed) -> tuple[Mistake, ...]:
    """All mistakes of a definition file, from its top to its end; () where it can be used.

    A file that is not YAML has one: where reading stopped. Parts that cannot be read are left out of later checks.
    """
    try:
        data = load_yaml(path)
    except DefinitionError as error:
        return (_not_yaml(str(error).removeprefix(f"{path}: ")),)
    definition, problems = read(Definition, data)
    bound = binding_problems(definition, catalogue, snomed)
    return placed(path.read_text(encoding="utf-8"), (*problems, *bound))


def _not_yaml(cause: str) -> Mistake:
    line = _YAML_LINE.match(cause)
    hint = next((hint for sign, hint in _HINTS.items() if sign in cause), _OPEN)
    return Mistake(int(line[1]) if line else 1, "the file", cause, hint)


_OPEN: Final = "a list or a text in quotes is open, or a line is not indented as its neighbours are"
#: What to do about a file that is no YAML, by what the reader says of it.
_HINTS: Final = {
    "stands here twice": "rename or remove one of the two",
    "cannot be read: ": "save it as UTF-8 in a place that can be read",
    "'\\t'": "indent with spaces, not with tabs",
    "alias": "a text that begins with * stands in quotes",
    "tag": "a text that begins with ! stands in quotes",
    "special characters": "remove the character, which cannot be seen in an editor",
    "is no day": "write a day that exists, or put the text in quotes",
    "another document": "remove the line ---",
    "too deep": "a definition needs no more than ten levels",
    "for merging": "write the words out instead of <<",
    "a list or a part": "write a word before the colon",
}
