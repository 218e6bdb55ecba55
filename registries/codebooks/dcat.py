"""Registries as datasets in a data catalogue: JSON-LD in the manner of DCAT-AP-NO.

Vocabularies: DCAT (https://www.w3.org/TR/vocab-dcat-3/) with what DCAT-AP-NO makes mandatory of a dataset (description,
contact point, theme, title, publisher) and recommends (concepts, access rights, identifier); variables as CSVW columns
(https://www.w3.org/TR/tabular-metadata/), which is also what HealthDCAT-AP does; normed variables as SKOS concepts. The
description of a registry holds no data and names no distribution: the registry's holder gives access.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registries.catalogue import Catalogue, NormedVariable, Words
from registries.definition import Definition, Text, Variable

_Json = dict[str, Any]
CONTEXT: Final[Mapping[str, str]] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "csvw": "http://www.w3.org/ns/csvw#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_EU: Final = "http://publications.europa.eu/resource/authority/"
_HEALTH: Final = f"{_EU}data-theme/HEAL"
_NON_PUBLIC: Final = f"{_EU}access-right/NON_PUBLIC"
_LANGUAGES: Final = tuple(f"{_EU}language/{code}" for code in ("NOB", "ENG"))
_DATATYPES: Final = {
    **{"code": "xsd:string", "integer": "xsd:integer", "decimal": "xsd:decimal"},
    **{"date": "xsd:date", "datetime": "xsd:dateTime"},
}


@dataclass(frozen=True, slots=True)
class About:
    """What is said of the catalogue itself: its title, what it holds, and who answers for it."""

    title: Text
    description: Text
    publisher: str


def graph(definitions: Sequence[Definition], catalogue: Catalogue, about: About) -> _Json:
    """A catalogue with one dataset per registry, and the concepts that its variables stand for, as JSON-LD."""
    used = dict.fromkeys(one.normed for definition in definitions for one in definition.variables.values())
    concepts = [concept for name in used if (concept := _concept(name, catalogue)) is not None]
    datasets = [_dataset(one, catalogue) for one in definitions]
    return {"@context": dict(CONTEXT), "@graph": [_catalogue(datasets, about), *datasets, *concepts]}


def _catalogue(datasets: Iterable[_Json], about: About) -> _Json:
    return {
        "@id": "urn:registerbro:registries",
        "@type": "dcat:Catalog",
        "dct:identifier": "urn:registerbro:registries",
        "dct:title": _texts(about.title),
        "dct:description": _texts(about.description),
        "dct:publisher": _agent(about.publisher),
        "dcat:contactPoint": _contact(about.publisher),
        "dct:language": [{"@id": uri} for uri in _LANGUAGES],
        "dcat:themeTaxonomy": {"@id": f"{_EU}data-theme"},
        "dcat:dataset": [{"@id": one["@id"]} for one in datasets],
    }


def _dataset(definition: Definition, catalogue: Catalogue) -> _Json:
    name = f"urn:registerbro:{definition.registry}"
    variables = definition.variables
    concepts = dict.fromkeys(_concept_id(one.normed, catalogue) for one in variables.values())
    columns = [_column(key, one, catalogue) for key, one in variables.items()]
    return {
        "@id": name,
        "@type": "dcat:Dataset",
        "dct:identifier": name,
        "dct:title": _texts(definition.title),
        "dct:description": _texts(_listed(definition)),
        "dct:publisher": _agent(definition.message.receiver),
        "dcat:contactPoint": _contact(definition.message.receiver),
        "dcat:theme": {"@id": _HEALTH},
        "dct:accessRights": {"@id": _NON_PUBLIC},
        "dcat:version": str(definition.version),
        "cpsv:follows": {"@type": "cpsv:Rule", "dct:description": _texts(definition.legal_basis)},
        "dct:subject": [{"@id": concept} for concept in concepts],
        "csvw:tableSchema": {"@type": "csvw:Schema", "csvw:column": {"@list": columns}},
    }


def _listed(definition: Definition) -> Text:
    """The description: the title, and what the variables are called."""
    labels = [variable.label for variable in definition.variables.values()]
    nb, en = (", ".join(getattr(label, language) for label in labels) for language in ("nb", "en"))
    return Text(
        nb=f"{definition.title.nb}: {len(labels)} variabler ({nb}).",
        en=f"{definition.title.en}: {len(labels)} variables ({en}).",
    )


def _column(name: str, variable: Variable, catalogue: Catalogue) -> _Json:
    normed = catalogue.find(variable.normed)
    made = {
        "@type": "csvw:Column",
        "csvw:name": name,
        "csvw:title": _texts(variable.label),
        "csvw:datatype": {"@id": _DATATYPES[variable.type]},
        "csvw:required": variable.obligatory,
        "dct:subject": {"@id": _concept_id(variable.normed, catalogue)},
    }
    if normed is not None:
        made["dct:description"] = _texts(normed.definition)
    return made


def _concept_id(reference: str, catalogue: Catalogue) -> str:
    """A concept stands for one version of a variable, so that a definition goes on meaning what it meant."""
    name, found = reference.partition("@")[0], catalogue.find(reference)
    return f"urn:registerbro:catalogue:{name}" + (f":{found.version}" if found else "")


def _concept(reference: str, catalogue: Catalogue) -> _Json | None:
    found = catalogue.find(reference)
    if found is None:
        return None
    made: _Json = {
        "@id": _concept_id(reference, catalogue),
        "@type": "skos:Concept",
        "dct:identifier": f"{reference.partition('@')[0]}@{found.version}",
        "skos:prefLabel": _texts(found.label),
        "skos:definition": _texts(found.definition),
        "owl:versionInfo": str(found.version),
    }
    made |= {key: {"@type": "xsd:date", "@value": given.isoformat()} for key, given in _days(found)}
    if after := catalogue.successors(reference):
        made["dct:isReplacedBy"] = {"@id": _concept_id(after[-1], catalogue)}
    if found.owner:
        made["dct:publisher"] = _agent(found.owner)
    return made


def _days(found: NormedVariable) -> Iterator[tuple[str, Any]]:
    days = {"dcat:startDate": found.valid_from, "dcat:endDate": found.valid_to}
    return ((key, given) for key, given in days.items() if given is not None)


def _agent(name: str) -> _Json:
    return {"@type": "foaf:Agent", "foaf:name": name}


def _contact(name: str) -> _Json:
    return {"@type": "vcard:Organization", "vcard:fn": name}


def _texts(text: Text | str) -> list[dict[str, str]]:
    """A text by language, without the languages in which it is empty; a bare text is bokmål."""
    if isinstance(text, str):
        return [{"@language": "nb", "@value": text}]
    both = {"nb": text.nb, "en": text.en}
    if isinstance(text, Words) and text.nn:
        both["nn"] = text.nn
    return [{"@language": language, "@value": words} for language, words in both.items() if words]
