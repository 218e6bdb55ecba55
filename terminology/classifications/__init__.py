"""Classifications and code lists in the same shape as SNOMED CT releases."""

from terminology.classifications.delimited import Wanted
from terminology.classifications.imports import ClassificationReport, ImportedSystem, import_classification
from terminology.classifications.layouts import parse_columns
from terminology.classifications.load import Loaded, is_rf2, load
from terminology.classifications.model import Classification
from terminology.classifications.search import Found, search
from terminology.snomed.problems import ImportRefused, Problem

__all__ = [
    "Classification",
    "ClassificationReport",
    "Found",
    "ImportRefused",
    "ImportedSystem",
    "Loaded",
    "Problem",
    "Wanted",
    "import_classification",
    "is_rf2",
    "load",
    "parse_columns",
    "search",
]
