"""Alternate identifiers: concepts by the codes of other schemes (ECL 2.2, 6.1; RF2 specification 4.2.4)."""

from __future__ import annotations

from typing import Final

import numpy as np

from terminology import fold
from terminology.snomed.ecl.lexer import EclError
from terminology.snomed.view import Release

#: The concepts of identifier schemes by alias in lower case; others are found by their names in the release.
_SCHEMES: Final = {"loinc": 705114005}


def component_of(release: Release, scheme: str, code: str) -> int | None:
    """The component that a code of a scheme names; None when it names none. Raises EclError for an unknown scheme."""
    schemes = np.unique(release.identifiers.scheme).tolist()
    known = _SCHEMES.get(scheme.lower())
    wanted = known if known in schemes else next((one for one in schemes if _is_called(release, one, scheme)), None)
    if wanted is None:
        raise EclError(f"this release has no identifiers of a scheme {scheme}")
    return release.alternate_id(wanted, code)


def _is_called(release: Release, concept: int, alias: str) -> bool:
    """Whether a description of the scheme begins with the words of the alias."""
    words = fold.words(alias)
    return any(fold.words(one.term)[: len(words)] == words for one in release.descriptions(concept) if one.active)
