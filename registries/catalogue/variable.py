"""One version of a normed variable, with all that the national catalogue wants known about it.

The metadata are those of the national work on normed variables: identity, meaning, form, limits, value list, time,
population, mapping, automation, validity, law, ownership and norming level. What belongs to one registry alone
(physical name, obligatory, activation, source binding) stands in its definition, see `registries.definition`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from registries.definition import Range, Text
from registries.problems import Problem, Written, said
from registries.record import Tier

#: How far from the index event, and to which side: `-5y`, `+24h`, `0d`.
Offset = Annotated[str, Field(pattern=r"^(0|[+-]\d{1,5})[hdmy]$")]
#: An object identifier (ISO/IEC 9834-1) in dotted form.
Oid = Annotated[str, Field(pattern=r"^[0-2](\.(0|[1-9]\d*))+$")]
#: Another variable, or one version of it: `smoking`, `smoking@2`.
Reference = Annotated[str, Field(pattern=r"^[^@\s]+(@[1-9]\d*)?$")]


class Words(Text):
    """What people read; nynorsk where somebody has written it."""

    # Texts made in code, without nynorsk, are taken as they are.
    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)
    nn: str | None = None

    @property
    def all(self) -> tuple[str, ...]:
        """The texts in the languages there are: nb, nn, en."""
        return tuple(text for text in (self.nb, self.nn, self.en) if text)


class ValueList(Written):
    """The public code list that the values stand in: its OID, and the meaning's code there."""

    oid: Oid
    name: str = ""
    codes: dict[str, str]


class Missing(Written):
    """The convention for what is not known: the meaning that says so, and in words what an empty field means."""

    unknown: str | None = None
    convention: Words | None = None


class Temporality(Written):
    """When the value holds, seen from the index event. `from` and `to` say how far away, if the meaning says it."""

    relation: Literal["before", "at", "during", "after", "any"]
    from_: Offset | None = Field(None, alias="from")
    to: Offset | None = None


class Review(Written):
    """How far the mapping from journal codes to this variable has come, and who looked at it when."""

    status: Literal["draft", "approved", "rejected"]
    reviewer: str | None = None
    reviewed: date | None = None

    def problems(self) -> Iterator[Problem]:
        """A decision without anybody who made it."""
        if self.status != "draft" and (self.reviewer is None or self.reviewed is None):
            yield said(
                f"a mapping that is {self.status} says who decided and when",
                "write `reviewer: NAME` and `reviewed: YYYY-MM-DD`, or `status: draft`",
            )


class NormedVariable(Written):
    """What a variable means, once for all registries. `values` are its permitted meanings by name, with labels.

    `unit` is UCUM. `sensitivity` is in the words of the GDPR: personal (art. 4 no. 1) or special (art. 9 no. 1).
    `norming` is the national level: veileder, retningslinje, anbefalt, obligatorisk. `reservation` is the GUID of the
    reservation's definition in the national privacy component. `origin` says which codebook's variable a draft was
    made from. Both days of validity count as valid; without them there is no limit.
    """

    version: Annotated[int, Field(ge=1)] = 1
    status: Literal["draft", "published"] = "published"
    label: Words
    definition: Words
    help: Words | None = None
    type: Literal["code", "integer", "decimal", "date", "datetime", "string"]
    unit: Annotated[str, Field(pattern=r"^[!-~]*$")] = ""
    decimals: Annotated[int, Field(ge=0, le=9)] | None = None
    length: Annotated[int, Field(ge=1)] | None = None
    pattern: str | None = None
    range: Range | None = None
    values: dict[str, Words] = Field(default_factory=dict)
    list: str | None = None
    value_list: ValueList | None = None
    missing: Missing | None = None
    temporality: Temporality | None = None
    population: Words | None = None
    mapping: Review | None = None
    automation: Tier | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: Reference | None = None
    legal_basis: str | None = None
    sensitivity: Literal["none", "personal", "special"] | None = None
    reservation: UUID | None = None
    owner: str | None = None
    steward: str | None = None
    norming: Literal["guide", "guideline", "recommended", "mandatory"] | None = None
    origin: str | None = None

    def problems(self) -> Iterator[Problem]:
        """What cannot stand together in a variable."""
        yield from self._undescribed()
        yield from self._not_of_the_type()
        yield from self._limits()

    def _undescribed(self) -> Iterator[Problem]:
        for word, words in (("label", self.label), ("definition", self.definition)):
            for language, text in (("nb", words.nb), ("en", words.en)):
                if self.status == "published" and not text.strip():
                    yield said("is empty", "say what the variable is, or write `status: draft`", word, language)

    def _not_of_the_type(self) -> Iterator[Problem]:
        number = self.type in ("integer", "decimal")
        belongs = {
            "unit": (bool(self.unit), number),
            "range": (self.range is not None, number),
            "decimals": (self.decimals is not None, self.type == "decimal"),
            "length": (self.length is not None, self.type == "string"),
            "pattern": (self.pattern is not None, self.type == "string"),
            "values": (bool(self.values), self.type == "code"),
            "list": (self.list is not None, self.type == "code"),
        }
        for word, (given, fits) in belongs.items():
            if given and not fits:
                yield said(f"`{word}` does not belong to type {self.type}", "remove it, or change `type`", word)
        if self.values and self.list:
            yield said("here are both `values` and a `list`", "remove one of them", "list")
        try:
            re.compile(self.pattern or "")
        except re.error as error:
            yield said(f"is no regular expression: {error}", "write one, such as `[0-9]{4}`", "pattern")

    def _limits(self) -> Iterator[Problem]:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            yield said("is before `valid_from`", "give the last day on which it is valid", "valid_to")

    def valid_on(self, day: date) -> bool:
        """Whether this version holds on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)
