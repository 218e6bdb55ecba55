"""The report of a comparison with manual registration, as one file to show a registry's board.

It holds shares and counts only: what differs in a single case is for those who may see the case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from markupsafe import Markup

from registries.definition import Definition
from reporting.agreement import Agreement, Comparison
from reporting.savings import Saved
from reporting.texts import Text, same
from reporting.web.rendering import render

#: Fewer cases than this with the same difference are not told one by one.
FEW = 3
#: The width of a whole bar in the plots.
WIDTH = 240


@dataclass(frozen=True, slots=True)
class Plotted:
    """One variable with the widths of its bars, and its frequent differences: ours, theirs, how many."""

    agreement: Agreement
    label: Text
    covered: int
    exact: int
    often: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Month:
    """One month with the width of its bar."""

    saved: Saved
    width: int


def comparison_page(definition: Definition, comparison: Comparison, saved: Sequence[Saved]) -> str:
    """The report as HTML that needs nothing beside it."""
    most = max((month.automatic for month in saved), default=0)
    return render(
        "comparison.html",
        definition=definition,
        comparison=comparison,
        variables=[_plotted(one, definition, comparison) for one in comparison.variables],
        months=[Month(month, round(WIDTH * month.automatic / most) if most else 0) for month in saved],
        given=sum(month.automatic for month in saved),
        width=WIDTH,
        few=FEW,
        style=Markup(files("reporting.web").joinpath("static/registerbro.css").read_text("utf-8")),  # noqa: S704 (ours)
    )


def _plotted(one: Agreement, definition: Definition, comparison: Comparison) -> Plotted:
    variable = definition.variables.get(one.variable)
    pairs = Counter((d.ours, d.theirs) for d in comparison.differences if d.variable == one.variable)
    return Plotted(
        agreement=one,
        label=Text(nb=variable.label.nb, en=variable.label.en) if variable else same(one.variable),
        covered=round(WIDTH * (one.coverage or 0)),
        exact=round(WIDTH * (one.exact or 0)),
        often=tuple((ours, theirs, n) for (ours, theirs), n in sorted(pairs.items()) if n >= FEW),
    )
