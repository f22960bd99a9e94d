"""From marks and matches to findings and verdicts."""
