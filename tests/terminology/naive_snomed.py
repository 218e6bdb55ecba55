"""An oracle: the RF2 files read line by line into dictionaries, and ECL evaluated over plain sets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, reduce
from pathlib import Path

from terminology.snomed.ecl import ast

IS_A = 116680003


class Naive:
    """What a release means, without arrays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._evaluated: dict[ast.Expression, frozenset[int]] = {}

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

    def evaluate(self, expression: ast.Expression) -> frozenset[int]:
        # Nested refinements ask for the same set for every attribute of every concept.
        if expression not in self._evaluated:
            self._evaluated[expression] = self._evaluate(expression)
        return self._evaluated[expression]

    def _evaluate(self, expression: ast.Expression) -> frozenset[int]:
        match expression:
            case ast.Reference(sctid):
                return self.active & {sctid}
            case ast.Any():
                return self.active
            case ast.MemberOf(of):
                members = (self.members.get(refset, set()) for refset in self.evaluate(of))
                return self.active & frozenset().union(*members)
            case ast.Related(relation, of):
                return self._related(relation, self.evaluate(of))
            case ast.Joined(junction, operands):
                sets = [self.evaluate(operand) for operand in operands]
                return reduce(frozenset.intersection if junction == "AND" else frozenset.union, sets)
            case ast.Minus(first, second):
                return self.evaluate(first) - self.evaluate(second)
            case ast.Refined(focus, refinement):
                holds = {concept for concept in self.active if self._refined(concept, refinement)}
                return self.evaluate(focus) & holds

    def _related(self, relation: str, start: frozenset[int]) -> frozenset[int]:
        steps = self.children if relation.startswith("<") else self.parents
        one = relation.endswith("!")
        found = frozenset().union(*(steps[concept] if one else self.reached(steps, concept) for concept in start))
        return found | start if relation[:2] in ("<<", ">>") else found

    def _refined(self, concept: int, refinement: ast.Refinement) -> bool:
        mine = self.roles.get(concept, [])
        match refinement:
            case ast.Attribute():
                return any(self._holds(pairs, refinement) for pairs in mine)
            case ast.Group(inner):
                return any(self._holds(pairs, inner) for pairs in mine)
            case ast.JoinedRefinement(junction, operands):
                return (all if junction == "AND" else any)(self._refined(concept, operand) for operand in operands)

    def _holds(self, pairs: list[tuple[int, int]], refinement: ast.Refinement) -> bool:
        match refinement:
            case ast.Attribute(name, comparison, value):
                names, values = self.evaluate(name), self.evaluate(value)
                return any(kind in names and (target in values) == (comparison == "=") for kind, target in pairs)
            case ast.JoinedRefinement(junction, operands):
                return (all if junction == "AND" else any)(self._holds(pairs, operand) for operand in operands)
            case ast.Group():
                raise AssertionError("groups hold no groups")
