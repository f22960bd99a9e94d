"""What the asset says of its origin does not go together: generated, yet captured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from scanner.judge.evidence import NAME_LIMIT, cite, declares, firm, in_credentials, place
from scanner.judge.examples import PHOTO, SEQUENCE, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence, Mark, Meaning, Provenance
from scanner.model.text import shown

CARD = RuleCard(
    id="origin-contradiction",
    title="Statements of origin that exclude each other",
    why="A picture that was generated whole has no exposure, and one that was captured, scanned or drawn by hand was not "
    "generated. Here the file says both: one of the two was copied, left over, or is wrong.",
    cannot_show="Which of the two holds. A tool that starts from a photograph may keep its camera data, and some declare an edit "
    "as generation. Seen are only EXIF with a camera's name and at least two exposure facts, and source types, each beside a "
    "firm mark of generation that sets the asset's class. Not compared: edits, elements and enhancement of a capture, which go "
    "together with it; China's AIGC label, which does not tell an edit from generation; steps inside one set of content "
    "credentials, which are its history; the camera data of film.",
    next_step="Ask for the source, and for what was done to it. Compare with the original where there is one.",
    who="archive producer",
    source="EXIF 3.0; IPTC DigitalSourceType",
)

CASES: Cases = {
    "camera-facts": "EXIF of a camera's exposure beside a mark of generation",
    "declared-source": "a source type that excludes generation beside a mark of generation",
}

_SOURCE_TERMS = (
    "digitalCapture", "computationalCapture", "compositeCapture", "negativeFilm", "positiveFilm", "print", "minorHumanEdits",
    "humanEdits", "digitalCreation", "digitalArt", "softwareImage", "dataDrivenMedia", "algorithmicMedia",
)  # fmt: skip
"""IPTC terms that exclude a generative model; a screen capture may show anything."""
_TERM = re.compile(rf"(?i)(?:^|[/:])({'|'.join(_SOURCE_TERMS)})(?:DigitalSource)?/?$")
_LABEL_IDS = "tc260-"
"""Ids of the marks of GB 45438-2025: its label is put on edits of real photographs too."""
_CAMERA_FIELDS = ("IFD0:Make", "IFD0:Model")


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See firm marks of generation beside a camera's exposure facts, and beside a source type that excludes generation."""
    generated = [one for one in firm(subject.marks, Meaning.GENERATED) if not one.id.startswith(_LABEL_IDS)]
    # Where a surer mark says edit or element, the other marks of generation tell of that, and a capture goes together with it.
    if not generated or subject.provenance is not Provenance.GENERATED:
        return
    said = declares(subject, generated, "AI generation") + cite(subject, generated, surroundings)
    if _has_camera(subject, generated):
        message = f"{said}, and its EXIF tells of a camera's exposure: {shown(subject.camera, NAME_LIMIT)}, {subject.exposure}"
        yield Observation(CARD.id, generated[0].confidence, message, "camera-facts", "camera-facts")
    declared_other = _excluding(subject, generated)
    if declared_other is not None:
        term, other = declared_other
        message = f"{said}, and also the source {term} ({place(other)})"
        yield Observation(CARD.id, other.confidence, message, "declared-source", "declared-source")


def _has_camera(subject: Subject, generated: Sequence[Mark]) -> bool:
    # Generators write their own name where cameras write theirs; a sequence's facts are those of its first frame alone.
    names_itself = any(one.where.endswith(_CAMERA_FIELDS) for one in subject.marks if one.meaning.is_generative)
    whole = any(not one.frames for one in generated)
    return bool(subject.camera and subject.exposure) and whole and not names_itself


def _excluding(subject: Subject, generated: Sequence[Mark]) -> tuple[str, Mark] | None:
    for other in firm(subject.marks, Meaning.DECLARED_OTHER):
        term = _TERM.search(other.value.strip())
        if term and any(_meet(other, one) for one in generated):
            return next(known for known in _SOURCE_TERMS if known.lower() == term[1].lower()), other
    return None


def _meet(other: Mark, one: Mark) -> bool:
    """Whether two marks speak of the same thing: not as steps of one history, and not on different frames."""
    return not (in_credentials(other) and in_credentials(one)) and (
        other.frames == one.frames or not (other.frames and one.frames)
    )


_CAPTURE = mark(
    Meaning.DECLARED_OTHER, id="trap-dst-digitalCapture", value="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
)
_PARAMETERS = mark(Meaning.GENERATED, id="a1111-png", where="file, PNG:Parameters", generator="AUTOMATIC1111")
_SHOT = replace(PHOTO, camera="Fixture Optics Fixture F1", exposure="1/250 s, f/5.6, ISO 400")
_SIGNED = mark(Meaning.GENERATED, id="c2pa-action-dst", reader="c2pa", where="manifest urn:c2pa:1, C2PA:DigitalSourceType")

EXAMPLES = (
    Example(
        "a generated still with a camera's exposure",
        declared(_SHOT, mark(Meaning.GENERATED)),
        "the file declares AI generation (unsigned, XMP-iptcExt:DigitalSourceType), and its EXIF tells of a camera's exposure: "
        "Fixture Optics Fixture F1, 1/250 s, f/5.6, ISO 400",
        "camera-facts",
    ),
    Example(
        "a generator's settings in a picture that declares capture",
        declared(PHOTO, _PARAMETERS, _CAPTURE),
        "the file declares AI generation (unsigned, PNG:Parameters; AUTOMATIC1111), and also the source digitalCapture "
        "(XMP-iptcExt:DigitalSourceType)",
        "declared-source",
    ),
    Example("a generative edit of a photograph keeps its camera data", declared(_SHOT, mark(Meaning.EDITED))),
    Example("a generative element in a photograph", declared(_SHOT, mark(Meaning.COMPOSITE), _CAPTURE)),
    Example(
        "an edit of a photograph, with the prompt that was used",
        declared(_SHOT, mark(Meaning.EDITED), mark(Meaning.GENERATED, Confidence.STRONG, id="iptc-ai-prompt")),
    ),
    Example(
        "a camera's maker alone",
        declared(replace(_SHOT, exposure=""), mark(Meaning.GENERATED)),
    ),
    Example("a phone's computed capture", declared(_SHOT, replace(_CAPTURE, value="computationalCapture"))),
    Example("China's label on a phone's edit", declared(_SHOT, mark(Meaning.GENERATED, id="tc260-xmp"), _CAPTURE)),
    Example(
        "a capture and a generative step in one set of credentials",
        declared(PHOTO, _SIGNED, replace(_CAPTURE, reader="c2pa", where="manifest urn:c2pa:0, C2PA:DigitalSourceType")),
    ),
    Example(
        "frames that were captured beside frames that were generated",
        declared(SEQUENCE, replace(_PARAMETERS, frames="1001-1004"), replace(_CAPTURE, frames="1005-1096")),
    ),
    Example(
        "a generator that names itself as the camera",
        declared(_SHOT, mark(Meaning.GENERATED, id="flux-make", where="file, IFD0:Make")),
    ),
    Example("a screen capture", declared(PHOTO, _PARAMETERS, replace(_CAPTURE, value="digsrctype:screenCapture"))),
    Example("a weak mark", declared(_SHOT, mark(Meaning.GENERATED, Confidence.WEAK))),
    Example("a photograph", _SHOT),
)
