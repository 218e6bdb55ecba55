"""What is measured, as far as conversion of units must know: molar masses, and equations between scales."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from registries.words import CONFIG, Text


def _written(given: object) -> object:
    if isinstance(given, float):
        raise ValueError("write the number in quotes: it is taken as it stands")
    return given


#: A number as it is written; not by way of a binary fraction.
Exact = Annotated[Decimal, BeforeValidator(_written)]


class Equation(BaseModel):
    """`to = scale * from + offset` between two UCUM units of one substance; `source` is who says so."""

    model_config = CONFIG
    from_: str = Field(alias="from")
    to: str
    scale: Exact = Field(gt=0)
    offset: Exact = Decimal(0)
    source: str


class Substance(BaseModel):
    """`molar_mass` is in g/mol, of `formula` where there is one; `source` is where it stands."""

    model_config = CONFIG
    label: Text
    formula: str = ""
    molar_mass: Exact | None = Field(None, gt=0)
    source: str = ""
    conversions: tuple[Equation, ...] = ()

    @model_validator(mode="after")
    def _converts(self) -> Substance:
        if (self.molar_mass is None) == (not self.conversions):
            raise ValueError("a substance has either a `molar_mass` or `conversions`")
        if self.molar_mass is not None and not self.source:
            raise ValueError("a molar mass has a `source`")
        return self
