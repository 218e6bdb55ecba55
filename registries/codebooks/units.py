"""Units that a label ends with, as OpenQReg's codebooks write them: `Høyde (cm)`, `Hjerteminuttvolum [l/min]`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

#: What codebooks write, in small letters → UCUM. Anything else in brackets is no unit.
_UCUM: Final[Mapping[str, str]] = {
    **{"cm": "cm", "mm": "mm", "kg": "kg", "g": "g", "gram": "g", "ml": "mL", "l": "L", "s": "s", "sek": "s", "%": "%"},
    **{"cm2": "cm2", "cm²": "cm2", "mm2": "mm2", "mm²": "mm2", "cm²/m²": "cm2/m2", "kg/m2": "kg/m2", "kg/m²": "kg/m2"},
    **{"mmhg": "mm[Hg]", "m/s": "m/s", "m/sek": "m/s", "l/min": "L/min", "g/dl": "g/dL", "g/l": "g/L"},
    **{"mmol/l": "mmol/L", "mikromol/l": "umol/L", "µmol/l": "umol/L", "umol/l": "umol/L", "pmol/l": "pmol/L"},
    **{"ng/l": "ng/L", "mg/l": "mg/L", "mmol/mol": "mmol/mol"},
}
_LAST: Final = re.compile(r"^(?P<label>.*\S)\s*[(\[](?P<unit>[^()\[\]]+)[)\]]\s*$", re.DOTALL)


def unit_told(label: str) -> tuple[str, str]:
    """A label without the unit it ends with, and the unit in UCUM; the label as it is and no unit where it has none."""
    found = _LAST.match(label)
    unit = _UCUM.get(found["unit"].strip().lower(), "") if found else ""
    return (found["label"], unit) if found and unit else (label, "")
