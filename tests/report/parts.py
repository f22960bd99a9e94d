"""The parts of which the scans of these tests are built, and the string that tries everything."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from scanner.model.assets import ContentHash
from scanner.model.credentials import (
    Action,
    Assertion,
    Credentials,
    Ingredient,
    Manifest,
    ManifestStore,
    Signer,
    TrustList,
    ValidationCode,
)
from scanner.model.formats import Format, MediaKind
from scanner.model.judging import Finding, Severity, Verdict, Zone, ZoneChoice
from scanner.model.marks import Confidence, Mark, Meaning, Provenance
from scanner.model.matching import Match, Reference, Relation, Rights, Role
from scanner.model.readings import ReadingSummary
from scanner.model.scan import AssetRecord

JPEG = Format("jpeg", "JPEG", MediaKind.STILL, "image/jpeg", ("jpg", "jpeg"), picture=True)
TIFF = Format("tiff", "TIFF", MediaKind.STILL, "image/tiff", ("tif", "tiff"), picture=True)
EXR = Format("exr", "OpenEXR", MediaKind.STILL, None, ("exr",), limits="Content credentials cannot be read in OpenEXR.")
MOV = Format("mov", "QuickTime movie", MediaKind.VIDEO, "video/quicktime", ("mov",))
MXF = Format("mxf", "MXF", MediaKind.VIDEO, None, ("mxf",), limits="Content credentials cannot be read in MXF.")
SRT = Format("srt", "SubRip subtitles", MediaKind.NOT_MEDIA, None, ("srt",), metadata=False)
ODD = Format("unknown", "unrecognised", MediaKind.UNKNOWN, None, ())

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
HOSTILE = "".join(
    [
        "<script>alert(1)</script>",
        "</style><style>*{display:none}</style>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "\u202egnp.exe\u202c",
        "\x1b[31mred\x1b]0;title\x07",
        "\udcff\ud800",
        "\x00\r\n\t\x7f\x9b2J",
        "{{ 7 * 7 }}{% raw %}",
        "<!-- ]]> &lt; javascript:alert(1)",
    ]
)
"""Everything that a name or a value could try, in one string."""


def jpeg_bytes(colour: str) -> bytes:
    """Return a small picture, as the pipeline's thumbnails are."""
    stream = io.BytesIO()
    Image.new("RGB", (32, 20), colour).save(stream, "JPEG", quality=60)
    return stream.getvalue()


def asset(path: str, zone: Zone = Zone.FINAL, verdict: Verdict = Verdict.PASS, **changes: object) -> AssetRecord:
    """Return a plain asset of which `changes` replaces fields."""
    plain = AssetRecord(
        root=0,
        path=path,
        kind="file",
        members=(),
        sidecars=(),
        zone=ZoneChoice(
            zone,
            f"folder `{zone.value}` matches `**/~{zone.value}/**`" if zone is not Zone.UNASSIGNED else "no zone glob matches",
        ),
        format=JPEG,
        size_bytes=204_800,
        hash=ContentHash(value="ab" * 32, origin="computed"),
        provenance=Provenance.NO_MARKS,
        credentials=Credentials.NONE,
        credential_problems=(),
        verdict=verdict,
        readings=(ReadingSummary("exiftool", "found"), ReadingSummary("c2pa", "not-found")),
        fingerprinted=True,
    )
    return replace(plain, **changes)


def finding(rule: str, message: str, severity: Severity = Severity.HIGH, **changes: object) -> Finding:
    """Return a finding with the texts that a rule card would give."""
    plain = Finding(
        id=f"{rule}-0f3a9c",
        rule=rule,
        severity=severity,
        confidence=Confidence.DEFINITIVE,
        message=message,
        next_step="Replace it with the original, or ask for written approval and record it with scanner approve.",
        who="post producer",
    )
    return replace(plain, **changes)


def mark(**changes: object) -> Mark:
    """Return the IPTC mark in XMP."""
    plain = Mark(
        id="iptc-trained-algorithmic-media",
        meaning=Meaning.GENERATED,
        confidence=Confidence.DEFINITIVE,
        generator="",
        where="file, XMP-iptcExt:DigitalSourceType",
        value=IPTC,
        reader="exiftool",
        reader_version="13.10",
    )
    return replace(plain, **changes)


def match(role: Role, relation: Relation, name: str, bits: int | None = None, rights: Rights = Rights()) -> Match:  # noqa: B008 - frozen
    """Return a match with a reference of that name."""
    basis = "phash64/imagehash-4.3" if bits is not None else "bytes"
    reference = Reference(f"{role.value}-5ca1ab1e", role, name, "cd" * 32, rights=rights)
    return Match(reference, relation, basis, bits)


def chain(active_title: str = "poster.png") -> ManifestStore:
    """Return a chain of three manifests: exported from an opened picture that was generated, with a component."""
    opened = Action("c2pa.opened", software_agent="Photoshop 26", when="2026-05-02T10:00:00Z")
    placed = Action("c2pa.placed", regions=("shape 10,10 200x80",))
    created = Action("c2pa.created", source_type=IPTC, software_agent="GPT-4o", gathered=True)
    return ManifestStore(
        active="urn:c2pa:export",
        manifests=(
            Manifest(
                "urn:c2pa:export",
                "Adobe Photoshop 26.1",
                active_title,
                Signer("Adobe Inc.", "cai-prod", "2026-05-02T10:00:05Z"),
                (opened, placed),
                (
                    Ingredient("image.png", "parentOf", "urn:c2pa:made"),
                    Ingredient("logo.psd", "componentOf", "urn:c2pa:logo"),
                    Ingredient("texture.jpg", "componentOf", None),
                ),
            ),
            Manifest(
                "urn:c2pa:made", "ChatGPT", "image.png", Signer("OpenAI", "Truepic Lens"), (created,), (), (Assertion("c2pa.ai"),)
            ),
            Manifest(
                "urn:c2pa:logo", "Illustrator", "logo.psd", ingredients=(Ingredient("self", "parentOf", "urn:c2pa:export"),)
            ),
        ),
        codes=(
            ValidationCode("signingCredential.trusted", "signing certificate trusted", "success"),
            ValidationCode("timeStamp.mismatch", "time stamp does not match", "failure", ingredient=True),
        ),
        trusted_by=(TrustList("C2PA trust list", "2026-08-13", "44" * 32),),
    )
