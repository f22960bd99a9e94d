"""The asset declares AI enhancement: of a picture that was there before, not generation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import cite, declares, firm
from scanner.judge.examples import MOVIE, PHOTO, SOUND, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.formats import MediaKind
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence, Mark, Meaning

CARD = RuleCard(
    id="ai-enhancement-declared",
    title="The file declares AI enhancement",
    why="Enhancement (denoise, sharpening, up-res) is customary and not generation. In archival material up-res, restoration, "
    "colourising and frame interpolation invent detail, and whether that changes the meaning is judged case by case.",
    cannot_show="Whether the enhancement changes what the picture says, and how strong it was.",
    next_step="For archival material compare with the source and note the enhancement in the GenAI cue sheet; otherwise nothing.",
    who="archive producer",
    source="Archival Producers Alliance, best practices; IPTC DigitalSourceType algorithmicallyEnhanced",
)

CASES: Cases = {
    "face-restoration": "a face was restored by a model",
    "colourising": "colour was added by a model",
    "upscale": "resolution was added by a model",
    "restoration": "damage or blur was repaired by a model",
    "interpolation": "frames were added by a model",
    "denoise": "noise was taken out by a model",
    "sound": "the asset is sound that a model enhanced",
}

# Read only on marks the catalogue already calls enhancement, so these words decide which kind, never whether.
_KINDS = (
    ("face-restoration", re.compile(r"(?i)\b(?:face|codeformer|gfpgan|restoreformer)\b")),
    ("colourising", re.compile(r"(?i)\b(?:colou?ri[sz](?:e[dr]?|ing|ation)|deoldify|ddcolor)\b")),
    ("upscale", re.compile(r"(?i)\b(?:upscal(?:e[dr]?|ing)|super ?resolution|gigapixel|changed resolution)\b")),
    ("restoration", re.compile(r"(?i)(?<!face )\b(?:restor(?:e[dr]?|ing|ation)|de ?blur(?:red|ring)?|supir)\b")),
    ("interpolation", re.compile(r"(?i)\b(?:interpolat(?:e[dr]?|ing|ion)|frame ?rate changed|slow ?mo|rife|vfi)\b")),
    ("denoise", re.compile(r"(?i)\b(?:de ?nois(?:e[dr]?|ing)|noise reduction)\b")),
)
_WORDS = {
    "": "AI enhancement",
    "face-restoration": "AI face restoration",
    "colourising": "AI colourising",
    "upscale": "AI up-res",
    "restoration": "AI restoration",
    "interpolation": "AI frame interpolation",
    "denoise": "AI denoising",
    "sound": "AI enhancement of sound",
}
_JOINTS = re.compile(r"[-_]|(?<=[a-z])(?=[A-Z])")


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See each kind of declared enhancement once; silent where the asset is generative anyway."""
    if subject.provenance.is_generative:
        return
    by_case: dict[str, list[Mark]] = {}
    for one in firm(subject.marks, Meaning.ENHANCED):
        for case in _kinds(one, subject.format.kind):
            by_case.setdefault(case, []).append(one)
    for case, marks in by_case.items():
        message = declares(subject, marks, _WORDS[case]) + cite(subject, marks, surroundings)
        yield Observation(CARD.id, marks[0].confidence, message, f"{case} {marks[0].id}".strip(), case)


def _kinds(one: Mark, kind: MediaKind | None) -> tuple[str, ...]:
    """The kinds of enhancement that one mark tells of; a tool's note often tells of several."""
    if kind is MediaKind.AUDIO:
        return ("sound",)
    text = _JOINTS.sub(" ", " ".join((one.id, one.where, one.value)))
    return tuple(case for case, pattern in _KINDS if pattern.search(text)) or ("",)


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
_SLOWED = mark(
    Meaning.ENHANCED,
    id="topaz-video",
    generator="Topaz Video AI",
    where="file, Keys:Videoai",
    value="Slowmo 200% and framerate changed to 50 using apo-8",
)

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
    Example(
        "a repaired scan",
        declared(
            PHOTO, mark(Meaning.ENHANCED, id="comfy-png", where="file, PNG:Prompt", value='{"class_type": "ImageRestoration"}')
        ),
        "the file declares AI restoration (unsigned, PNG:Prompt)",
        "restoration",
    ),
    Example(
        "a slowed film",
        declared(replace(PHOTO, format=MOVIE), _SLOWED),
        "the file declares AI frame interpolation (unsigned, Keys:Videoai; Topaz Video AI)",
        "interpolation",
    ),
    Example(
        "noise taken out by the raw converter",
        declared(PHOTO, replace(_SUPER, where="file, XMP-crs:EnhanceDenoiseAlreadyApplied")),
        "the file declares AI denoising (unsigned, XMP-crs:EnhanceDenoiseAlreadyApplied; Camera Raw)",
        "denoise",
    ),
    Example(
        "an enhanced sound",
        declared(SOUND, mark(Meaning.ENHANCED)),
        "the file declares AI enhancement of sound (unsigned, XMP-iptcExt:DigitalSourceType)",
        "sound",
    ),
    Example("generation outranks enhancement", declared(PHOTO, mark(Meaning.GENERATED, id="other"), _TOPAZ)),
    Example("a photograph without marks", PHOTO),
    Example("a weak mark alone", declared(PHOTO, mark(Meaning.ENHANCED, Confidence.WEAK))),
)
