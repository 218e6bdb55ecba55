"""SNOMED CT: RF2 releases, hierarchy, descriptions, history and ECL."""
