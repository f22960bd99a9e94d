"""The asset itself declares generative AI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import cite, declares, firm
from scanner.judge.examples import PHOTO, SEQUENCE, TRUST_LIST, declared, mark, moved
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.credentials import Credentials
from scanner.model.judging import Observation, RuleCard, Zone
from scanner.model.marks import Confidence, Mark, Meaning, Provenance

CARD = RuleCard(
    id="ai-declared",
    title="The file declares generative AI",
    why="Clients allow generated material as a temporary and ask for written approval before it stands in final deliverables, "
    "in the background too. The file, its sidecar or its content credentials say that a generative model made it, an element "
    "of it, or an edit to it.",
    cannot_show="How much of the picture it is, whether the client allows it, and, where the mark is unsigned, who wrote it. "
    "A file without such a mark may still be generated: marks are lost in editing and transcoding.",
    next_step="Replace it with the intended source, or ask for the client's written approval and record it. Keep the mark.",
    who="post producer",
    source="Netflix, Using Generative AI in Content Production; IPTC DigitalSourceType; C2PA 2.x",
)

CASES: Cases = {
    Meaning.GENERATED: "a generative model made the whole asset",
    Meaning.COMPOSITE: "a generative element stands in the asset",
    Meaning.EDITED: "a real original was edited generatively",
}

_WORDS = {
    Meaning.GENERATED: "AI generation",
    Meaning.COMPOSITE: "a generative AI element",
    Meaning.EDITED: "a generative AI edit",
}


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See the firm generative marks of an asset as one observation, led by the mark that sets its provenance."""
    marks = _setting_first(subject)
    if not marks and not subject.provenance.is_generative:
        return
    meaning = Meaning(subject.provenance.value) if subject.provenance.is_generative else marks[0].meaning
    yield Observation(
        rule=CARD.id,
        confidence=marks[0].confidence if marks else Confidence.STRONG,
        message=declares(subject, marks, _WORDS[meaning]) + cite(subject, marks, surroundings),
        key=marks[0].id if marks else "",
        case=meaning,
    )


def _setting_first(subject: Subject) -> tuple[Mark, ...]:
    marks = firm(subject.marks, *_WORDS)
    setting = tuple(one for one in marks if one.meaning.value == subject.provenance.value)
    return setting + tuple(one for one in marks if one not in setting)


_MIDJOURNEY = mark(Meaning.GENERATED, generator="Midjourney")
_SIGNED = mark(
    Meaning.EDITED,
    generator="Adobe Firefly",
    reader="c2pa",
    where="manifest urn:c2pa:1, C2PA:DigitalSourceType",
    id="c2pa-action",
)

EXAMPLES = (
    Example(
        "an unsigned Midjourney still in a final folder",
        declared(PHOTO, _MIDJOURNEY),
        "the file declares AI generation (unsigned, XMP-iptcExt:DigitalSourceType; Midjourney)",
        "generated",
    ),
    Example(
        "a generative edit, signed",
        replace(declared(PHOTO, _SIGNED), credentials=Credentials.TRUSTED, trusted_by=(TRUST_LIST,)),
        "the file declares a generative AI edit "
        "(signed, signer listed in C2PA trust list of 2026-08-13, C2PA:DigitalSourceType; Adobe Firefly)",
        "edited",
        Surroundings(trust_lists=(TRUST_LIST,)),
    ),
    Example(
        "an AI claim that was changed after signing is still a claim",
        replace(declared(PHOTO, _SIGNED), credentials=Credentials.INVALID),
        "the file declares a generative AI edit (signed, changed after signing, C2PA:DigitalSourceType; Adobe Firefly)",
        "edited",
    ),
    Example(
        "the mark stands in the sidecar",
        declared(PHOTO, mark(Meaning.COMPOSITE, where="sidecar st_014.xmp, XMP-iptcExt:DigitalSourceType")),
        "the file declares a generative AI element (unsigned, sidecar st_014.xmp, XMP-iptcExt:DigitalSourceType)",
        "composite",
    ),
    Example(
        "some frames of a sequence",
        declared(SEQUENCE, mark(Meaning.GENERATED, frames="1003,1010-1012")),
        "frames 1003,1010-1012 of a sequence of 96 declare AI generation (unsigned, XMP-iptcExt:DigitalSourceType)",
        "generated",
    ),
    Example(
        "every frame of a sequence",
        declared(SEQUENCE, mark(Meaning.GENERATED)),
        "all 96 frames declare AI generation (unsigned, XMP-iptcExt:DigitalSourceType)",
        "generated",
    ),
    Example(
        "a partly unreadable file still declares what it declares",
        replace(declared(PHOTO, _MIDJOURNEY), provenance=Provenance.GENERATED, readings=()),
        "the file declares AI generation (unsigned, XMP-iptcExt:DigitalSourceType; Midjourney)",
        "generated",
    ),
    Example(
        "a temporary is observed too; the policy weighs it",
        moved(declared(PHOTO, _MIDJOURNEY), Zone.TEMPORARY),
        "the file declares AI generation (unsigned, XMP-iptcExt:DigitalSourceType; Midjourney)",
        "generated",
    ),
    Example("a photograph without marks", PHOTO),
    Example("a file that declares capture", declared(PHOTO, mark(Meaning.DECLARED_OTHER))),
    Example("a weak mark alone", declared(PHOTO, mark(Meaning.GENERATED, Confidence.WEAK))),
)
