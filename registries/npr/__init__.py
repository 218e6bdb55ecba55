"""The Norwegian Patient Registry: the episode report (`ord`) and, kept apart, who the patients are (`ide`), 53.1.3."""
