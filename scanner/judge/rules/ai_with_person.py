"""Generative AI is declared where a person is named or marked, or in sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import cite, count, declares, firm
from scanner.judge.examples import PHOTO, SEQUENCE, SOUND, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.formats import MediaKind
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence, Meaning
from scanner.model.people import People

CARD = RuleCard(
    id="ai-with-person",
    title="Generative AI with a person, or in sound",
    why="A digital replica of a talent, or a significant digital change to a performance, always needs written approval and the "
    "talent's consent. The metadata names a person or marks a face in what a generative model made or changed, or the asset is "
    "sound, where it may stand for a voice or a performance.",
    cannot_show="Whether the person is talent, was made or changed by the model, or consented; whether sound is a voice, music "
    "or an effect. Faces are not looked for in pixels and voices not in sound: a person nobody named is not seen, nor is the "
    "sound of a film.",
    next_step="Ask who is shown or heard, and for the consent. Ask for written approval in the talent category and record it.",
    who="talent and legal",
    source="Netflix, Using Generative AI in Content Production: P5, talent and performance; IPTC PersonInImage; MWG and "
    "Microsoft face regions",
)

CASES: Cases = {
    "named-person": "the metadata names who is in the picture",
    "face-region": "the metadata marks a face and names nobody",
    "voice": "the asset is sound",
}


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See an asset that declares generative AI and points at people, without their names; sound once, whoever it names."""
    case = _case(subject)
    if not case or not subject.provenance.is_generative:
        return
    marks = firm(subject.marks, Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED)
    confidence = marks[0].confidence if marks else Confidence.STRONG
    message = f"{declares(subject, marks, 'generative AI')}, {_pointed_at(case, subject)}{cite(subject, marks, surroundings)}"
    yield Observation(CARD.id, confidence, message, case, case)


def _case(subject: Subject) -> str:
    if subject.format.kind is MediaKind.AUDIO:
        return "voice"
    if subject.people.names:
        return "named-person"
    return "face-region" if subject.people.face_regions else ""


def _pointed_at(case: str, subject: Subject) -> str:
    """Counts only: a name is personal data, and a message goes into every report."""
    people = subject.people
    match case:
        case "voice":
            named = f"; its metadata names {count(len(people.names), 'person', 'persons')}" if people.names else ""
            return f"and it is sound: a voice or a performance may be in it{named}"
        case "named-person":
            return f"and its metadata names {count(len(people.names), 'person', 'persons')} in the picture"
        case _:
            return f"and its metadata marks {count(people.face_regions, 'face')} without a name"


_AI = declared(PHOTO, mark(Meaning.GENERATED, generator="Midjourney"))

EXAMPLES = (
    Example(
        "a generated still that names whom it shows",
        replace(_AI, people=People(("A. Person", "B. Person"))),
        "the file declares generative AI, and its metadata names 2 persons in the picture "
        "(unsigned, XMP-iptcExt:DigitalSourceType; Midjourney)",
        "named-person",
    ),
    Example(
        "an edited photograph with a face marked",
        replace(declared(PHOTO, mark(Meaning.EDITED)), people=People(face_regions=1)),
        "the file declares generative AI, and its metadata marks 1 face without a name (unsigned, XMP-iptcExt:DigitalSourceType)",
        "face-region",
    ),
    Example(
        "a generated sound",
        declared(SOUND, mark(Meaning.GENERATED, generator="Suno", where="file, ID3v2_4:Comment")),
        "the file declares generative AI, and it is sound: a voice or a performance may be in it "
        "(unsigned, ID3v2_4:Comment; Suno)",
        "voice",
    ),
    Example(
        "some frames of a sequence",
        replace(declared(SEQUENCE, mark(Meaning.GENERATED, frames="1003-1010")), people=People(("A. Person",))),
        "frames 1003-1010 of a sequence of 96 declare generative AI, and its metadata names 1 person in the picture "
        "(unsigned, XMP-iptcExt:DigitalSourceType)",
        "named-person",
    ),
    Example("a generated still that points at nobody", _AI),
    Example("a photograph of a named person", replace(PHOTO, people=People(("A. Person",), 1))),
    Example("an enhanced photograph of one", replace(declared(PHOTO, mark(Meaning.ENHANCED)), people=People(("A. Person",)))),
    Example("a sound without marks", SOUND),
)
