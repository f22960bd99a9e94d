"""Names and versions of what pictures are recognised by. Only equal ones are compared."""

from __future__ import annotations

GLOBAL_HASH = "dct256/1"
"""Of `fingerprint.dct_hash`."""
LOCAL_FEATURES = "sift128/1"
"""Of `fingerprint.local_features`: of selection, vocabulary and coding together."""
