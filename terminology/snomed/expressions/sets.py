"""What engines of this package ask of a release that is not about expressions."""

from __future__ import annotations

from terminology.snomed.ecl import ast
from terminology.snomed.ecl.evaluate import _Evaluator  # TODO on merge: matches
from terminology.snomed.sctid import Bools
from terminology.snomed.view import Release


def matching(release: Release, constraint: ast.Expression) -> Bools:
    """One truth value for each concept of the release."""
    return _Evaluator(release).concepts(constraint)
