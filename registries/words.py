"""The words that rules are written with: moments, windows, picks and sets of codes, as pydantic reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from registries.problems import Problem, Refused, Written, did_you_mean, said

CONFIG: Final = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

#: Codes by system: `{snomed: "<< 73211009", icd10: [E10-E14]}`, or the name of a set in the catalogue.
CodeSpec = dict[str, str | list[str]] | str

_ANCHOR: Final = r"case\.(?:start|end|onset|admission|discharge|procedure)|variable\.[A-Za-z_][A-Za-z0-9_.-]*"
_DISTANCE: Final = r"\d{1,5}(?:min|h|d)|\d{1,4}(?:w|cd|mo)|\d{1,3}y"
#: An anchor, and a sign and a distance from it.
MOMENT: Final = rf"^({_ANCHOR})(?: ([+-]) ({_DISTANCE}))?$"

#: A moment such as `case.start`, `case.end - 28d`, `variable.Onset + 3mo`; units min, h, d, w, cd, mo, y.
Moment = Annotated[str, Field(pattern=MOMENT)]
#: Time that passes: minutes, hours, days of 24 hours, weeks of seven of these.
Duration = Annotated[str, Field(pattern=r"^\d{1,5}(min|h|d|w)$")]


class Text(Written):
    """What people read, in Norwegian (bokmål) and English."""

    nb: str
    en: str


def empty_texts(text: Text, word: str) -> Iterator[Problem]:
    """The languages in which a text that must be there says nothing."""
    for language in ("nb", "en"):
        if not getattr(text, language, "?").strip():
            yield said(f"`{language}` is empty", "write a text", word, language)


class Window(Written):
    """When an entry must have happened. `from` and `to` include the moment, `after` and `before` do not; `covers` asks
    for entries whose own period includes it (a medicine in use)."""

    from_: Moment | None = Field(None, alias="from")
    after: Moment | None = None
    to: Moment | None = None
    before: Moment | None = None
    covers: Moment | None = None

    def problems(self) -> Iterator[Problem]:
        """What cannot stand together."""
        if self.covers is not None and len(self.moments) > 1:
            yield said("`covers` stands alone in a window", "remove the other bounds, or `covers`")
        if self.from_ is not None and self.after is not None:
            yield said("a window begins either `from` a moment or `after` it", "remove `from` or `after`")
        if self.to is not None and self.before is not None:
            yield said("a window goes either `to` a moment or `before` it", "remove `to` or `before`")
        if self._upside_down():
            told = f"the window begins at {self.from_ or self.after}, and ends before that, at {self.to or self.before}"
            yield said(told, "exchange the two moments")

    def _upside_down(self) -> bool:
        """Whether no time can be inside, whatever the case: both ends are told from the same anchor."""
        begins, ends = self.from_ or self.after, self.to or self.before
        if begins is None or ends is None:
            return False
        (anchor, low, unit), (other, high, its) = _placed(begins), _placed(ends)
        about = _SLACK if unit != its and low and high and {unit, its} & _CALENDAR else 0
        nothing_between = low > high + about or (low == high and not (self.from_ and self.to))
        return nothing_between and (anchor == other or (other, anchor) in _IN_ORDER)

    @property
    def moments(self) -> list[str]:
        """The moments it is made of."""
        written = (self.from_, self.after, self.to, self.before, self.covers)
        return [moment for moment in written if moment is not None]


#: Anchors of which the first is never later than the second.
_IN_ORDER: Final = {("case.admission", "case.discharge"), ("case.start", "case.end")}
#: About how many minutes a unit of distance has. Months are as short and as long as they come.
_MINUTES: Final = {"min": 1, "h": 60, "d": 1440, "w": 10080, "cd": 1440, "mo": 43829, "y": 525949}
_CALENDAR: Final = {"cd", "mo", "y"}
_SLACK: Final = 3 * 1440
_MOMENT_FORM: Final = re.compile(MOMENT)


def _placed(moment: str) -> tuple[str, int, str]:
    """A moment's anchor, about how many minutes from it, and in which unit that is told."""
    found = _MOMENT_FORM.match(moment)
    if found is None or found[3] is None:
        return moment, 0, ""
    unit = found[3].lstrip("0123456789")
    amount = int(found[3].removesuffix(unit)) * _MINUTES[unit]
    return found[1], amount if found[2] == "+" else -amount, unit


WindowWord = Literal["before_event", "at_admission", "during_stay", "in_use_at_start"]
#: Windows that have a name because many registries mean the same by it.
WINDOWS: Final = {
    name: Window.model_validate(written)
    for name, written in {
        "before_event": {"before": "case.onset"},
        "at_admission": {"from": "case.admission - 2h", "to": "case.admission + 24h"},
        "during_stay": {"from": "case.admission", "to": "case.discharge"},
        "in_use_at_start": {"covers": "case.start"},
    }.items()
}


def _spelt_out(given: object) -> object:
    if not isinstance(given, str):
        return given
    if given not in WINDOWS:
        raise Refused([said(f"there is no window called {given!r}", did_you_mean(given, WINDOWS))])
    return WINDOWS[given]


#: A window, written out or by its name.
WrittenWindow = Annotated[Window, BeforeValidator(_spelt_out, json_schema_input_type=Window | WindowWord)]


class Closest(Written):
    """Take the entry closest to a moment: on either `side` of it, or only at and `before` or at and `after` it. Of two
    equally close the one that `tie` says."""

    closest: Moment
    side: Literal["either", "before", "after"] = "either"
    tie: Literal["later", "earlier", "disagree"] = "later"


PickWord = Literal["any", "first", "last", "last_recorded", "min", "max", "worst"]
#: What to do with different values in the same place.
Several = Literal["disagree", "last_recorded", "min", "max", "worst"]
#: Which numbers are clinically worse.
Worse = Literal["higher", "lower"]
