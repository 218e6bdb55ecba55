"""The national catalogue: normed variables, named sets of codes and maps, as YAML files beside this module.

A definition binds to the newest published version of a variable (`normed: smoking`) or to a version (`smoking@2`).
"""

from registries.catalogue.content import Catalogue
from registries.catalogue.loading import load_catalogue, read_edited, with_edited
from registries.catalogue.variable import NormedVariable, Words

__all__ = ["Catalogue", "NormedVariable", "Words", "load_catalogue", "read_edited", "with_edited"]
