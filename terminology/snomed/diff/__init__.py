"""What is different between two releases."""

from terminology.snomed.diff.attributes import diff_attributes
from terminology.snomed.diff.concepts import diff_concepts, pair_of
from terminology.snomed.diff.descriptions import diff_descriptions
from terminology.snomed.diff.hierarchy import diff_hierarchy
from terminology.snomed.diff.members import diff_maps, diff_refsets
from terminology.snomed.diff.model import ReleaseDiff, Side
from terminology.snomed.view import Release

__all__ = ["ReleaseDiff", "diff"]


def diff(before: Release, after: Release) -> ReleaseDiff:
    """Everything that is different in `after`, compared with `before`."""
    pair = pair_of(before, after)
    return ReleaseDiff(
        before=_side(before),
        after=_side(after),
        concepts=diff_concepts(pair),
        descriptions=diff_descriptions(pair),
        hierarchy=diff_hierarchy(pair),
        attributes=diff_attributes(pair),
        refsets=diff_refsets(before, after),
        maps=diff_maps(before, after),
    )


def _side(release: Release) -> Side:
    return Side(release.info.name, release.info.uri)
