"""Explanations, held against tables of sentences and against everything the language can say."""
