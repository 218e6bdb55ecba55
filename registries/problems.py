"""What is wrong with a file that people wrote: where it stands, why, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails

#: The way from the top of a file to a place in it: names of keys, and numbers of list items from 0.
Place = tuple[str | int, ...]

REFERENCE: Final = "docs/definition-language.md"
#: How a word is written, by the word: shown when what stands there has another form.
_FORMS: Final = {
    "registry": "small letters, digits and -, such as `hip-fracture`",
    "[key]": "a name of letters, digits and _ that begins with a letter, such as `Slagdiagnose`",
    **dict.fromkeys(
        ("from", "after", "to", "before", "covers", "closest", "age_at"), "a moment, such as `case.start - 28d`"
    ),
    **dict.fromkeys(("same_case_within", "gap"), "a duration, such as `28d` or `6h`"),
}
#: How a word that is missing is written.
_MISSING: Final = {
    **dict.fromkeys(("label", "title"), "`{}: {{nb: …, en: …}}`"),
    "case": "`case: {{select: condition, codes: …, start: stay, same_case_within: 28d}}`",
    "message": '`message: {{type: …, receiver: …, her_id: "…"}}`',
    "normed": "`normed: NAME`, a variable of the catalogue",
    "automation": "`automation: automatic`, `proposed` or `manual`",
    "type": "`type: code`, `integer`, `decimal`, `date` or `datetime`",
    "status": "`status: draft`",
    "version": "`version: 1`",
}
#: What pydantic expects, by its name for the problem.
_EXPECTED: Final = {
    "int_parsing": "write a whole number, such as 1",
    "int_type": "write a whole number, such as 1",
    "int_from_float": "write a whole number, such as 1",
    "float_parsing": "write a number, such as 1 or 0.5 (with a point)",
    "float_type": "write a number, such as 1 or 0.5 (with a point)",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "string_type": 'write a text; what YAML reads as a number or yes/no stands in quotes: "9", "yes"',
    "list_type": "write a list: [a, b]",
    "dict_type": "write words with values under each other, or {word: value}",
    "model_type": "write words with values under each other, or {word: value}",
    "too_short": "write at least one",
    "too_long": "write two: [from, to]",
    "tuple_type": "write two: [from, to]",
    "greater_than_equal": "write a number that is not less",
    "greater_than": "write a greater number",
    "finite_number": "write a number, such as 1 or 0.5 (with a point)",
    "invalid_key": "put it in quotes, or correct it",
}
#: What is wrong, by pydantic's name for the problem, where its own words are those of programmers.
_CAUSES: Final = {
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float"), "is no whole number"),
    **dict.fromkeys(("float_parsing", "float_type", "finite_number"), "is no number"),
    **dict.fromkeys(("bool_parsing", "bool_type"), "is neither true nor false"),
    **dict.fromkeys(("dict_type", "model_type"), "has no words under it"),
    "string_type": "is no text",
    "list_type": "is no list",
    "tuple_type": "is no list of two",
    "too_short": "is empty",
    "invalid_key": "is no word",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place of a file, and what to do about it."""

    place: Place
    cause: str
    suggestion: str

    def under(self, place: Place) -> Problem:
        """The same, seen from further out."""
        return Problem(place + self.place, self.cause, self.suggestion)

    def told(self) -> str:
        """`place: cause; suggestion`."""
        where = f"{dotted(self.place)}: " if self.place else ""
        return where + "; ".join(filter(None, (self.cause, self.suggestion)))


@dataclass(frozen=True, slots=True)
class Mistake:
    """A problem as it is told: line (from 1), place (`variables.NIHSS.from.0.codes`), cause and suggestion."""

    line: int
    place: str
    cause: str
    suggestion: str

    def told(self, path: Path | str) -> str:
        """One line for people: `file:line: place: cause; suggestion`."""
        return f"{path}:{self.line}: {self.place}: {self.cause}" + (f"; {self.suggestion}" if self.suggestion else "")


class Refused(ValueError):
    """Parts of a file that are right each by itself, but not together; `problems` says which, from where they stand."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" | ".join(problem.told() for problem in self.problems))


class Written(BaseModel):
    """A part of a file that people write. What its words must be together, its `problems` say: all, not only the first.

    Raises:
        ValidationError: as pydantic does; with `Refused` as the cause where there are `problems`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the part as a whole, though each word is right."""
        yield from ()

    @model_validator(mode="after")
    def _sound(self) -> Written:
        if found := tuple(self.problems()):
            raise Refused(found)
        return self


def did_you_mean(word: str, words: Iterable[str], otherwise: str = "") -> str:
    """The word of `words` (or several) that is likest what was written, as a question; else all of them if they are
    few, else `otherwise`."""
    known = sorted(set(words))
    folded = {name.casefold(): name for name in reversed(known)}
    meant = get_close_matches(word.casefold(), folded, n=1)
    if meant:
        return f"did you mean `{folded[meant[0]]}`?"
    if known and len(known) <= 9:
        return f"there is {', '.join(f'`{name}`' for name in known)}"
    return otherwise


def of_pydantic(problem: ErrorDetails, words: Collection[str]) -> Iterator[Problem]:
    """Pydantic's problem in our words. One problem is several where a part's words do not go together."""
    place = tuple(problem["loc"])
    refused = problem.get("ctx", {}).get("error")
    if isinstance(refused, Refused):
        yield from (one.under(place) for one in refused.problems)
    else:
        yield Problem(place, *_told(problem, words))


def _told(problem: ErrorDetails, words: Collection[str]) -> tuple[str, str]:
    word = next((part for part in reversed(problem["loc"]) if isinstance(part, str)), "")
    given = str(problem.get("input"))
    match problem["type"]:
        case "extra_forbidden":
            return "there is no such word here", did_you_mean(word, words, f"see {REFERENCE}")
        case "missing" if isinstance(problem["loc"][-1], int):
            return "here are two", "write two: [from, to]"
        case "missing":
            return f"`{word}` is missing", "write " + _MISSING.get(word, "`{}: …`").format(word)
        case "literal_error" | "enum" if "expected" in problem.get("ctx", {}):
            expected = re.findall(r"'([^']*)'", str(problem["ctx"]["expected"]))
            listed = ", ".join(expected)
            return f"{given!r} is not one of {listed}", _chosen(given, expected)
        case "string_pattern_mismatch" if word in _FORMS:
            return f"{given!r} cannot be read", f"write {_FORMS[word]}"
    cause, _, suggestion = problem["msg"].removeprefix("Value error, ").partition("; ")
    cause = _CAUSES.get(problem["type"], cause)
    return cause, suggestion or _EXPECTED.get(problem["type"]) or look_up(cause, word)


def _chosen(given: str, expected: Collection[str]) -> str:
    meant = did_you_mean(given, expected)
    return meant if meant.startswith("did") else "choose one of these"


def look_up(cause: str, word: str = "") -> str:
    """Where to read on: the word that the cause names first, else the one it stands at."""
    named = re.search(r"`(\w+)", cause)
    about = named[1] if named else word
    return f"see `{about}` in {REFERENCE}" if about else f"see {REFERENCE}"


def explain(path: Path, error: ValidationError, words: Collection[str]) -> str:
    """Pydantic's problems as one line each: file and line, path to the field, what is wrong."""
    found = [one for problem in error.errors(include_url=False) for one in of_pydantic(problem, words)]
    return told(path, found)


def told(path: Path, problems: Iterable[Problem]) -> str:
    """Problems of a YAML file as one line each."""
    return "\n".join(mistake.told(path) for mistake in placed(path.read_text(encoding="utf-8"), problems))


def placed(text: str, problems: Iterable[Problem]) -> tuple[Mistake, ...]:
    """Problems with their lines in a YAML text, each once, from its top to its end."""
    root = yaml.compose(text, yaml.SafeLoader)
    found = (Mistake(_line(root, one.place), dotted(one.place), one.cause, one.suggestion) for one in problems)
    return tuple(sorted(dict.fromkeys(found), key=lambda mistake: mistake.line))


def said(cause: str, suggestion: str = "", *place: str | int) -> Problem:
    """A problem, with where to read on where nothing better can be suggested."""
    return Problem(place, cause, suggestion or look_up(cause))


def dotted(place: Place) -> str:
    """A place as people read it."""
    return ".".join(str(part) for part in place if part != "[key]") or "the file"


def _line(root: yaml.Node | None, place: Place) -> int:
    """The line of the deepest part of the path that stands in the file: what is missing is missing there."""
    node, line = root, 1
    for part in place:
        inside = _inside(node, part)
        if inside is None:
            continue  # pydantic names the branch of a union that it tried
        node, line = inside
    return line


def _inside(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part].start_mark.line + 1
    return None
