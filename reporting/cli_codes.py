"""The commands on codes: look up, search, select by an expression, map."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
import numpy as np

from reporting.console import PATH, USAGE, note, refuse
from reporting.home import Home
from reporting.library import release_of
from terminology.classifications.model import Classification
from terminology.classifications.search import search as search_classification
from terminology.codes import SNOMED
from terminology.snomed.descriptions import READING_ORDER
from terminology.snomed.ecl import EclError, matches, parse, rows, write
from terminology.snomed.ecl.ast import MemberOf
from terminology.snomed.map_shown import (
    MapUsage,
    context_of,
    find_map,
    map_lines,
    reverse_lines,
    shown_map,
    shown_reverse,
)
from terminology.snomed.resolution import resolve
from terminology.snomed.search import SearchOptions
from terminology.snomed.view import Release
from terminology.store import open_systems
from terminology.systems import Entry

_release = click.option("--release", "name", help="Name of the release; the newest of SNOMED CT when left out.")
_json = click.option("--json", "as_json", is_flag=True)
_lang = click.option("--lang", "languages", multiple=True, help="A language, e.g. nb; may be repeated, best first.")


def _chain(languages: tuple[str, ...]) -> tuple[str, ...]:
    """The languages asked for, and then the others: a term that is not translated yet is found all the same."""
    return tuple(dict.fromkeys((*languages, *READING_ORDER)))


def _classification(home: Home, name: str | None) -> Classification | None:
    found = open_systems(home.releases).named(name) if name else None
    return found if isinstance(found, Classification) else None


@click.command(help="Show a code: terms, parents, history.")
@click.argument("code")
@_release
@_lang
@_json
@click.pass_obj
def lookup(home: Home, code: str, name: str | None, languages: tuple[str, ...], as_json: bool) -> None:
    """Look up a concept by its identifier, or a code of the classification that `--release` names."""
    chosen = _chain(languages)
    if (classification := _classification(home, name)) is not None:
        entry = classification.entry(code, chosen)
        if entry is None:
            refuse(f"{code!r} is not a code of {classification.name}")
        _entry_told(classification, entry, as_json)
        return
    release = release_of(home, name, note).release
    if not (code.isascii() and code.isdigit() and release.has(int(code))):
        refuse(f"{code!r} is not a concept of {release.info.name}")
    try:
        _concept_told(release, int(code), chosen, as_json)
    except ValueError as error:
        refuse(str(error))


def _entry_told(classification: Classification, entry: Entry, as_json: bool) -> None:
    if as_json:
        shown = {
            "code": entry.code,
            "system": classification.uri,
            "release": classification.name,
            "version": classification.version,
            "active": entry.active,
            "display": entry.display,
            "descriptions": [{"language": d.language, "use": d.use, "term": d.term} for d in entry.designations],
            "parents": list(entry.parents),
            "properties": dict(entry.properties),
            "valid_from": entry.valid_from and entry.valid_from.isoformat(),
            "valid_to": entry.valid_to and entry.valid_to.isoformat(),
        }
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"{entry.code}  {entry.display}" + ("" if entry.active else "  (inactive)"))
    for designation in entry.designations:
        click.echo(f"  {designation.language}  {designation.use}  {designation.term}")
    for parent in entry.parents:
        click.echo(f"  is a  {parent}")


def _concept_told(release: Release, sctid: int, languages: tuple[str, ...], as_json: bool) -> None:
    shown = {
        "code": str(sctid),
        "system": SNOMED,
        "release": release.info.name,
        "version": release.info.uri,
        "active": release.is_active(sctid),
        "display": release.preferred_term(sctid, languages),
        "fsn": release.fsn(sctid),
        "descriptions": [
            {"language": d.language, "use": d.type, "active": d.active, "term": d.term}
            for d in release.descriptions(sctid)
        ],
        "parents": {str(one): release.preferred_term(one, languages) for one in sorted(release.parents(sctid))},
        "history": [{"kind": a.kind, "target": str(a.target)} for a in release.history(sctid)],
    }
    resolution = resolve(release, sctid)
    shown["replaced_by"] = None if resolution.certain is None else str(resolution.certain)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"{sctid}  {shown['display']}" + ("" if shown["active"] else "  (inactive)"))
    for description in release.descriptions(sctid):
        if description.active:
            click.echo(f"  {description.language}  {description.term}")
    for parent in sorted(release.parents(sctid)):
        click.echo(f"  is a  {parent}  {release.preferred_term(parent, languages)}")
    for association in release.history(sctid):
        click.echo(
            f"  {association.kind}  {association.target}  {release.preferred_term(association.target, languages)}"
        )


@click.command(help="Search terms by beginnings of words, in any order, misspellings allowed.")
@click.argument("text")
@click.option("--ecl", "within", help="Only concepts that satisfy this expression.")
@click.option("--tag", "tags", multiple=True, help="Only concepts with this semantic tag; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Inactive concepts and descriptions too.")
@click.option("--fold", is_flag=True, help="Let a find å and æ, and o find ø.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@_lang
@_release
@_json
@click.pass_obj
def search(  # noqa: PLR0913, PLR0917 (one for each option)
    home: Home,
    text: str,
    within: str | None,
    tags: tuple[str, ...],
    everything: bool,
    fold: bool,
    limit: int,
    languages: tuple[str, ...],
    name: str | None,
    as_json: bool,
) -> None:
    """Search; the best first."""
    if (classification := _classification(home, name)) is not None:
        found = search_classification(classification, text, limit, _chain(languages))
        hits: list[dict[str, object]] = [{"code": one.code, "term": one.display} for one in found.entries]
        _hits_told(classification.name, found.total, hits, as_json)
        return
    release = release_of(home, name, note).release
    try:
        options = SearchOptions(
            languages=_chain(languages),
            within=None if within is None else matches(release, within),
            semantic_tags=tags,
            active=not everything,
            fold=fold,
            limit=limit,
        )
        result = release.search(text, options)
    except ValueError as error:
        refuse(str(error))
    hits = [
        {"code": str(hit.concept), "term": hit.term, "display": hit.preferred, "fsn": hit.fsn, "marks": hit.marks}
        for hit in result.hits
    ]
    _hits_told(release.info.name, result.total, hits, as_json)


def _hits_told(release: str, total: int, hits: list[dict[str, object]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"release": release, "total": total, "hits": hits}, ensure_ascii=False))
        return
    for hit in hits:
        preferred = hit.get("display")
        click.echo(f"{hit['code']}\t{hit['term']}" + (f"\t{preferred}" if preferred not in (None, hit["term"]) else ""))
    if total > len(hits):
        note(f"{total} in all")


@click.command(help="Select concepts by an expression constraint, or check that expressions can be read.")
@click.argument("expression", required=False)
@click.option(
    "--parse", "files", multiple=True, type=PATH, help="Read this file instead, and print its canonical form."
)
@click.argument("more", nargs=-1, type=PATH)
@_release
@_json
@click.option("--count", is_flag=True, help="Only how many there are.")
@click.pass_obj
def ecl(
    home: Home,
    expression: str | None,
    files: tuple[Path, ...],
    more: tuple[Path, ...],
    name: str | None,
    as_json: bool,
    count: bool,
) -> None:
    """Evaluate an expression; concepts in order of their identifiers."""
    if files:
        _parse_files([*files, *([Path(expression)] if expression else []), *more])
        return
    if expression is None or more:
        refuse("one expression is needed; quote it")
    release = release_of(home, name, note).release
    tree = parse(expression)
    if isinstance(tree, MemberOf) and tree.fields:
        _rows_told(release, rows(release, tree), as_json, count)
        return
    found = np.flatnonzero(matches(release, tree))
    if count:
        click.echo(str(len(found)))
        return
    listed = zip(release.ids[found].tolist(), release.preferred_terms(found), strict=True)
    if as_json:
        concepts = [{"code": str(sctid), "display": term} for sctid, term in listed]
        told = {"release": release.info.name, "total": len(concepts), "concepts": concepts}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo("".join(f"{sctid}\t{term}\n" for sctid, term in listed), nl=False)


def _rows_told(release: Release, found: tuple[dict[str, str], ...], as_json: bool, count: bool) -> None:
    if count:
        click.echo(str(len(found)))
    elif as_json:
        click.echo(json.dumps({"release": release.info.name, "total": len(found), "rows": found}, ensure_ascii=False))
    else:
        for row in found:
            click.echo("\t".join(row.values()))


def _parse_files(files: list[Path]) -> None:
    """The canonical form of each file's expression, or the error with its column; ends badly if any is wrong."""
    wrong = False
    for file in files:
        try:
            click.echo(f"{file.name}\t{write(parse(file.read_text(encoding='utf-8')))}")
        except (OSError, UnicodeDecodeError, EclError) as error:
            wrong = True
            note(f"{file.name}: {error}")
    if wrong:
        sys.exit(USAGE)


@click.command("map", help="What a map gives for a concept, or with --reverse which concepts lead to a code.")
@click.argument("refset")
@click.argument("code")
@click.option("--age", help="Of the patient: 12, 12y, 5mo, 3w or 28d.")
@click.option("--sex", help="Of the patient: F or M.")
@click.option("--finding", "findings", multiple=True, help="A concept that is present; may be repeated.")
@click.option("--reverse", is_flag=True, help="CODE is a code of the target.")
@_release
@_json
@click.pass_obj
def map_command(  # noqa: PLR0913, PLR0917 (one for each option)
    home: Home,
    refset: str,
    code: str,
    age: str | None,
    sex: str | None,
    findings: tuple[str, ...],
    reverse: bool,
    name: str | None,
    as_json: bool,
) -> None:
    """Evaluate a map of a release; REFSET is its identifier or a part of its name."""
    release = release_of(home, name, note).release
    try:
        wanted = find_map(release, refset)
        context = context_of(age, sex, findings or None)
    except MapUsage as error:
        refuse(str(error))
    if reverse:
        shown = shown_reverse(release, wanted, code)
        lines = reverse_lines(shown)
    else:
        if not (code.isascii() and code.isdigit() and release.has(int(code))):
            refuse(f"{code!r} is not a concept of {release.info.name}; is it a target? then add --reverse")
        shown = shown_map(release, wanted, int(code), context)
        lines = map_lines(shown)
    click.echo(json.dumps(shown, ensure_ascii=False) if as_json else "\n".join(lines))
