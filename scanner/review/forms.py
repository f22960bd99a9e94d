"""Forms as they come in; `access` has read them whole and checked where they come from."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

FIELDS_LIMIT = 2000


def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form, the last of those that have one name."""
    body: bytes = request.scope["review.body"]
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=FIELDS_LIMIT))
