"""What a rule gives must be what its variable holds, and what the entries that it selects have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from registries.entry import Kind
from registries.problems import Problem, said

if TYPE_CHECKING:
    from registries.definition import Definition, Rule

_CODE, _NUMBER, _TIME = "a code", "a number", "a time"
_HOLDS: Final = {"code": _CODE, "integer": _NUMBER, "decimal": _NUMBER, "date": _TIME, "datetime": _TIME}
_GIVES: Final = {
    **dict.fromkeys(("code", "answer", "site"), _CODE),
    **dict.fromkeys(("quantity", "count"), _NUMBER),
    **dict.fromkeys(("start", "end", "answer_time"), _TIME),
}
_INSTEAD: Final = {
    _CODE: "write `type: code` with `codes`, or choose another `value`",
    _NUMBER: "write `type: integer` or `decimal`, or `bands` that turn numbers into meanings",
    _TIME: "write `type: datetime` or `date`, or `is` with a meaning",
}
_ANSWERED: Final = frozenset({Kind.OBSERVATION, Kind.ANSWER})
#: The kinds of entries that have what is asked for; what is not named here, all have.
_HAVE: Final[Mapping[str, frozenset[Kind]]] = {
    "quantity": _ANSWERED,
    "answer_time": _ANSWERED,
    "answer": _ANSWERED | {Kind.STAY, Kind.FAMILY_HISTORY},
    "site": frozenset({Kind.PROCEDURE}),
}
_CALLED: Final = {"quantity": "number", "answer_time": "time as its answer", "answer": "answer", "site": "site"}


def giving_problems(definition: Definition) -> Iterator[Problem]:
    """Rules that give what their variable cannot hold, or ask entries for what these never have."""
    index = getattr(getattr(definition, "case", None), "select", None)
    for name, variable in definition.variables.items():
        for number, rule in enumerate(variable.from_):
            found = [*_misfits(rule, getattr(variable, "type", "")), *_never_there(rule, index)]
            yield from (one.under(("variables", name, "from", number)) for one in found)


def _misfits(rule: Rule, held: str) -> Iterator[Problem]:
    word, gives = _given(rule)
    if held in _HOLDS and gives and gives != _HOLDS[held]:
        yield said(f"`{word}` gives {gives}, and a variable of type {held} holds {_HOLDS[held]}", _INSTEAD[gives], word)


def _given(rule: Rule) -> tuple[str, str]:
    """The word by which a rule gives something, and what that is; an expression says so itself, when it is compiled."""
    if rule.bands is not None:
        return "bands", _CODE
    if rule.is_ is not None:
        return "is", _CODE if isinstance(rule.is_, str) else _NUMBER
    if rule.age_at is not None or rule.duration is not None:
        return "age_at" if rule.age_at is not None else "duration", _NUMBER
    return "value", _GIVES.get(rule.value or "", "")


def _never_there(rule: Rule, index: Kind | None) -> Iterator[Problem]:
    kind = index if rule.select == "index" else rule.select
    having = _HAVE.get(rule.value or "")
    if having is not None and kind is not None and kind not in having:
        listed = ", ".join(f"`{one}`" for one in Kind if one in having)
        yield said(f"an entry of kind {kind} has no {_CALLED[rule.value or '']}", f"select one of {listed}", "value")
    for number, part in enumerate(rule.all_ or ()):
        yield from (one.under(("all", number)) for one in _never_there(part, index))
