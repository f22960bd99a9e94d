"""Nouns and protocols: what the parts of the scanner say to each other. Standard library only."""
