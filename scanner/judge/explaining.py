"""What ``scanner explain`` says of the words of a verdict: rules, verdicts, zones, classes, states, exit codes, principles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scanner.judge.policy import load_packaged, packaged_policies
from scanner.judge.rule import AnyRule
from scanner.judge.rules.registry import ALL_RULES
from scanner.model.approvals import ApprovalState, Category
from scanner.model.credentials import Credentials
from scanner.model.decisions import DecisionKind, DecisionState
from scanner.model.judging import Severity, Verdict, Zone
from scanner.model.marks import Confidence, Provenance
from scanner.model.matching import Relation, Role
from scanner.model.sealed_told import SealedState

Words = Mapping[str, tuple[str, str]]
"""Word → title and text."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One word of the reports, explained."""

    id: str
    kind: str
    """``rule``, ``verdict``, ``zone``, ``severity``, ``confidence``, ``provenance``, ``credentials``, ``role``, ``relation``,
    ``approval category``, ``approval state``, ``decision``, ``decision state``, ``sealed``, ``exit code`` or
    ``principle``."""
    title: str
    text: str
    """What it is and why it matters."""
    cannot_show: str = ""
    next_step: str = ""
    source: str = ""
    cases: tuple[tuple[str, str], ...] = ()
    """Sub-cases a policy may weigh apart, and what each means."""
    examples: tuple[tuple[str, str], ...] = ()
    """Story → what the rule says of it, empty for silence."""


def explanations() -> tuple[Explanation, ...]:
    """Return all explanations, by kind, in the order in which people meet them."""
    return (
        *(_explain_rule(rule) for rule in ALL_RULES),
        *_explain_words("verdict", _VERDICTS),
        *_explain_words("zone", _ZONES),
        *_explain_words("severity", _SEVERITIES),
        *_explain_words("confidence", _CONFIDENCES),
        *_explain_words("provenance", _PROVENANCES),
        *_explain_words("credentials", _CREDENTIALS),
        *_explain_words("role", _ROLES),
        *_explain_words("relation", _RELATIONS),
        *_explain_words("approval category", _CATEGORIES),
        *_explain_words("approval state", _APPROVAL_STATES),
        *_explain_words("decision", _DECISIONS),
        *_explain_words("decision state", _DECISION_STATES),
        *_explain_words("sealed", _SEALED),
        *_explain_words("exit code", _EXIT_CODES),
        *_explain_principles(),
    )


def find_explanations(identity: str) -> tuple[Explanation, ...]:
    """Return every explanation of this id; one word may have several kinds, ``unreadable`` has two."""
    return tuple(one for one in explanations() if one.id.lower() == identity.strip().lower())


def _explain_rule(rule: AnyRule) -> Explanation:
    card = rule.CARD
    examples = tuple((example.story, example.says) for example in rule.EXAMPLES)
    return Explanation(
        card.id, "rule", card.title, card.why, card.cannot_show, card.next_step, card.source, tuple(rule.CASES.items()), examples
    )


def _explain_principles() -> Iterator[Explanation]:
    """Explain what the shipped policies ask for; a production's own is told by ``scanner policy show``."""
    for name in packaged_policies():
        policy = load_packaged(name)
        for one in policy.principles:
            where = f" in {', '.join(one.zones)}" if one.zones else ""
            route = f"; {one.route.value}" if one.route else ""
            text = f"{one.text} Touched by {', '.join(one.rules)}{where}{route}."
            yield Explanation(one.id, "principle", f"policy {name}", text, next_step=one.next_step, source=policy.document)


def _explain_words(kind: str, words: Words) -> Iterator[Explanation]:
    for word, (title, text) in words.items():
        yield Explanation(str(word), kind, title, text)


_VERDICTS: Words = {
    Verdict.PASS: (
        "Nothing found that asks for anyone",
        "Every required reading was done and nothing it found weighs more than information. Marks are easily lost, so this does "
        "not say that no AI was used.",
    ),
    Verdict.REVIEW: ("A person must look", "At least one finding needs a person's decision before the delivery leaves."),
    Verdict.INCOMPLETE: (
        "Not everything could be read",
        "A file or folder that counts could not be read, or the scan was stopped. What was not read cannot pass.",
    ),
    Verdict.BLOCKED: (
        "Something stands where the policy does not allow it",
        "At least one finding must be fixed, or approved in writing by the client, before the delivery leaves.",
    ),
}

_ZONES: Words = {
    Zone.FINAL: ("What is delivered", "Final deliverables. Generative AI here needs the client's written approval."),
    Zone.ARCHIVAL: ("Archive material", "Pictures that viewers take for the record. AI marks and invented detail are reviewed."),
    Zone.GRAPHICS: ("Titles and graphics", "Made for the programme and seen in it, so weighed as final."),
    Zone.TEMPORARY: ("Temporaries", "Placeholders, previews, tests. AI here is told and does not count against the delivery."),
    Zone.REFERENCE: ("Reference material", "Looked at while working, not delivered. AI here is told."),
    Zone.UNASSIGNED: (
        "A folder nobody named",
        "Weighed as final, with review in place of blocked. Name it with --zone 'FOLDER/**=final'.",
    ),
}

_SEVERITIES: Words = {
    Severity.HIGH: ("Blocks", "Blocks the delivery; of something not looked at, makes it incomplete."),
    Severity.MEDIUM: ("A person must look", "Puts the delivery under review."),
    Severity.INFO: ("Told", "Stands in the report and changes nothing."),
}

_CONFIDENCES: Words = {
    Confidence.DEFINITIVE: ("It says so itself", "An exact value in a field made for it, equal bytes, or a plain fact."),
    Confidence.STRONG: (
        "It is hard to explain otherwise",
        "A generator's own structure, or a picture near a reference by its hash or by points that agree.",
    ),
    Confidence.WEAK: ("It could mean something else", "A name or free text. Never sets an asset's provenance."),
}

_PROVENANCES: Words = {
    Provenance.GENERATED: ("Made by a generative model", "A definitive or strong mark declares the whole asset generated."),
    Provenance.COMPOSITE: ("A generative element in it", "A mark declares that one element of the asset was generated."),
    Provenance.EDITED: ("A generative edit of a real original", "A mark declares in-painting, out-painting or a similar edit."),
    Provenance.ENHANCED: ("Enhanced by a model", "Up-res, denoise and the like: not generation."),
    Provenance.DECLARED_OTHER: ("Declares another source", "A mark declares capture, scan, procedural or hand-made work."),
    Provenance.NO_MARKS: ("No marks found", "The readers looked and found no mark. That does not say that no AI was used."),
    Provenance.NOT_CHECKABLE: ("No reader for this type", "No reader can look into files of this type."),
    Provenance.UNREADABLE: (
        "Could not be read",
        "Recognised media on which a required reader failed: an error, truncation, zero bytes.",
    ),
}

_CREDENTIALS: Words = {
    Credentials.TRUSTED: (
        "Signer listed",
        "Content and signature hold, and a loaded trust list names the signer's authority. It says who signed, no more.",
    ),
    Credentials.VALID: (
        "Signature holds, signer unlisted",
        "Content and signature hold; the signer is unlisted, expired, or the claim has other problems, which the report lists. "
        "Without a trust list nothing ranks higher.",
    ),
    Credentials.INVALID: (
        "Changed after signing",
        "The signature or a hash does not hold, or signed content is missing. Most often an honest resave. An AI claim in it is "
        "still a claim.",
    ),
    Credentials.UNREADABLE: ("Cannot be read", "A manifest is there, but its structure is broken or unknown."),
    Credentials.REMOTE: ("Stands elsewhere", "The file only names an address of its manifest. It is never fetched unless asked."),
    Credentials.NOT_VERIFIED: ("Read, hash check put off", "The manifest was read; whether the content fits it was not checked."),
    Credentials.NONE: ("None", "The file carries no content credentials. Most files carry none."),
    Credentials.NOT_CHECKABLE: ("No reader for this type", "The C2PA library cannot look into files of this type."),
}

_ROLES: Words = {
    Role.OWNED: ("Owned reference", "Material of our own."),
    Role.LICENSED: ("Licensed reference", "Material we may use, under the terms of its licence."),
    Role.RESTRICTED: ("Restricted reference", "Material that is not ours and must not be recreated."),
    Role.AI: ("AI reference", "A picture known as temporary AI."),
}

_RELATIONS: Words = {
    Relation.SAME: ("The same", "Equal bytes or equal pixels."),
    Relation.SIMILAR: (
        "Alike by hash",
        "A perceptual hash says that the pictures look alike, or a film has something in common with a clip; no more is known.",
    ),
    Relation.DERIVED: (
        "Made from it",
        "The reference, or a crop, push-in, grade, resize or mirror image of it, by points of both that agree on one transform. "
        "Overlays such as timecode, logo and lower third are told beside it.",
    ),
    Relation.ALTERED: (
        "Differs in a region",
        "Laid over the reference it agrees, yet a region differs by more than grade, noise, grain and compression. Retouching "
        "and the removal of dust look the same as any other change.",
    ),
    Relation.CONTAINS: (
        "Contains it",
        "The reference is a part of what the asset shows: a picture in the picture, a print on a wall.",
    ),
    Relation.CONTAINED: ("A small part of it", "The asset is a small part of the reference: one picture of a contact sheet."),
}

_CATEGORIES: Words = {
    Category.DATA_USE: (
        "Material put into tools",
        "Unreleased or personal material put into tools, and training on material of third parties or talent.",
    ),
    Category.CREATIVE_OUTPUT: (
        "What is made and seen",
        "Main characters, key visuals, fictional settings; references to protected works or public figures.",
    ),
    Category.TALENT: ("Performances", "Digital replicas, and significant digital alteration of a performance."),
    Category.ETHICS: (
        "What could be taken for real",
        "Content that could be taken for real events, people or statements; impact on union roles.",
    ),
}

_APPROVAL_STATES: Words = {
    ApprovalState.VALID: (
        "The approval stands",
        "The asset has exactly the approved content, and the approval holds on the day of the scan. Findings of its category are "
        "allowed: they ask for no verdict and stay in every report.",
    ),
    ApprovalState.LAPSED: (
        "The approval does not hold",
        "The asset has the approved content, but the approval expired, was withdrawn, or is dated after the scan.",
    ),
    ApprovalState.CARRIED_OVER: (
        "Comes from approved content",
        "The asset is another version of approved content, or looks like it. A person confirms; nothing passes by this alone. "
        "What differs in a region, contains approved content or is a small part of it needs an approval of its own.",
    ),
    ApprovalState.OVERRULED: (
        "The approved content was rejected later",
        "The asset has the approved content, and somebody rejected that content after it was approved. The approval allows "
        "nothing, until the content is approved anew or the rejection is withdrawn.",
    ),
}

_DECISIONS: Words = {
    DecisionKind.REJECTION: (
        "Must not be delivered",
        "A person rejected the content. It is blocked wherever it stands, also over an earlier approval; a later approval takes "
        "the rejection's place.",
    ),
    DecisionKind.QUESTION: (
        "Needs information",
        "A person asked something that has to be known first. It changes no verdict, and is told until something is decided.",
    ),
    DecisionKind.NOT_AI: (
        "A false alarm",
        "A person said that what was found is no AI. It lifts what rests on weak or strong unsigned marks and on pictures that "
        "look alike. What rests on a definitive statement is reviewed instead of blocked.",
    ),
}

_DECISION_STATES: Words = {
    DecisionState.STANDING: ("The decision stands", "The asset has the decided content, and nobody withdrew the decision."),
    DecisionState.OVERTAKEN: (
        "A later decision took its place",
        "A rejected content was approved later, or a question was answered by what was decided since. It comes back where that "
        "later decision lapses or is withdrawn.",
    ),
    DecisionState.WITHDRAWN: (
        "Taken back",
        "Somebody withdrew the decision. It stays in the log and in the reports, and does nothing.",
    ),
}

_SEALED: Words = {
    SealedState.DIFFERS: (
        "Not the sealed bytes",
        "A hash of its bytes, or its size, is not what an ASC MHL history or a packing list in the delivery seals.",
    ),
    SealedState.NOT_CHECKED: (
        "Sealed, not compared",
        "A list seals it, and its bytes were not compared: that was not asked for (--check-hashes), or could not be done.",
    ),
    SealedState.NOT_LISTED: ("Not sealed", "It stands in a folder with a history that does not list it."),
    SealedState.VERIFIED: (
        "The sealed bytes",
        "The bytes that this scan read are the sealed ones, by every list that seals them. That says nothing of how they were "
        "made, or who sealed them.",
    ),
}

_EXIT_CODES: Words = {
    "0": (
        "pass",
        "Nothing weighs more than information, or --fail-on and --allow-incomplete turned it into 0; the report says so.",
    ),
    "1": ("the scanner failed", "An error of the scanner or its tools. No verdict was reached."),
    "2": ("wrong usage", "An option, the configuration, a policy or a catalogue is wrong. Nothing was read."),
    "3": ("nothing to scan", "The folders hold no file."),
    "4": ("incomplete", "Something that counts could not be read. Only --allow-incomplete turns it into another code."),
    "10": ("review", "A person must look. --fail-on blocked or never turns it into 0."),
    "11": ("blocked", "Something stands where the policy does not allow it. --fail-on never turns it into 0."),
    "130": ("interrupted", "Someone stopped the scan; the report is marked incomplete."),
}
