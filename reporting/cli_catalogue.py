"""The commands on the catalogue of normed variables: list, show, search, usage, candidates, import, export."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import msgspec
import yaml

from registries.catalogue import Catalogue, NormedVariable, load_catalogue
from registries.catalogue.candidates import Described, candidates, described, described_fields
from registries.catalogue.search import search
from registries.catalogue.usage import Use, usage
from registries.codebooks import Codebook, CodebookError, Read, openqreg, plain, questionnaire
from registries.codebooks.dcat import About, graph
from registries.codebooks.definitions import codebook_of
from registries.codebooks.drafts import Drafts, drafts_of, slug
from registries.codebooks.reading import read_codebook
from registries.definition import Definition
from registries.problems import did_you_mean
from reporting.catalogue_shown import candidate_lines, counted, lines, listed, read_line, use_line
from reporting.console import PATH, SOME_UNREAD, note, now, refuse
from reporting.editing import catalogue_of, changes_of
from reporting.editing import edit as keep_edited
from reporting.home import Home
from reporting.library import definition_of, definitions
from reporting.texts import text

_json = click.option("--json", "as_json", is_flag=True)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group(help="Normed variables: list, show, search, who uses which, what may be merged, import and export.")
def catalogue() -> None:
    """Commands on the catalogue of normed variables."""


@catalogue.command("list", help="List normed variables: name and version, type and unit, label.")
@click.option("--at", "day", type=_DAY, help="As the catalogue was valid on a day; now when left out.")
@_json
@click.pass_obj
def list_command(home: Home, day: datetime | None, as_json: bool) -> None:
    """The version of each variable that its bare name means."""
    whole = catalogue_of(home) if day is None else catalogue_of(home).at(day.date())
    if as_json:
        _print([_plain(name, variable) for name, variable in whole.variables.items()])
        return
    for name, variable in whole.variables.items():
        click.echo(listed(name, variable))


@catalogue.command(help="Show all about a variable: `smoking`, or one version of it: `smoking@2`.")
@click.argument("name")
@_json
@click.pass_obj
def show(home: Home, name: str, as_json: bool) -> None:
    """Metadata, values, and the registries that use it."""
    whole = catalogue_of(home)
    variable = _found(whole, name)
    uses = _uses(home, whole, name)
    bare = name.partition("@")[0]
    if as_json:
        versions = [one.version for one in whole.history(bare)]
        told = {"versions": versions, "used_by": _data(uses), "changes": _data(changes_of(home, bare))}
        _print(_plain(bare, variable) | told)
        return
    click.echo("\n".join(lines(bare, variable, whole, uses)))
    for change in changes_of(home, bare):
        click.echo(f"  {change.at:%Y-%m-%d %H:%M}Z\t{bare}@{change.version}\t{change.status}\t{change.by}")


@catalogue.command(help="Keep versions of normed variables from a file like the catalogue's `variables.yaml`.")
@click.argument("file", type=PATH)
@click.option("--by", required=True, help="Who edits: a person's name.")
@_json
@click.pass_obj
def edit(home: Home, file: Path, by: str, as_json: bool) -> None:
    """Checked like the catalogue's own files; drafts change, what is published never does."""
    try:
        text_ = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{file}: cannot be read: {error}")
    kept = keep_edited(home, text_, by, now, str(file))
    if as_json:
        _print(list(kept))
        return
    for reference in kept:
        click.echo(f"{reference}: kept")
    if not kept:
        click.echo("nothing differs from what is kept already")


@catalogue.command("search", help="Find variables by words in bokmål, nynorsk or English.")
@click.argument("words", nargs=-1, required=True)
@_json
@click.pass_obj
def search_command(home: Home, words: tuple[str, ...], as_json: bool) -> None:
    """Variables in which every word begins some word of the description; the best first."""
    found = search(catalogue_of(home), " ".join(words))
    if as_json:
        _print([_plain(one.name, one.variable) | {"score": one.score} for one in found])
        return
    for one in found:
        click.echo(listed(one.name, one.variable))


@catalogue.command("usage", help="Which registries use which variable, with which code list.")
@click.argument("name", required=False)
@_json
@click.pass_obj
def usage_command(home: Home, name: str | None, as_json: bool) -> None:
    """Uses of one variable, or of all."""
    whole = catalogue_of(home)
    if name is not None:
        _found(whole, name)
    uses = _uses(home, whole, name)
    if as_json:
        _print(_data(uses))
        return
    for use in uses:
        click.echo(f"{use.normed}@{use.version or '?'}\t{use_line(use)}")


@catalogue.command("candidates", help="Variables that may mean the same: in the catalogue, and in codebooks beside it.")
@click.argument("files", nargs=-1, type=PATH)
@click.option("--within", is_flag=True, help="Also pairs within one codebook.")
@click.option("--least", type=click.IntRange(0, 100), default=70, show_default=True, help="Leave lower scores out.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Pairs shown.")
@_json
@click.pass_obj
def candidates_command(
    home: Home, files: tuple[Path, ...], within: bool, least: int, limit: int, as_json: bool
) -> None:
    """Pairs with score and reasons, the best first. Nothing is merged."""
    every: list[Described] = list(described(catalogue_of(home)))
    for file in files:
        every += described_fields(_read(file).codebook)
    found = candidates(every, least, across=bool(files) and not within)
    if as_json:
        _print(_data(found))
        return
    for one in found[:limit]:
        click.echo("\n".join(candidate_lines(one)))
    if len(found) > limit:
        note(f"{len(found) - limit} more pairs: --limit shows them")


@catalogue.command("import", help="Read a codebook (OpenQReg CSV, FHIR Questionnaire, JSON) and make drafts of it.")
@click.argument("file", type=PATH)
@click.option("--out", type=PATH, help="A folder for the drafts; it must not exist, or be empty.")
@_json
@click.pass_obj
def import_command(home: Home, file: Path, out: Path | None, as_json: bool) -> None:
    """What was read, what was not, and drafts to edit."""
    found = _read(file)
    for problem in found.problems:
        note(str(problem))
    drafts = drafts_of(found.codebook, catalogue_of(home).names)
    if out is not None:
        for problem in drafts.problems:
            note(str(problem))
        _written(drafts, out)
    if as_json:
        forms, fields, choices = counted(found.codebook)
        told = {"title": found.codebook.title, "forms": forms, "fields": fields, "values": choices}
        _print(told | {"drafts": len(drafts.variables), "problems": _data(found.problems)})
    else:
        click.echo(read_line(found))
    if any(problem.left_out for problem in found.problems):
        sys.exit(SOME_UNREAD)


@catalogue.command(help="Write a registry, or all of them, as a codebook; with json and no registry, the catalogue.")
@click.argument("registry", required=False)
@click.option("--format", "form", type=click.Choice(["csv", "questionnaire", "json", "dcat"]), required=True)
@click.option("--out", type=PATH, help="A file; the terminal when left out.")
@click.pass_obj
def export(home: Home, registry: str | None, form: str, out: Path | None) -> None:
    """Export definitions and the catalogue."""
    whole = catalogue_of(home)
    wanted = [definition_of(home, registry)] if registry else list(_definitions(home))
    if form == "dcat":
        about = About(text("registries.title"), text("registries.description"), home.sender)
        content = msgspec.json.format(msgspec.json.encode(graph(wanted, whole, about)), indent=2) + b"\n"
    elif form == "json" and registry is None:
        every = [_plain(name, one) for name in whole.names for one in whole.history(name)]
        content = msgspec.json.format(msgspec.json.encode(every), indent=2) + b"\n"
    else:
        write = {"csv": openqreg.write, "questionnaire": questionnaire.write, "json": plain.write}[form]
        content = write(_together([codebook_of(one, whole) for one in wanted]))
    if out is None:
        click.echo(content.decode("utf-8"), nl=False)
    else:
        out.write_bytes(content)


def _together(books: list[Codebook]) -> Codebook:
    """One codebook of several: a form for each registry."""
    if len(books) == 1:
        return books[0]
    forms = tuple(form for book in books for form in book.forms)
    return Codebook(text("registries.title").nb, forms)


def _written(drafts: Drafts, out: Path) -> None:
    """A folder that loads as a catalogue, and each form as the variables of a definition. Nothing is written over."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            refuse(f"{out} is not empty: nothing was written")
        _yaml(out / "variables.yaml", drafts.variables)
        shipped = load_catalogue()
        answers = next((one.values for one in shipped.variables.values() if one.list == "yes-no"), {})
        _yaml(
            out / "lists.yaml",
            {"yes-no": {name: words.model_dump(exclude_none=True) for name, words in answers.items()}},
        )
        _yaml(out / "sets.yaml", {})
        for form, variables in drafts.forms.items():
            _yaml(out / "definitions" / f"{slug(form)}.yaml", {"variables": variables})
    except OSError as error:
        refuse(f"{out}: {error.strerror}")


def _yaml(path: Path, content: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8")


def _read(file: Path) -> Read:
    try:
        return read_codebook(file)
    except CodebookError as error:
        refuse(str(error))


def _found(whole: Catalogue, name: str) -> NormedVariable:
    variable = whole.find(name)
    if variable is None:
        refuse(_missing(whole, name))
    return variable


def _missing(whole: Catalogue, name: str) -> str:
    """That there is no such variable, or no such version of it, and what there is."""
    bare = name.partition("@")[0]
    if versions := [str(one.version) for one in whole.history(bare)]:
        return f"the catalogue has no {name!r}; {bare} has version {', '.join(versions)}"
    return "; ".join(filter(None, (f"the catalogue has no variable {name!r}", did_you_mean(bare, whole.names))))


def _definitions(home: Home) -> tuple[Definition, ...]:
    found, broken = definitions(home)
    for error in broken:
        note(str(error))
    return tuple(found.values())


def _uses(home: Home, whole: Catalogue, name: str | None) -> tuple[Use, ...]:
    return usage(whole, _definitions(home), name)


def _plain(name: str, variable: NormedVariable) -> dict[str, Any]:
    told = variable.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=False)
    return {"name": name, **told}


def _data(values: object) -> Any:
    return msgspec.to_builtins(values)


def _print(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
