"""From the codes of a journal entry to those that the report knows.

The report has letters for Norwegian classifications (list 8410) and none for SNOMED CT: such entries are mapped first,
through a map that people approved, else through the release's map to ICD-10 with the patient's age and sex. What the
map leaves open is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from registries.entry import JournalEntry, When
from registries.npr.model import CodeEntry
from terminology.codes import ICD10, NCMP, NCRP, NCSP, NKPK, SNOMED, Code, code_of
from terminology.maps import CompiledMap, translate
from terminology.snomed.ages import Age
from terminology.snomed.map_rules import Sex
from terminology.snomed.mapping import Context, evaluate_map
from terminology.snomed.resolution import resolve
from terminology.snomed.view import Release

#: The letters of list 8410 for what is read here.
LETTERS: Final = {ICD10: "D", NCSP: "K", NCMP: "M", NCRP: "R", NKPK: "Q"}
_PROCEDURES: Final = frozenset({NCSP, NCMP, NCRP, NKPK})
_FORMS: Final = {ICD10: re.compile(r"[A-Z]\d\d[0-9A-Z]{0,3}", re.ASCII)}
_PROCEDURE_FORM: Final = re.compile(r"[A-Z0-9ÆØÅ]{4,8}")
_SEXES: Final[dict[str, Sex]] = {"1": "M", "2": "F"}


def _every_code(code: Code) -> bool:
    del code
    return True


@dataclass(frozen=True, slots=True)
class Known:
    """What rules of maps ask of a person: sex (list 3101) and birth."""

    sex: str = ""
    born: When | None = None


@dataclass(frozen=True, slots=True)
class Coded:
    """The codes that describe an entry together, or why there are none: a key in the texts."""

    codes: tuple[Code, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Coder:
    """What codes are translated with. `icd10_map` is the release's reference set; `valid` knows the classifications."""

    release: Release | None = None
    icd10_map: int | None = None
    reviewed: CompiledMap | None = None
    valid: Callable[[Code], bool] = _every_code

    def diagnosis(self, entry: JournalEntry, person: Known, at: When) -> Coded:
        """The ICD-10 codes of a condition; `at` is the time of the stay, for conditions that do not say when."""
        own = tuple(code for code in entry.codes if code.system == ICD10)
        if own:
            return self._formed(own)
        approved = self._approved(entry.codes, frozenset({ICD10}))
        if approved:
            return self._formed(approved)
        concepts = [int(code.value) for code in entry.codes if code.system == SNOMED and code.value.isdigit()]
        if not concepts:
            return Coded(why_not="npr_unmapped")
        return self._mapped(concepts[0], context(person, entry.start or at, at))

    def procedure(self, entry: JournalEntry) -> Coded:
        """The NCSP, NCMP and NCRP codes of a procedure."""
        own = tuple(code for code in entry.codes if code.system in _PROCEDURES)
        found = own or self._approved(entry.codes, _PROCEDURES)
        return self._formed(found) if found else Coded(why_not="npr_procedure_unmapped")

    def _approved(self, codes: tuple[Code, ...], systems: frozenset[str]) -> tuple[Code, ...]:
        """The codes of rows that people approved; a target is written as `icd10:I63.9`."""
        if self.reviewed is None:
            return ()
        targets = (_code(one.row.target) for one in translate(self.reviewed, codes))
        return tuple(code for code in targets if code is not None and code.system in systems)

    def _mapped(self, concept: int, known: Context) -> Coded:
        if self.release is None or self.icd10_map is None:
            return Coded(why_not="npr_unmapped")
        # Journals hold codes of old releases; one that leads to several concepts leads nowhere here.
        now = resolve(self.release, concept).certain
        result = evaluate_map(self.release, self.icd10_map, now, known) if now is not None else None
        if result is None or not result.groups:
            return Coded(why_not="npr_unmapped")
        if not result.decided:
            return Coded(why_not="npr_undecided")
        codes = tuple(code for target in result.targets if (code := code_of(ICD10, target)) is not None)
        return self._formed(codes) if codes else Coded(why_not="npr_unmapped")

    def _formed(self, codes: tuple[Code, ...]) -> Coded:
        right = all(_has_form(code) and self.valid(code) for code in codes)
        return Coded(codes) if right else Coded(why_not="npr_bad_code")


def entries(codes: tuple[Code, ...], year: int) -> tuple[CodeEntry, ...]:
    """Codes as the report writes them; the version of a classification is the year."""
    return tuple(
        CodeEntry(number=number, system=LETTERS[code.system], version=str(year), value=code.value)
        for number, code in enumerate(codes, start=1)
    )


def context(person: Known, onset: When, at: When) -> Context:
    """What is known of the patient when a condition began and at the stay; a year of birth alone tells no age."""
    return Context(_age(person.born, onset), _age(person.born, at), _SEXES.get(person.sex))


def days_old(born: When | None, at: When) -> int | None:
    """Completed days of life; None when the birth date or the time is not known to the day, or is before it."""
    if born is None or not _to_the_day(born) or not _to_the_day(at):
        return None
    days = (at.local.date() - born.local.date()).days
    return days if days >= 0 else None


def under_one(born: When | None, at: When) -> bool:
    """Whether someone has not yet had a first birthday."""
    age = _age(born, at)
    return age is not None and age.unit == "days"


def _age(born: When | None, at: When) -> Age | None:
    """In years, or in days before the first birthday: the units that rules of maps ask in."""
    days = days_old(born, at)
    if days is None or born is None:
        return None
    birth, then = born.local, at.local
    years = then.year - birth.year - ((then.month, then.day) < (birth.month, birth.day))
    return Age(years, "years") if years else Age(days, "days")


def _to_the_day(at: When) -> bool:
    return at.precision in ("clock", "day")


def _has_form(code: Code) -> bool:
    return _FORMS.get(code.system, _PROCEDURE_FORM).fullmatch(code.value) is not None


def _code(target: str) -> Code | None:
    system, _, value = target.partition(":")
    return code_of(_SHORT.get(system, ""), value)


_SHORT: Final = {"icd10": ICD10, "ncsp": NCSP, "ncmp": NCMP, "ncrp": NCRP}
