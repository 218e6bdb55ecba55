"""An oracle for ECL: slow, plain, and written from the text of the specification alone.

It reads RF2 text files line by line into dictionaries and evaluates expressions over plain sets. Of the product it
knows only the values of the syntax tree. Each module is one chapter of the ECL 2.2 specification, each function one of
its clauses (clause numbers are those of «SNOMED CT Expression Constraint Language – Specification and Guide»).

Where the text leaves a choice, the docstring of the function says what is taken and why.
"""

from __future__ import annotations

from oracle.evaluator import Oracle

__all__ = ["Oracle"]
