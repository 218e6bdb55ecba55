"""Search in the terms of a release: folded as Norwegians expect, by beginnings of words, forgiving misspellings."""

from terminology.snomed.search.build import build_index
from terminology.snomed.search.engine import Hit, SearchOptions, SearchResult, search, words_matching
from terminology.snomed.search.index import SearchIndex, read_index

__all__ = [
    "Hit",
    "SearchIndex",
    "SearchOptions",
    "SearchResult",
    "build_index",
    "read_index",
    "search",
    "words_matching",
]
