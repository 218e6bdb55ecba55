"""Templates, and how they show texts, times and numbers."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from registries.entry import LOCAL
from reporting.texts import Text, named, text


@cache
def environment() -> Environment:
    """The templates of this package; all they print is escaped, and a name they do not know is an error."""
    made = Environment(
        loader=PackageLoader("reporting.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(t=_t, nb=_nb, named=named)
    made.filters.update(both=both, local=local, number=number)
    return made


def render(template: str, **values: object) -> str:
    """A page as HTML text."""
    return environment().get_template(template).render(**values)


def both(words: Text) -> Markup:
    """Norwegian with English beside it; once when they are alike."""
    if words.nb == words.en:
        return Markup('<span class="nb">{}</span>').format(words.nb)
    pair = Markup('<span class="nb">{}</span> <span class="en" lang="en">{}</span>')
    return pair.format(words.nb, words.en)


def local(moment: datetime | None) -> Markup:
    """A moment as the hospital's clock shows it; a dash when there is none."""
    if moment is None:
        return Markup("–")
    shown = moment.astimezone(LOCAL)
    iso = shown.isoformat(timespec="minutes")
    return Markup('<time datetime="{}">{}</time>').format(iso, f"{shown:%Y-%m-%d %H:%M}")


def number(count: int | None) -> str:
    """A count with thin spaces between thousands; a dash when it is not known."""
    return "–" if count is None else f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _t(key: str, **params: str | int | Text) -> Markup:
    return both(text(key, **params))


def _nb(key: str, **params: str | int | Text) -> str:
    return text(key, **params).nb
