"""SNOMED CT Expression Constraint Language: read, write, evaluate."""

from terminology.snomed.ecl.evaluate import evaluate, matches, rows
from terminology.snomed.ecl.lexer import EclError
from terminology.snomed.ecl.parser import parse
from terminology.snomed.ecl.printer import write
from terminology.snomed.ecl.references import unknown

__all__ = ["EclError", "evaluate", "matches", "parse", "rows", "unknown", "write"]
