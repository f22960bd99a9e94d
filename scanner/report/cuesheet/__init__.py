"""The GenAI cue sheet: one row for each use of generative AI, partly filled in by a scan, the rest by people."""
