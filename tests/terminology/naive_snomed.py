"""An oracle: the RF2 files read line by line into dictionaries."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

IS_A = 116680003


class Naive:
    """What a release means, without arrays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def rows(self, word: str) -> Iterator[list[str]]:
        for file in sorted(self._folder.rglob(f"*{word}Snapshot*")) + sorted(self._folder.rglob(f"*_{word}_Snapshot*")):
            for line in file.read_text(encoding="utf-8").split("\n")[1:]:
                if line:
                    yield line.rstrip("\r").split("\t")

    @cached_property
    def active(self) -> frozenset[int]:
        return frozenset(int(row[0]) for row in self.rows("Concept") if row[2] == "1")

    @cached_property
    def parents(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {concept: set() for concept in self.active}
        for row in self.rows("Relationship"):
            if row[2] == "1" and int(row[7]) == IS_A:
                found[int(row[4])].add(int(row[5]))
        return found

    @cached_property
    def children(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {concept: set() for concept in self.active}
        for child, parents in self.parents.items():
            for parent in parents:
                found[parent].add(child)
        return found

    @cached_property
    def roles(self) -> dict[int, list[list[tuple[int, int]]]]:
        """The groups of each concept; an attribute of group 0 is a group of its own."""
        groups: dict[tuple[int, int, int], list[tuple[int, int]]] = {}
        for number, row in enumerate(self.rows("Relationship")):
            if row[2] == "1" and int(row[7]) != IS_A:
                group = int(row[6])
                key = (int(row[4]), group, number if group == 0 else 0)
                groups.setdefault(key, []).append((int(row[7]), int(row[5])))
        found: dict[int, list[list[tuple[int, int]]]] = {}
        for key, pairs in groups.items():
            found.setdefault(key[0], []).append(pairs)
        return found

    @cached_property
    def members(self) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {}
        for word in ("Simple", "Association", "SimpleMap", "ExtendedMap", "ModuleDependency"):
            for row in self.rows(f"efset_{word}"):
                if row[2] == "1":
                    found.setdefault(int(row[4]), set()).add(int(row[5]))
        return found

    def reached(self, steps: dict[int, set[int]], concept: int) -> set[int]:
        near = steps.get(concept, set())
        return near.union(*(self.reached(steps, step) for step in near))
