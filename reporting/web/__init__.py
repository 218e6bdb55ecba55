"""Pages for people: what was reported, why each value is what it is, what came back. Reading only, no scripts."""
