"""Dates as national files and FHIR write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_FORMS: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:[T ].*)?"),
    re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"),
    re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})(?: .*)?"),
)


def as_date(text: str) -> date | None:
    """The day: ISO 8601 with or without a time of day, YYYYMMDD, or day.month.year. None for nothing and for
    the years 1 and 9999, which stand for no limit.

    Raises ValueError when it is no date.
    """
    if not text.strip():
        return None
    for form in _FORMS:
        if found := form.fullmatch(text.strip()):
            day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            return None if day.year in (1, 9999) else day
    raise ValueError("not a date")
