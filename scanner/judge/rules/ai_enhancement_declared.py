"""The asset declares AI enhancement: of a picture that was there before, not generation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.judge.evidence import cite, declares, firm
from scanner.judge.examples import PHOTO, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence, Mark, Meaning

CARD = RuleCard(
    id="ai-enhancement-declared",
    title="The file declares AI enhancement",
    why="Enhancement (denoise, sharpening, up-res) is customary and not generation. In archival material up-res, face "
    "restoration and colourising invent detail, and whether that changes the meaning is judged case by case.",
    cannot_show="Whether the enhancement changes what the picture says, and how strong it was.",
    next_step="For archival material compare with the source and note the enhancement in the GenAI cue sheet; otherwise nothing.",
    who="archive producer",
    source="Archival Producers Alliance, best practices; IPTC DigitalSourceType algorithmicallyEnhanced",
)

CASES: Cases = {
    "face-restoration": "a face was restored by a model",
    "colourising": "colour was added by a model",
    "upscale": "resolution was added by a model",
}

# Read only on marks the catalogue already calls enhancement, so these words decide which kind, never whether.
_KINDS = (
    ("face-restoration", re.compile(r"(?i)\b(?:face|codeformer|gfpgan|restoreformer)\b")),
    ("colourising", re.compile(r"(?i)\b(?:colou?ri[sz](?:e[dr]?|ing|ation)|deoldify)\b")),
    ("upscale", re.compile(r"(?i)\b(?:upscal(?:e[dr]?|ing)|super ?resolution|gigapixel|changed resolution)\b")),
)
_WORDS = {
    "": "AI enhancement",
    "face-restoration": "AI face restoration",
    "colourising": "AI colourising",
    "upscale": "AI up-res",
}
_JOINTS = re.compile(r"[-_]|(?<=[a-z])(?=[A-Z])")


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See each kind of declared enhancement once; silent where the asset is generative anyway."""
    if subject.provenance.is_generative:
        return
    by_case: dict[str, list[Mark]] = {}
    for one in firm(subject.marks, Meaning.ENHANCED):
        by_case.setdefault(_kind(one), []).append(one)
    for case, marks in by_case.items():
        message = declares(subject, marks, _WORDS[case]) + cite(subject, marks, surroundings)
        yield Observation(CARD.id, marks[0].confidence, message, f"{case} {marks[0].id}".strip(), case)


def _kind(one: Mark) -> str:
    text = _JOINTS.sub(" ", " ".join((one.id, one.where, one.value)))
    return next((case for case, pattern in _KINDS if pattern.search(text)), "")


_TOPAZ = mark(
    Meaning.ENHANCED, id="topaz-photo", generator="Topaz Photo", where="file, IFD0:Software", value="Topaz Photo AI 3.1"
)
_GIGAPIXEL = mark(
    Meaning.ENHANCED,
    id="gigapixel",
    generator="Topaz Gigapixel",
    where="file, IFD0:ImageDescription",
    value="Upscaled with Gigapixel",
)
_SUPER = mark(
    Meaning.ENHANCED,
    id="acr-enhance",
    generator="Camera Raw",
    where="file, XMP-crs:EnhanceSuperResolutionAlreadyApplied",
    value="True",
)
_FACES = mark(Meaning.ENHANCED, id="a1111-post", where="file, PNG:Postprocessing", value="Postprocess GFPGAN visibility: 1")

EXAMPLES = (
    Example("denoised", declared(PHOTO, _TOPAZ), "the file declares AI enhancement (unsigned, IFD0:Software; Topaz Photo)"),
    Example(
        "up-res",
        declared(PHOTO, _GIGAPIXEL),
        "the file declares AI up-res (unsigned, IFD0:ImageDescription; Topaz Gigapixel)",
        "upscale",
    ),
    Example(
        "up-res named in the field only",
        declared(PHOTO, _SUPER),
        "the file declares AI up-res (unsigned, XMP-crs:EnhanceSuperResolutionAlreadyApplied; Camera Raw)",
        "upscale",
    ),
    Example(
        "a restored face",
        declared(PHOTO, _FACES),
        "the file declares AI face restoration (unsigned, PNG:Postprocessing)",
        "face-restoration",
    ),
    Example(
        "colourised",
        declared(PHOTO, mark(Meaning.ENHANCED, value="Colorized by DeOldify", where="file, XMP-dc:Description")),
        "the file declares AI colourising (unsigned, XMP-dc:Description)",
        "colourising",
    ),
    Example("generation outranks enhancement", declared(PHOTO, mark(Meaning.GENERATED, id="other"), _TOPAZ)),
    Example("a photograph without marks", PHOTO),
    Example("a weak mark alone", declared(PHOTO, mark(Meaning.ENHANCED, Confidence.WEAK))),
)
