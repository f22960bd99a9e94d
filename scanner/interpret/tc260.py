"""The implicit label of China's GB 45438-2025: a small JSON object under the key ``AIGC``.

``Label`` is ``"1"`` (generated), ``"2"`` (possibly) or ``"3"`` (suspected). The four letters alone are used by others, so at
least one of the standard's fields must be there.
"""

from __future__ import annotations

import re

from scanner.interpret.document import Document, Hit, Json, as_object, scalar
from scanner.model.marks import Confidence

_STANDARD_FIELDS = frozenset(
    ("label", "contentproducer", "produceid", "reservedcode1", "reservedcode2", "contentpropagator", "propagateid")
)
_FIELDS = _STANDARD_FIELDS | {"serviceprovider", "serviceuser"}
"""The standard's fields, and Tencent's names for two of them."""
_LOOSE_FIELD = re.compile(
    r"""["'](Label|ContentProducer|ProduceID|ContentPropagator|PropagateID)["']\s*:\s*["']?([^"',}]{0,200})"""
)
_LABELS = {"1": Confidence.DEFINITIVE, "2": Confidence.STRONG, "3": Confidence.WEAK}
_COMPANY_CODE = re.compile(r"\d{3}1?([0-9A-HJ-NPQRTUWXY]{18})\d{0,5}")
"""Three digits, a 1, the 18 characters of the Unified Social Credit Code (GB 32100), five digits of the vendor's own."""


def match_aigc_label(document: Document) -> Hit | None:
    """Match the value of a key named AIGC; its number sets how sure it is, its producer names the service."""
    fields = document.object or as_object(document.whole.removeprefix("AIGC").lstrip(" :="))
    label = _known_fields(_unwrapped(fields) or fields)
    # Writers that quote the JSON wrongly still name its fields.
    return _judge(label or {name.lower(): value for name, value in _LOOSE_FIELD.findall(document.text)})


def match_aigc_label_in_text(document: Document) -> Hit | None:
    """Match a label inside a field for any text: it must be wrapped in ``AIGC`` or show two of the standard's fields."""
    wrapped = _known_fields(_unwrapped(document.object))
    label = wrapped or _known_fields(document.object)
    return _judge(label) if wrapped or len(label) > 1 else None


def _judge(label: dict[str, str]) -> Hit | None:
    number = label.get("label", "")
    # The standard knows no other number; a vendor's own 0 or 9 is not for us to read as AI.
    if not label or (number and number not in _LABELS):
        return None
    return Hit(confidence=_LABELS.get(number, Confidence.STRONG), inner=tuple(_producers(label)))


def _unwrapped(fields: dict[str, Json]) -> dict[str, Json]:
    return next((as_object(value) for name, value in fields.items() if name.lower() == "aigc"), {})


def _known_fields(fields: dict[str, Json]) -> dict[str, str]:
    return {name.lower(): scalar(value) for name, value in fields.items() if name.lower() in _FIELDS}


def _producers(label: dict[str, str]) -> list[tuple[str, str]]:
    producer = label.get("contentproducer") or label.get("serviceprovider") or ""
    coded = _COMPANY_CODE.fullmatch(producer)
    pairs = [("TC260:ContentProducer", coded[1] if coded else producer), ("TC260:ProduceID", label.get("produceid", ""))]
    return [(field, value) for field, value in pairs if value]
