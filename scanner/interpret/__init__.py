"""From readings to marks, provenance and the state of credentials."""
