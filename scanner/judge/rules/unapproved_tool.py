"""An AI tool is named that the policy's list of approved tools does not hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.judge.evidence import NAME_LIMIT, count, firm, noun, tool_named_by
from scanner.judge.examples import PHOTO, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.judge.tool_names import is_approved
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence, Mark, Meaning
from scanner.model.text import shown

CARD = RuleCard(
    id="unapproved-tool",
    title="An AI tool that is not on the approved list",
    why="Clients ask for tools that do not store, reuse or train on what is given to them, and for a secured environment where "
    "possible. The policy lists the tools that were found to be so; the marks name another, or none.",
    cannot_show="Tool names are all that is compared. Which version, plan or contract was used, and what was given to the tool "
    "or kept by it, is in no mark. A tool whose marks were lost is not seen, and a name can be wrong.",
    next_step="Ask who made it which tool was used and under which terms. Have the tool added to the policy's list, or ask for "
    "written approval of the data use and record it.",
    who="post producer",
    source="Netflix, Using Generative AI in Content Production: P2, P3, data use",
)

CASES: Cases = {
    "unnamed": "generative AI is declared and no tool is named, so the list cannot be asked",
    "enhancement": "the tool enhanced the asset and generated nothing",
    "component": "the tool made a component or an earlier state of the asset",
}

_GENERATIVE = (Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED)
_MEANINGS = {"": _GENERATIVE, "enhancement": (Meaning.ENHANCED,), "component": (Meaning.HISTORY,)}
_SUBJECTS = {
    "": "the marks name {}",
    "enhancement": "the marks of AI enhancement name {}",
    "component": "the recorded history names {}",
}
_TOLD = 3
"""Tools named in one message; names may come from the file, which could hold hundreds."""


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See, once a case, the tools named by firm marks that are not approved; silent where the policy has no list."""
    approved = surroundings.approved_tools
    if approved is None:
        return
    told: set[str] = set()
    for case, meanings in _MEANINGS.items():
        marks = firm(subject.marks, *meanings)
        strange = [one for one in marks if (name := tool_named_by(one)) and name not in told and not is_approved(name, approved)]
        told.update(tool_named_by(one) for one in strange)
        if strange:
            yield Observation(CARD.id, strange[0].confidence, _message(case, strange), case, case)
    generative = firm(subject.marks, *_GENERATIVE)
    if subject.provenance.is_generative and not any(tool_named_by(one) for one in generative):
        confidence = generative[0].confidence if generative else Confidence.STRONG
        message = f"{noun(subject)} declares generative AI and names no tool, so the policy's list cannot be asked"
        yield Observation(CARD.id, confidence, message, "unnamed", "unnamed")


def _message(case: str, marks: Sequence[Mark]) -> str:
    names = tuple(dict.fromkeys(shown(tool_named_by(one), NAME_LIMIT) for one in marks))
    tools = "an AI tool that is" if len(names) == 1 else f"{count(len(names), 'AI tool')} that are"
    more = f" and {count(len(names) - _TOLD, 'more', 'more')}" if len(names) > _TOLD else ""
    return _SUBJECTS[case].format(f"{tools} not on the policy's list of approved tools: {', '.join(names[:_TOLD])}{more}")


_MIDJOURNEY = mark(Meaning.GENERATED, generator="Midjourney")
_SYSTEM = mark(Meaning.COMPOSITE, id="iptc-ai-system", where="file, XMP-iptcExt:AISystemUsed", value="House Diffusion")
_LISTED = Surroundings(approved_tools=("Adobe Firefly",))

EXAMPLES = (
    Example(
        "a Midjourney still where the policy lists Adobe Firefly",
        declared(PHOTO, _MIDJOURNEY),
        "the marks name an AI tool that is not on the policy's list of approved tools: Midjourney",
        surroundings=_LISTED,
    ),
    Example(
        "two tools, an empty list",
        declared(PHOTO, _MIDJOURNEY, mark(Meaning.EDITED, generator="Krea")),
        "the marks name 2 AI tools that are not on the policy's list of approved tools: Midjourney, Krea",
        surroundings=Surroundings(approved_tools=()),
    ),
    Example(
        "a source type alone names no tool",
        declared(PHOTO, mark(Meaning.GENERATED)),
        "the file declares generative AI and names no tool, so the policy's list cannot be asked",
        "unnamed",
        _LISTED,
    ),
    Example(
        "up-res with another tool",
        declared(PHOTO, mark(Meaning.ENHANCED, generator="Topaz Gigapixel")),
        "the marks of AI enhancement name an AI tool that is not on the policy's list of approved tools: Topaz Gigapixel",
        "enhancement",
        _LISTED,
    ),
    Example(
        "a component",
        declared(PHOTO, mark(Meaning.HISTORY, generator="OpenAI DALL·E")),
        "the recorded history names an AI tool that is not on the policy's list of approved tools: OpenAI DALL·E",
        "component",
        _LISTED,
    ),
    Example(
        "the IPTC's own field for the tool",
        declared(PHOTO, _SYSTEM, mark(Meaning.GENERATED)),
        "the marks name an AI tool that is not on the policy's list of approved tools: House Diffusion",
        surroundings=_LISTED,
    ),
    Example(
        "a tool on the list, with its version",
        declared(PHOTO, mark(Meaning.GENERATED, generator="Adobe Firefly 3")),
        surroundings=_LISTED,
    ),
    Example("a policy without a list", declared(PHOTO, _MIDJOURNEY)),
    Example(
        "a weak mark alone", declared(PHOTO, mark(Meaning.GENERATED, Confidence.WEAK, generator="Krea")), surroundings=_LISTED
    ),
    Example("a photograph without marks", PHOTO, surroundings=_LISTED),
)
