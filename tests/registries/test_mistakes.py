"""Every kind of mistake in a definition is told with its line, its cause and a suggestion; all at once."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from registries.catalogue import load_catalogue
from registries.definition import DefinitionError, load_definition
from registries.mistakes import mistakes_of
from registries.problems import Mistake, did_you_mean
from terminology.valuesets import Snomed

RIGHT = """\
registry: stroke-test
version: 1
status: draft
title: {nb: Slag, en: Stroke}
legal_basis: Forskrift om medisinske kvalitetsregistre
reservation: true
case:
  select: condition
  codes: acute-stroke
  stay_class: [IMP]
  start: stay
  same_case_within: 28d
message: {type: STROKE, receiver: Slag, her_id: "8000099"}
orders:
  - {first: Onset, then: Arrival}
variables:
  Arrival:
    normed: admission-time
    label: {nb: Innlagt, en: Admitted}
    type: datetime
    automation: automatic
    from:
      - {select: stay, same_stay: true, pick: first, value: start}
  Onset:
    normed: symptom-onset
    label: {nb: Debut, en: Onset}
    type: datetime
    automation: automatic
    from:
      - {select: index, pick: last_recorded, value: start}
  Quick:
    normed: onset-to-admission-under-4h
    label: {nb: Under fire timer, en: Under four hours}
    type: code
    codes: {1: "yes", 2: "no", 9: unknown}
    automation: automatic
    from:
      - between: [Onset, Arrival]
        bands: [{below: 4, is: "yes"}, {is: "no"}]
        no_clock: unknown
  Score:
    normed: nihss-total
    label: {nb: NIHSS, en: NIHSS}
    type: integer
    units: {"{score}": 1, "1": 1}
    range: {hard: [0, 42], plausible: [0, 40]}
    automation: automatic
    from:
      - select: observation
        codes: nihss-total
        window: {from: case.start, to: case.start + 24h}
        pick: {closest: case.start}
        value: quantity
  Diabetes:
    normed: diabetes
    label: {nb: Diabetes, en: Diabetes}
    type: code
    codes: {1: "yes", 2: "no", 9: unknown}
    obligatory: true
    automation: automatic
    from:
      - {select: condition, codes: {snomed: "<< 73211009 |Diabetes|", icd10: [E10-E14]}, is: "yes"}
    absent: {is: "no", given: [condition]}
  Insulin:
    normed: uses-insulin
    label: {nb: Insulin, en: Insulin}
    type: code
    codes: {1: "yes", 2: "no"}
    when: {Diabetes: ["yes"]}
    automation: automatic
    from:
      - {select: medication_statement, codes: {atc: [A10A]}, window: {covers: case.start}, is: "yes"}
    absent: {is: "no", given: [medication_statement]}
  Sex:
    normed: sex
    label: {nb: Kjønn, en: Sex}
    type: code
    codes: {1: male, 2: female}
    automation: automatic
    from:
      - {select: sex, value: code, map: sex}
  Woke:
    normed: woke-with-symptoms
    label: {nb: Våknet, en: Woke}
    type: code
    codes: {1: "yes", 2: "no"}
    automation: manual
"""


class Slip(NamedTuple):
    """A slip of the pen: what becomes what, and what is told. `at` begins the line that is named, where it is not the
    first line that differs."""

    old: str
    new: str
    place: str
    cause: str
    suggestion: str
    at: str = ""


_CLOSEST = "pick: {closest: case.start}"
_MOMENT = "write a moment, such as `case.start - 28d`"
_DIABETES_RULE = '{select: condition, codes: {snomed: "<< 73211009 |Diabetes|", icd10: [E10-E14]}, is: "yes"}'
SLIPS = {
    # words
    "a word that does not exist": Slip(
        "obligatory: true",
        "obligatry: true",
        "variables.Diabetes.obligatry",
        "there is no such word here",
        "did you mean `obligatory`?",
    ),
    "a word in the wrong place": Slip(
        "start: stay",
        "start: stay\n  decimals: 1",
        "case.decimals",
        "there is no such word here",
        "there is `begun_within`, `codes`, `episode`, `period`, `same_case_from`, `same_case_within`, `select`, "
        "`start`, `stay_class`",
    ),
    "a word of a list": Slip(
        "select: condition\n",
        "select: conditon\n",
        "case.select",
        "'conditon' is not one of condition, procedure, stay",
        "did you mean `condition`?",
    ),
    "a kind of entry": Slip(
        "select: observation",
        "select: observations",
        "variables.Score.from.0.select",
        "'observations' is not one of condition, observation",
        "did you mean `observation`?",
    ),
    "a tier": Slip(
        "automation: manual",
        "automation: manuell",
        "variables.Woke.automation",
        "'manuell' is not one of automatic, proposed, manual",
        "did you mean `manual`?",
    ),
    "a status": Slip(
        "status: draft",
        "status: utkast",
        "status",
        "'utkast' is not one of draft, approved, active, retired",
        "choose one of these",
    ),
    "a name of a registry": Slip(
        "registry: stroke-test",
        "registry: Stroke Test",
        "registry",
        "'Stroke Test' cannot be read",
        "write small letters, digits and -, such as `hip-fracture`",
    ),
    "a name of a variable": Slip(
        "  Woke:",
        "  Woke up:",
        "variables.Woke up",
        "'Woke up' cannot be read",
        "write a name of letters, digits and _ that begins with a letter, such as `Slagdiagnose`",
    ),
    "a version that is no number": Slip(
        "version: 1",
        "version: one",
        "version",
        "is no whole number",
        "write a whole number, such as 1",
    ),
    "a true that is no true": Slip(
        "reservation: true",
        "reservation: kanskje",
        "reservation",
        "is neither true nor false",
        "write true or false",
    ),
    "a number where a text belongs": Slip(
        'her_id: "8000099"',
        "her_id: 8000099",
        "message.her_id",
        "is no text",
        'write a text; what YAML reads as a number or yes/no stands in quotes: "9", "yes"',
    ),
    "yes without quotes": Slip(
        '[E10-E14]}, is: "yes"}',
        "[E10-E14]}, is: yes}",
        "variables.Diabetes.from.0.is",
        "YAML reads this word as true or false",
        'write "yes" and "no" in quotes',
    ),
    "a list that is none": Slip(
        "stay_class: [IMP]",
        "stay_class: IMP",
        "case.stay_class",
        "is no list",
        "write a list: [a, b]",
    ),
    "a part that is none": Slip(
        "title: {nb: Slag, en: Stroke}",
        "title: Slag",
        "title",
        "has no words under it",
        "write words with values under each other, or {word: value}",
    ),
    "one limit": Slip(
        "hard: [0, 42]",
        "hard: [0]",
        "variables.Score.range.hard.1",
        "here are two",
        "write two: [from, to]",
    ),
    "a limit that is no number": Slip(
        "hard: [0, 42]",
        'hard: [0, "42,5"]',
        "variables.Score.range.hard.1",
        "is no number",
        "write a number, such as 1 or 0.5 (with a point)",
    ),
    # what is missing
    "no label": Slip(
        "    label: {nb: NIHSS, en: NIHSS}\n",
        "",
        "variables.Score.label",
        "`label` is missing",
        "write `label: {nb: …, en: …}`",
        "  Score:",
    ),
    "half a label": Slip(
        "{nb: NIHSS, en: NIHSS}",
        "{nb: NIHSS}",
        "variables.Score.label.en",
        "`en` is missing",
        "write `en: …`",
    ),
    "an empty label": Slip(
        "{nb: NIHSS, en: NIHSS}",
        '{nb: NIHSS, en: " "}',
        "variables.Score.label.en",
        "`en` is empty",
        "write a text",
    ),
    "no meaning": Slip(
        "    normed: nihss-total\n",
        "",
        "variables.Score.normed",
        "`normed` is missing",
        "write `normed: NAME`, a variable of the catalogue",
        "  Score:",
    ),
    "no receiver": Slip(
        "receiver: Slag, ",
        "",
        "message.receiver",
        "`receiver` is missing",
        "write `receiver: …`",
    ),
    "no codes of events": Slip(
        "  codes: acute-stroke\n",
        "",
        "case",
        "`codes` is missing: which entries are index events",
        "write `codes: NAME_OF_A_SET`",
        "case:",
    ),
    "no rules": Slip(
        "automation: manual",
        "automation: automatic",
        "variables.Woke",
        "a variable that is not manual needs rules under `from`",
        "write rules, or `automation: manual`",
        "  Woke:",
    ),
    "no code list": Slip(
        "    codes: {1: male, 2: female}\n",
        "",
        "variables.Sex",
        "`codes` belong to variables of type code, and to these only",
        'write `codes: {1: "yes", 2: "no"}`',
        "  Sex:",
    ),
    "no map": Slip(
        "value: code, map: sex",
        "value: code",
        "variables.Sex.from.0",
        "`value: code` needs a `map`",
        "write `map: NAME`, a map of the catalogue",
    ),
    "nothing given": Slip(
        "        value: quantity\n",
        "",
        "variables.Score.from.0",
        "a rule that selects says what it gives: `value` or `is`",
        'write `is: "yes"` or `value: …`',
        "      - select: observation",
    ),
    # the catalogue
    "an unknown normed variable": Slip(
        "normed: nihss-total",
        "normed: nihs-total",
        "variables.Score.normed",
        "the catalogue has no variable 'nihs-total'",
        "did you mean `nihss-total`?",
    ),
    "a meaning that the normed variable does not have": Slip(
        "{1: male, 2: female}",
        "{1: male, 2: famale}",
        "variables.Sex.codes.2",
        "sex has no value 'famale'",
        "did you mean `female`?",
    ),
    "another type than the normed variable's": Slip(
        "normed: admission-time",
        "normed: nihss-total",
        "variables.Arrival.type",
        "nihss-total is of type integer",
        "did you mean `type: integer`?",
        "    type: datetime",
    ),
    "an unknown set of codes": Slip(
        "codes: acute-stroke",
        "codes: acute-strok",
        "case.codes",
        "the catalogue has no set of codes called 'acute-strok'",
        "did you mean `acute-stroke`?",
    ),
    "an unknown map": Slip(
        "map: sex",
        "map: sexs",
        "variables.Sex.from.0.map",
        "the catalogue has no map 'sexs'",
        "did you mean `sex`?",
    ),
    "a map for another variable": Slip(
        "map: sex",
        "map: smoking",
        "variables.Sex.from.0.map",
        "map smoking gives current, former, never, which sex does not have",
        "there is `sex`",
    ),
    # codes
    "an unknown code system": Slip(
        "icd10: [E10-E14]",
        "icd11: [5A10]",
        "variables.Diabetes.from.0.codes.icd11",
        "unknown code system 'icd11'",
        "did you mean `icd10`?",
    ),
    "a code that is none": Slip(
        "atc: [A10A]",
        'atc: [A10A, ""]',
        "variables.Insulin.from.0.codes.atc.1",
        "'' is not a code",
        "look it up with `registerbro terminology search`, or move it from atc to its own system",
    ),
    "a range that is none": Slip(
        "E10-E14",
        "E14-E10",
        "variables.Diabetes.from.0.codes.icd10.0",
        "'E14-E10' is not a range of codes under one letter",
        "write a range under one letter, such as E10-E14",
    ),
    "an expression with a wrong word": Slip(
        "73211009 |Diabetes|",
        "73211009 |Diabetes| ANDD 1",
        "variables.Diabetes.from.0.codes.snomed",
        "at column 24",
        "it can be read up to `<< 73211009 |Diabetes|`; try it with `registerbro terminology ecl`",
    ),
    "an expression that ends too soon": Slip(
        "<< 73211009 |Diabetes|",
        "<< ",
        "variables.Diabetes.from.0.codes.snomed",
        "at column",
        "it can be read up to `<<`; try it with `registerbro terminology ecl`",
    ),
    "a concept with a digit wrong": Slip(
        "73211009",
        "73211008",
        "variables.Diabetes.from.0.codes.snomed",
        "is no concept identifier at column 4",
        "it can be read up to `<<`; try it with `registerbro terminology ecl`",
    ),
    "a code with a letter O for a zero": Slip(
        "icd10: [E10-E14]",
        "icd10: [E10-E14, E1O]",
        "variables.Diabetes.from.0.codes.icd10.1",
        "'E1O' has not the form of a code in icd10",
        "look it up with `registerbro terminology search`, or move it from icd10 to its own system",
    ),
    "a code of another system": Slip(
        "atc: [A10A]",
        "atc: [FNG02]",
        "variables.Insulin.from.0.codes.atc.0",
        "'FNG02' has not the form of a code in atc",
        "look it up with `registerbro terminology search`, or move it from atc to its own system",
    ),
    "a concept that the release does not have": Slip(
        "73211009 |Diabetes|",
        "22253000 |Pain|",
        "variables.Diabetes.from.0.codes.snomed",
        "the terminology release has no concept 22253000",
        "see `registerbro terminology lookup 22253000`, or import a release",
    ),
    # time
    "a window upside down": Slip(
        "window: {from: case.start, to: case.start + 24h}",
        "window: {from: case.start + 24h, to: case.start}",
        "variables.Score.from.0.window",
        "the window begins at case.start + 24h, and ends before that, at case.start",
        "exchange the two moments",
    ),
    "a window from discharge to admission": Slip(
        "window: {from: case.start, to: case.start + 24h}",
        "window: {after: case.discharge, to: case.admission}",
        "variables.Score.from.0.window",
        "the window begins at case.discharge, and ends before that, at case.admission",
        "exchange the two moments",
    ),
    "an anchor": Slip(
        "from: case.start,",
        "from: case.begin,",
        "variables.Score.from.0.window.from",
        "'case.begin' cannot be read",
        _MOMENT,
    ),
    "a distance": Slip(
        "case.start + 24h",
        "case.start + 24 hours",
        "variables.Score.from.0.window.to",
        "'case.start + 24 hours' cannot be read",
        _MOMENT,
    ),
    "a duration": Slip(
        "same_case_within: 28d",
        "same_case_within: 4 weeks",
        "case.same_case_within",
        "'4 weeks' cannot be read",
        "write a duration, such as `28d` or `6h`",
    ),
    "a moment to be close to": Slip(
        _CLOSEST,
        "pick: {closest: innkomst}",
        "variables.Score.from.0.pick.closest",
        "'innkomst' cannot be read",
        _MOMENT,
    ),
    "a named window": Slip(
        "window: {covers: case.start}",
        "window: at_admision",
        "variables.Insulin.from.0.window",
        "there is no window called 'at_admision'",
        "did you mean `at_admission`?",
    ),
    "a window with two ends": Slip(
        "window: {from: case.start, to: case.start + 24h}",
        "window: {from: case.start, to: case.start + 24h, before: case.end}",
        "variables.Score.from.0.window",
        "a window goes either `to` a moment or `before` it",
        "remove `to` or `before`",
    ),
    "a variable that is no time": Slip(
        "{covers: case.start}",
        "{covers: variable.Score}",
        "variables.Insulin.from.0.window.covers",
        "variable.Score is no time to count from",
        "name a variable of type date or datetime",
    ),
    # values
    "a number for a time": Slip(
        "{select: index, pick: last_recorded, value: start}",
        "{select: observation, codes: nihss-total, pick: last, value: quantity}",
        "variables.Onset.from.0.value",
        "`value` gives a number, and a variable of type datetime holds a time",
        "write `type: integer` or `decimal`, or `bands` that turn numbers into meanings",
    ),
    "a time for a code": Slip(
        _DIABETES_RULE,
        _DIABETES_RULE.replace('is: "yes"', "value: start"),
        "variables.Diabetes.from.0.value",
        "`value` gives a time, and a variable of type code holds a code",
        "write `type: datetime` or `date`, or `is` with a meaning",
    ),
    "a meaning for a number": Slip(
        "        value: quantity",
        '        is: "yes"',
        "variables.Score.from.0.is",
        "`is` gives a code, and a variable of type integer holds a number",
        "write `type: code` with `codes`, or choose another `value`",
    ),
    "a number for a code": Slip(
        _DIABETES_RULE,
        _DIABETES_RULE.replace('"yes"', "1"),
        "variables.Diabetes.from.0.is",
        "`is` gives a number, and a variable of type code holds a code",
        "write `type: integer` or `decimal`, or `bands` that turn numbers into meanings",
    ),
    "a number of a diagnosis": Slip(
        "select: observation\n        codes: nihss-total",
        "select: condition\n        codes: diabetes",
        "variables.Score.from.0.value",
        "an entry of kind condition has no number",
        "select one of `observation`, `answer`",
        "        value: quantity",
    ),
    "absence of a time": Slip(
        "      - {select: index, pick: last_recorded, value: start}",
        "      - {select: index, pick: last_recorded, value: start}\n    absent: {is: unknown, given: [condition]}",
        "variables.Onset.absent",
        "`absent` means a number where the variable is one, and a meaning where it is a code",
        "write `is: 0` for a number, `is: unknown` for a code; dates have no `absent`",
    ),
    "a factor that is none": Slip(
        '{"{score}": 1, "1": 1}',
        '{"{score}": 0, "1": 1}',
        "variables.Score.units.{score}",
        "greater than 0",
        "write a greater number",
    ),
    "a limit that is not a number": Slip(
        "hard: [0, 42]",
        "hard: [0, .nan]",
        "variables.Score.range.hard.1",
        "is no number",
        "write a number, or .inf where there is no limit",
    ),
    "more than the normed variable takes for possible": Slip(
        "hard: [0, 42]",
        "hard: [0, 100]",
        "variables.Score.range.hard",
        "nihss-total is possible within [0, 42] only",
        "write [0, 42]",
    ),
    "what is plausible, but not possible": Slip(
        "plausible: [0, 40]",
        "plausible: [0, 60]",
        "variables.Score.range.plausible",
        "`plausible` reaches outside `hard`",
        "write [0, 42], or widen `hard`",
    ),
    "bands that overlap": Slip(
        '[{below: 4, is: "yes"}, {is: "no"}]',
        '[{below: 4, is: "yes"}, {below: 3, is: unknown}, {is: "no"}]',
        "variables.Quick.from.0.bands",
        "`bands` go upwards, and only the last may leave `below` out",
        "write them in the order 3, 4",
    ),
    "a band with an unknown meaning": Slip(
        '{is: "no"}]',
        "{is: nei}]",
        "variables.Quick.from.0",
        "`codes` has no meaning nei",
        "there is `no`, `unknown`, `yes`",
        "      - between",
    ),
    "a meaning of absence that has no code": Slip(
        'absent: {is: "no", given: [medication_statement]}',
        "absent: {is: unknown, given: [medication_statement]}",
        "variables.Insulin.absent.is",
        "`codes` has no meaning unknown",
        "there is `no`, `yes`",
    ),
    "limits the wrong way round": Slip(
        "hard: [0, 42]",
        "hard: [42, 0]",
        "variables.Score.range.hard",
        "the first limit is above the second",
        "write [0, 42]",
    ),
    "both value and is": Slip(
        _DIABETES_RULE,
        _DIABETES_RULE.replace("is:", "value: start, is:"),
        "variables.Diabetes.from.0",
        "a rule gives one of `value`, `age_at` and `is`",
        "remove one of them",
    ),
    "two ways in one rule": Slip(
        "      - between: [Onset, Arrival]",
        "      - between: [Onset, Arrival]\n        select: death",
        "variables.Quick.from.0",
        "a rule has exactly one of `select`, `all`, `between`, `duration` and `expression`",
        "begin with `select: KIND_OF_ENTRY`",
        "      - between",
    ),
    # references
    "a variable that is not there": Slip(
        "between: [Onset, Arrival]",
        "between: [Onset, Arival]",
        "variables.Quick.from.0.between.1",
        "no variable called Arival",
        "did you mean `Arrival`?",
    ),
    "a variable that stands later": Slip(
        "between: [Onset, Arrival]",
        "between: [Onset, Score]",
        "variables.Quick.from.0.between.1",
        "Score must be a variable that stands before it",
        "move `Score` above `Quick`",
    ),
    "a derivation that goes in a circle": Slip(
        "    obligatory: true\n",
        '    when: {Insulin: ["yes"]}\n',
        "variables.Diabetes.when.Insulin",
        "cyclic: Diabetes → Insulin → Diabetes",
        "remove one of these references",
    ),
    "a condition on a meaning that is not there": Slip(
        'when: {Diabetes: ["yes"]}',
        "when: {Diabetes: [ja]}",
        "variables.Insulin.when.Diabetes",
        "Diabetes has no meaning ja",
        "there is `no`, `unknown`, `yes`",
    ),
    "an order of unknown dates": Slip(
        "then: Arrival",
        "then: Departure",
        "orders.0.then",
        "no variable called Departure",
        "there is `Arrival`, `Diabetes`, `Insulin`, `Onset`, `Quick`, `Score`, `Sex`, `Woke`",
    ),
    "an order of what is no time": Slip(
        "then: Arrival",
        "then: Score",
        "orders.0.then",
        "Score is of type integer, and has no order in time",
        "name a variable of type date or datetime",
    ),
    "an order of one time": Slip(
        "then: Arrival",
        "then: Onset",
        "orders.0.then",
        "Onset is compared with itself",
        "name another variable",
    ),
    # checks
    "a check of what is not there": Slip(
        "orders:",
        "checks:\n  - {name: a, rule: Scor > 3, severity: note, text: {nb: Ja, en: X}}\norders:",
        "checks.0.rule",
        "no variable called Scor",
        "did you mean `Score`?",
        "  - {name: a",
    ),
    "a check that is neither true nor false": Slip(
        "orders:",
        "checks:\n  - {name: a, rule: Score + 1, severity: note, text: {nb: Ja, en: X}}\norders:",
        "checks.0.rule",
        "it gives a number, and true or false is wanted",
        "see `expression` in docs/definition-language.md",
        "  - {name: a",
    ),
    "a check that says nothing": Slip(
        "orders:",
        'checks:\n  - {name: a, rule: Score > 3, severity: note, text: {nb: Ja, en: ""}}\norders:',
        "checks.0.text.en",
        "`en` is empty",
        "write a text",
        "  - {name: a",
    ),
    "a check of nothing": Slip(
        "orders:",
        "checks:\n  - {name: a, rule: 1 < 2, severity: note, text: {nb: Ja, en: X}}\norders:",
        "checks.0.rule",
        "it names no variable",
        "compare variables, such as `Start <= Stop`",
        "  - {name: a",
    ),
    # YAML
    "a tab": Slip(
        "    obligatory: true",
        "\tobligatory: true",
        "the file",
        "found character",
        "indent with spaces, not with tabs",
    ),
    "a text that begins with *": Slip(
        "title: {nb: Slag, en: Stroke}",
        "title: {nb: *Slag, en: Stroke}",
        "the file",
        "found undefined alias 'Slag'",
        "a text that begins with * stands in quotes",
    ),
    "a list where a word belongs": Slip(
        "    obligatory: true",
        "    ? [obligatory]\n    : true",
        "the file",
        "a word cannot be a list or a part",
        "write a word before the colon",
    ),
    "a day that does not exist": Slip(
        "legal_basis: Forskrift om medisinske kvalitetsregistre",
        "legal_basis: 2019-02-30",
        "the file",
        "'2019-02-30' is no day",
        "write a day that exists, or put the text in quotes",
    ),
    "a word that stands twice": Slip(
        "version: 1",
        "version: 1\nversion: 2",
        "the file",
        "'version' stands here twice",
        "rename or remove one of the two",
    ),
    "a list that is not closed": Slip(
        "stay_class: [IMP]",
        "stay_class: [IMP",
        "the file",
        "expected ',' or ']', but got",
        "a list or a text in quotes is open, or a line is not indented as its neighbours are",
        "  start: stay",
    ),
}


def _mistakes(text: str, folder: Path, snomed: Snomed) -> tuple[Mistake, ...]:
    path = folder / "definition.yaml"
    path.write_text(text, encoding="utf-8")
    return mistakes_of(path, load_catalogue(), snomed)


def _line(text: str, slip: Slip) -> int:
    lines = text.splitlines()
    if slip.at:
        return next(number for number, line in enumerate(lines, start=1) if line.startswith(slip.at))
    return next(
        n for n, (ours, right) in enumerate(zip(lines, RIGHT.splitlines(), strict=False), start=1) if ours != right
    )


def test_what_is_right_has_no_mistakes(tmp_path: Path, snomed: Snomed) -> None:
    assert _mistakes(RIGHT, tmp_path, snomed) == ()


@pytest.mark.parametrize("kind", SLIPS)
def test_a_mistake_is_told_with_line_cause_and_suggestion(kind: str, tmp_path: Path, snomed: Snomed) -> None:
    slip = SLIPS[kind]
    assert RIGHT.count(slip.old) >= 1
    text = RIGHT.replace(slip.old, slip.new, 1)
    (mistake,) = _mistakes(text, tmp_path, snomed)
    assert (mistake.place, mistake.suggestion) == (slip.place, slip.suggestion)
    assert slip.cause in mistake.cause
    assert mistake.line == _line(text, slip)


def test_there_are_more_than_forty_kinds() -> None:
    assert len({(slip.cause, slip.suggestion) for slip in SLIPS.values()}) > 40
    assert all(slip.suggestion for slip in SLIPS.values())


TEN = (
    "a status",
    "an unknown set of codes",
    "an order of unknown dates",
    "bands that overlap",
    "no label",
    "an anchor",
    "an expression with a wrong word",
    "a derivation that goes in a circle",
    "a code that is none",
    "a map for another variable",
)


def test_ten_mistakes_in_one_file_are_ten_lines(tmp_path: Path, snomed: Snomed) -> None:
    text = RIGHT
    for kind in TEN:
        slip = SLIPS[kind]
        assert slip.old in text
        text = text.replace(slip.old, slip.new, 1)
    found = _mistakes(text, tmp_path, snomed)
    assert len(found) == 10
    assert {(one.place, one.suggestion) for one in found} == {(SLIPS[k].place, SLIPS[k].suggestion) for k in TEN}
    assert [one.line for one in found] == sorted(one.line for one in found)
    assert found[0].told("x.yaml") == (
        "x.yaml:3: status: 'utkast' is not one of draft, approved, active, retired; choose one of these"
    )


def test_parts_inside_each_other_too_deep_are_told(tmp_path: Path, snomed: Snomed) -> None:
    (mistake,) = _mistakes("a: " + "[" * 5_000, tmp_path, snomed)
    assert mistake.suggestion == "a definition needs no more than ten levels"


def test_a_check_without_a_rule_hides_no_other(tmp_path: Path, snomed: Snomed) -> None:
    checks = """\
checks:
  - {name: a, rule: "Score >", severity: note, text: {nb: Ja, en: X}}
  - {name: b, rule: Scor > 3, severity: bad, text: {nb: Ja, en: X}}
  - {name: c, rule: Score + 1, severity: note, text: {nb: Ja, en: X}}
  - {name: d, rule: Score > 3, severity: note, text: {nb: Ja, en: X}, variables: [Skore]}
orders:
  - {then: Score}
  - {first: Onset, then: Sex}
"""
    text = RIGHT.replace("orders:\n  - {first: Onset, then: Arrival}\n", checks)
    assert [mistake.place for mistake in _mistakes(text, tmp_path, snomed)] == [
        "checks.0.rule",
        "checks.1.severity",
        "checks.1.rule",
        "checks.2.rule",
        "checks.3.variables.0",
        "orders.0.first",
        "orders.0.then",
        "orders.1.then",
    ]


def test_a_rule_that_cannot_be_bound_hides_no_other_of_its_variable(tmp_path: Path, snomed: Snomed) -> None:
    text = RIGHT.replace("normed: nihss-total", "normed: nihs").replace(_CLOSEST, "pick: {closest: innkomst}")
    further = "        value: quantity\n      - {select: observation, codes: rankine, pick: last, value: quantity}\n"
    text = text.replace("        value: quantity\n", further)
    assert [mistake.place for mistake in _mistakes(text, tmp_path, snomed)] == [
        "variables.Score.normed",
        "variables.Score.from.0.pick.closest",
        "variables.Score.from.1.codes",
    ]


_OTHER = SLIPS["a code that is none"]
_TWICE = RIGHT.replace(_OTHER.old, _OTHER.new, 1)
#: Mistakes that neither stop the reading of the file nor are in the place of the other one.
_BESIDE = [
    name
    for name, slip in SLIPS.items()
    if slip.place != "the file" and slip.old in _TWICE and name != "a variable that is no time"
]


@pytest.mark.parametrize("first", _BESIDE)
def test_no_mistake_hides_another(first: str, tmp_path: Path, snomed: Snomed) -> None:
    """Whatever else is wrong (in YAML that can be read), an unknown code system further down is told too."""
    slip, other, text = SLIPS[first], _OTHER, _TWICE
    found = _mistakes(text.replace(slip.old, slip.new, 1), tmp_path, snomed)
    assert {slip.place, other.place} <= {one.place for one in found}


def test_a_definition_is_refused_with_what_can_be_said_without_a_release(tmp_path: Path) -> None:
    path = tmp_path / "definition.yaml"
    text = RIGHT.replace("status: draft", "status: utkast").replace("obligatory: true", "obligatry: true")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as raised:
        load_definition(path)
    assert [line.split(": ")[0] for line in str(raised.value).splitlines()] == [f"{path}:3", f"{path}:59"]


@pytest.mark.parametrize("text", ["", "just text", "[1, 2]", "variables: {A: , B: 3}", "case: 5\nvariables: []"])
def test_what_is_no_definition_at_all_is_told_and_never_fails(text: str, tmp_path: Path, snomed: Snomed) -> None:
    assert _mistakes(text, tmp_path, snomed)


def test_a_file_that_is_not_there_is_a_mistake_too(tmp_path: Path, snomed: Snomed) -> None:
    (mistake,) = mistakes_of(tmp_path / "gone.yaml", load_catalogue(), snomed)
    assert mistake.cause.startswith("cannot be read")


@pytest.mark.parametrize(
    ("word", "words", "told"),
    [
        ("Automatik", ["automatic", "manual"], "did you mean `automatic`?"),
        ("x", ["automatic", "manual"], "there is `automatic`, `manual`"),
        ("x", [], "see above"),
        ("x", [str(number) for number in range(20, 40)], "see above"),
    ],
)
def test_a_suggestion_is_the_likest_word_else_the_few_there_are(word: str, words: list[str], told: str) -> None:
    assert did_you_mean(word, words, "see above") == told
