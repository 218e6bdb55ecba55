"""One page a registry: its variables, what they mean and where they come from."""

from __future__ import annotations

from collections.abc import Iterator

from registries.catalogue import Catalogue, NormedVariable
from registries.definition import CodeSpec, Definition, Range, Rule, Variable
from registries.record import Tier
from tools.markdown import flow, grid, made

_WHO = {
    Tier.AUTOMATIC: "the rules",
    Tier.PROPOSED: "the rules propose, a person confirms",
    Tier.MANUAL: "a person",
}


def page(definition: Definition, catalogue: Catalogue) -> str:
    """The whole page."""
    slug = definition.registry
    parts = [
        made(f"`registries/definitions/{slug}/{slug}.yaml`"),
        f"# {definition.title.en} ({definition.title.nb})",
        f"Definition `{slug}`, version {definition.version}, {definition.status}. How a person registers by hand is "
        f"described in [its README](../../registries/definitions/{slug}/README.md), the words of the rules in "
        "[the definition language](../definition-language.md).",
        f"Legal basis: {definition.legal_basis}.",
        "## The case",
        _case(definition),
        "## Variables",
        grid(
            ["variable", "norsk", "English", "type", "codes", "range", "obligatory", "asked when", "who", "from"],
            [_row(name, one, catalogue.variables[one.normed]) for name, one in definition.variables.items()],
        ),
        "## Sets of codes",
        grid(["set", "codes"], [[f"`{name}`", _spec(catalogue.sets[name])] for name in _sets(definition)]),
        "## Maps",
        *(_map(name, catalogue) for name in _maps(definition)),
    ]
    if definition.orders:
        orders = [[one.first, one.then, one.severity] for one in definition.orders]
        parts += ["## Order of times", grid(["not later", "than", "else"], orders)]
    return "\n\n".join(parts) + "\n"


def _case(definition: Definition) -> str:
    rule = definition.case
    classes = f", in a stay of class {', '.join(rule.stay_class)}" if rule.stay_class else ""
    starts = "its first stay starts" if rule.start == "stay" else "its first event starts"
    codes = f" with codes {_spec(rule.codes)}" if rule.codes is not None else ""
    told = [
        f"Index events are entries of kind {rule.select}{codes}{classes}. Events that start "
        f"within {rule.same_case_within} of the first are one case, which starts when {starts}."
    ]
    if rule.begun_within:
        told.append(f"An event that had begun more than {rule.begun_within} before its stay is history.")
    if rule.episode:
        where = "" if rule.episode.transfers else " at the same hospital"
        told.append(f"Stays{where} with at most {rule.episode.gap} between them are one.")
    return " ".join(told)


def _row(name: str, variable: Variable, normed: NormedVariable) -> list[str]:
    return [
        f"`{name}`",
        variable.label.nb,
        variable.label.en,
        variable.type + (f", {variable.unit}" if variable.unit not in ("", "1") else ""),
        "<br>".join(f"{code} {normed.values[meaning].nb}" for code, meaning in (variable.codes or {}).items()),
        _range(variable.range),
        "yes" if variable.obligatory else "",
        "; ".join(f"{other} is {' or '.join(meanings)}" for other, meanings in (variable.when or {}).items()),
        _WHO[variable.automation],
        "<br>".join(_sources(variable)),
    ]


def _range(limits: Range | None) -> str:
    if limits is None:
        return ""
    named = (("", limits.hard), ("plausible ", limits.plausible))
    return ", ".join(f"{name}{pair[0]:g}–{pair[1]:g}" for name, pair in named if pair is not None)


def _sources(variable: Variable) -> list[str]:
    found = [_source(rule) for rule in _rules(variable)]
    if variable.absent:
        given = ", ".join(variable.absent.given) or "nothing"
        found.append(f"nothing found means {variable.absent.is_} (given {given})")
    return list(dict.fromkeys(found))


def _source(rule: Rule) -> str:
    if rule.between is not None:
        return f"hours from {rule.between[0]} to {rule.between[1]}"
    codes = f" {_spec(rule.codes)}" if rule.codes is not None else ""
    mapped = f", by map `{rule.map}`" if rule.map else ""
    stay = " in the case's stay" if rule.same_stay else ""
    return f"{rule.select}{codes}{stay}{mapped}"


def _rules(variable: Variable) -> Iterator[Rule]:
    for rule in variable.from_:
        yield from rule.all_ or [rule]


def _spec(codes: CodeSpec) -> str:
    return f"`{codes}`" if isinstance(codes, str) else f"`{flow(codes)}`"


def _sets(definition: Definition) -> list[str]:
    used = {rule.codes for variable in definition.variables.values() for rule in _rules(variable) if _named(rule.codes)}
    return sorted(name for name in {*used, definition.case.codes} if isinstance(name, str))


def _named(codes: CodeSpec | None) -> bool:
    return isinstance(codes, str)


def _maps(definition: Definition) -> list[str]:
    rules = (rule for variable in definition.variables.values() for rule in _rules(variable))
    return sorted({rule.map for rule in rules if rule.map})


def _map(name: str, catalogue: Catalogue) -> str:
    source = catalogue.maps[name]
    rows = [[str(row.number), _spec(row.codes), row.target, row.relation, row.status] for row in source.rows]
    head = f"### `{source.cited}`\n\nApproved {source.approved} by {', '.join(source.authors)}."
    return f"{head}\n\n{grid(['row', 'codes', 'means', 'relation', 'status'], rows)}"
