"""Readers: one source of provenance each, one protocol."""
