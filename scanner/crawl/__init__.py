"""From a folder to assets: walk, sequences, sidecars, zones."""
