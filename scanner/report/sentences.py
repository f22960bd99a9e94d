"""The words of the reports: what the page, the terminal and the JSON say is written once, here."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from scanner.model.approvals import AppliedApproval
from scanner.model.credentials import Credentials, Manifest, TrustList
from scanner.model.decisions import AppliedDecision
from scanner.model.judging import Finding, Severity, Verdict
from scanner.model.marks import Confidence, Mark, Meaning
from scanner.model.matching import Match, NearCopy, Relation, Role
from scanner.model.relation_words import Related, details, verb
from scanner.model.scan import AssetRecord, Scan
from scanner.model.text import shown
from scanner.report.ordered import ordered, tally_of
from scanner.report.tally import permits
from scanner.report.worklist import Entry, baseline_counts, shows_only_new, unassigned_folders

NOTHING_FOUND = "Nothing to fix or to review in what was read and compared; this does not prove that nothing is there."
NAME_THE_ZONES = "name them with --zone"

_DECLARES = {
    Meaning.GENERATED: "AI generation",
    Meaning.COMPOSITE: "an AI-generated element",
    Meaning.EDITED: "a generative AI edit",
    Meaning.ENHANCED: "AI enhancement, which is no generation",
    Meaning.DECLARED_OTHER: "capture, scan, procedural or human work",
    Meaning.MAY_CONTAIN: "a mixture that leaves open whether AI was used",
    Meaning.HISTORY: "AI in a component or an earlier state",
    Meaning.PERMISSION: "what others may do with it, not how it was made",
    Meaning.TRAP: "something that is known to look like a mark and is none",
}
_CREDENTIALS = {
    Credentials.TRUSTED: "content and signature hold",
    Credentials.VALID: "content and signature hold; the signer was not found on a loaded list, or there are other problems",
    Credentials.INVALID: "changed after signing: a signature or a digest of signed content does not match",
    Credentials.UNREADABLE: "content credentials are there and could not be read",
    Credentials.REMOTE: "only the address of a manifest elsewhere, which was not fetched",
    Credentials.NOT_VERIFIED: "content credentials were read, their digests were not checked",
    Credentials.NONE: "no content credentials found",
    Credentials.NOT_CHECKABLE: "no reader can look for content credentials in this format",
}
_PROVENANCES = {
    "composite": "composite with AI",
    "edited": "edited with AI",
    "enhanced": "enhanced by AI",
    "declared-other": "declared as other than AI",
    "no-marks": "without marks",
    "not-checkable": "not checkable",
}
_ROLES = {
    Role.OWNED: "an owned reference",
    Role.LICENSED: "a licensed reference",
    Role.RESTRICTED: "a restricted reference",
    Role.AI: "a known AI temporary",
}
_SEVERITIES = {Severity.HIGH: "Blocks", Severity.MEDIUM: "Look at it", Severity.INFO: "For information"}


def number(count: int) -> str:
    """Return a count with thousands separated."""
    return f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """Return a count and its noun: ``1 file``, ``1,204 files``."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def fetched(scan: Scan) -> str:
    """Say how much was fetched from buckets, these not named; empty where no root lies in one."""
    received = scan.coverage.fetched_bytes
    return "" if received is None else f"{counted(received, 'byte')} fetched"


def work_left(fix: int, review: int, unread: int) -> str:
    """Return what is left to do: ``3 to fix, 5 to review``."""
    parts = [f"{number(fix)} to fix" if fix else "nothing to fix", f"{number(review)} to review" if review else ""]
    if unread:
        parts.append(f"{number(unread)} not read")
    if not fix and not review:
        parts[0] = "nothing to fix or to review"
    return ", ".join(part for part in parts if part)


def alarms(scan: Scan) -> list[str]:
    """Return what makes the report partial, loudest first; empty for a scan that went to its end."""
    said = []
    if scan.interrupted:
        said.append("INTERRUPTED: the scan was stopped before its end. What it did not reach was not read.")
    if unlisted := sum(bool(path) for _, path, _ in scan.unreadable_folders):
        said.append(f"NOT COMPLETE: {counted(unlisted, 'folder')} could not be listed. What lies there was not scanned.")
    said += [f"NOT COMPLETE: {reason}." for _, path, reason in scan.unreadable_folders if not path]
    if not scan.complete and not said:
        said.append("NOT COMPLETE: the scan did not look at everything under its roots.")
    return said


def lowered_gate(scan: Scan) -> list[str]:
    """Return what options make the exit code say less than the verdict does."""
    said = []
    for name, value in scan.options:
        match name.lstrip("-"), value:
            case "fail-on", "blocked":
                said.append("Gate lowered: with --fail-on blocked a verdict of review exits 0.")
            case "fail-on", "never":
                said.append("Gate lowered: with --fail-on never a verdict of blocked or review exits 0.")
            case "allow-incomplete", _:
                said.append("Gate lowered: with --allow-incomplete a scan that is incomplete exits 0.")
    return said


def since_baseline(scan: Scan) -> list[str]:
    """Return what the baseline keeps from being shown first, and what became of the rest; empty without a baseline."""
    if scan.baseline is None:
        return []
    counts = baseline_counts(scan).known
    words = (("blocked", "to fix"), ("incomplete", "not read"), ("review", "to review"))
    known = ", ".join(f"{number(counts[word])} {task}" for word, task in words if counts[word]) or "nothing of this"
    said_of_known = ("; not shown here" if shows_only_new(scan) else "") + "; the verdict counts that"
    of = f"{scan.baseline.file} of {scan.baseline.finished[:10]}"
    said = [f"{known} stood in {of}, content unchanged" + (said_of_known if any(counts.values()) else "")]
    if scan.baseline.gone:
        said.append(f"{counted(scan.baseline.gone, 'finding')} of that report not found any more")
    return said


def not_done(scan: Scan) -> list[str]:
    """Return what the scan did not look at, as short phrases."""
    return [*_not_opened(scan), *_not_read(scan), *_not_compared(scan), *_not_looked_up(scan)]


def _not_opened(scan: Scan) -> list[str]:
    said = []
    if unlisted := sum(bool(path) for _, path, _ in scan.unreadable_folders):
        said.append(f"{counted(unlisted, 'folder')} not listed")
    said += [reason for _, path, reason in scan.unreadable_folders if not path]
    if scan.coverage.special:
        said.append(f"{counted(scan.coverage.special, 'link, pipe or device', 'links, pipes or devices')} not opened")
    return said


def _not_read(scan: Scan) -> list[str]:
    coverage = scan.coverage
    said = [f"{counted(count, 'asset')} not read whole: {reason}" for reason, count in coverage.readings_lost]
    if coverage.unreadable and not said:
        said.append(f"{counted(coverage.unreadable, 'asset')} not readable")
    if coverage.not_checkable:
        said.append(f"{counted(coverage.not_checkable, 'asset')} of a type that no reader can look into")
    return said


def _not_compared(scan: Scan) -> list[str]:
    if scan.library is None:
        within = (
            "pictures were compared within this delivery only" if scan.coverage.pictures_compared else "no picture was compared"
        )
        return [f"no reference library: {within}"]
    if not scan.library.references:
        return ["library empty: no picture was compared"]
    return [f"{counted(count, 'asset')} not compared: {reason}" for reason, count in scan.coverage.not_compared]


def _not_looked_up(scan: Scan) -> list[str]:
    noted = any("trust list" in note for note in scan.notes)
    signed = tally_of(scan).totals.signed
    return ["no trust list: no signer was looked up"] if signed and not scan.trust_lists and not noted else []


def zone_examples(scan: Scan) -> list[tuple[str, int]]:
    """Return ready ``--zone`` options for the largest unassigned folders, with how many media assets each would name."""
    return [
        (f"--zone {shlex.quote(f'{folder}/**=final')}", count)
        for folder, count in unassigned_folders(scan)
        # A name that a shell or a glob would read otherwise makes no ready example.
        if shown(folder) == folder and not set(folder) & set("*?[]{}=!~")
    ]


def evidence(entry: Entry) -> str:
    """Return the one sentence that says why an entry is on its list."""
    return sentence(entry.findings[0].message) if entry.findings else "the policy says so; no finding was kept"


def sentence(text: str) -> str:
    """Return a message without the full stop at its end: lists and dots follow it."""
    return text.rstrip().removesuffix(".")


def opened(text: str) -> str:
    """Return a sentence with a capital first letter."""
    return text[:1].upper() + text[1:]


def declaration(mark: Mark) -> str:
    """Return what a mark says, as a sentence: ``the file declares AI generation by Midjourney``."""
    source = "the file" if mark.where.startswith("file") or not mark.where else mark.where.partition(",")[0]
    verb = "hints at" if mark.confidence is Confidence.WEAK else "declares"
    maker = f", naming {mark.generator}" if mark.generator else ""
    frames = f" (frames {mark.frames})" if mark.frames else ""
    return f"{source} {verb} {_DECLARES[mark.meaning]}{maker}{frames}"


def credentials_sentence(record: AssetRecord) -> str:
    """Return the state of an asset's content credentials, with the lists that a trusted signer stands on."""
    return credentials_words(record.credentials, record.manifests.trusted_by if record.manifests else ())


def credentials_words(credentials: Credentials, lists: Sequence[TrustList]) -> str:
    """Return what a state of content credentials means; `lists` are those that a trusted signer stands on."""
    return _CREDENTIALS[credentials] + (listed_in(lists) if credentials is Credentials.TRUSTED else "")


def listed_in(lists: Sequence[TrustList]) -> str:
    """Return where a trusted signer is listed, as ``; signer listed in LIST of DATE``."""
    return "; signer listed in " + (" and in ".join(f"{each.name} of {each.date}" for each in lists) or "a loaded trust list")


def signer_sentence(manifest: Manifest) -> str:
    """Return who signed one manifest of a chain, and when."""
    signer = manifest.signer
    names = [name for name in (signer.common_name, signer.issuer) if name]
    said = f"signed by {', '.join(names)}" if names else "signer not named"
    return f"{said} at {signer.time}" if signer.time else said


def provenance_phrase(provenance: str, count: int) -> str:
    """Return how many assets are of one provenance: ``3 generated``, ``1,200 without marks``."""
    return f"{number(count)} {_PROVENANCES.get(provenance, provenance)}"


def no_matches(scan: Scan) -> str:
    """Return why the list of matches is empty."""
    pictures = scan.coverage.pictures_compared
    compared = counted(pictures, "picture")
    if scan.library is None:
        if not pictures:
            return "No reference library was given, and no picture was compared."
        return f"No reference library was given. {compared} compared within this delivery: none matches."
    if not scan.library.references:
        return "The reference library is empty, so no picture was compared with it."
    return f"{compared} compared with {counted(scan.library.references, 'reference')}: none matches."


def figures(match: Match) -> str:
    """Return what was measured for a match: ``shows 36 % of it, 41 matching points, 6 bits differ, local/1``."""
    return ", ".join((*details(match), *_bits(match), match.basis))


def bits_differ(distance_bits: int) -> str:
    """Return how far two fingerprints lie apart."""
    return counted(distance_bits, "bit differs", "bits differ")


def _bits(found: Related) -> tuple[str, ...]:
    return () if found.distance_bits is None else (bits_differ(found.distance_bits),)


def match_sentence(match: Match) -> str:
    """Return a match as a sentence: relation, reference, role, figures."""
    seen = f" in frame {match.frames}" if match.frames else ""
    return f"{verb(match)} {match.reference.name}, {_ROLES[match.reference.role]}{seen} ({figures(match)})"


def copy_figures(copy: NearCopy) -> str:
    """Return what was measured for a near copy."""
    if copy.relation is Relation.SAME:
        return "bytes or pixels"
    return ", ".join((*details(copy), *_bits(copy))) or "not measured"


def copy_sentence(copy: NearCopy, path: str) -> str:
    """Return a near copy as a sentence; `path` is the copy's, as people find it."""
    return f"{verb(copy)} {path}, declared {copy.provenance.value}, zone {copy.zone.value} ({copy_figures(copy)})"


def allowed(scan: Scan, most: int) -> list[tuple[AssetRecord, AppliedApproval | AppliedDecision]]:
    """Return the first `most` assets of which a decision allowed something that would ask for a verdict, each with one."""
    found = (ordered(scan).at(place) for place in tally_of(scan).permitted[:most])
    return [(record, permits(record)[0]) for record in found]


def weight(finding: Finding) -> str:
    """Return how much a finding counts, as it is said to people."""
    if finding.allowed_by:
        return "Allowed"
    return "Not read" if finding.coverage and finding.severity is Severity.HIGH else _SEVERITIES[finding.severity]


def verdict_sentence(verdict: Verdict) -> str:
    """Return what a verdict means for the delivery."""
    match verdict:
        case Verdict.BLOCKED:
            return "Something in this delivery must be fixed, or approved in writing, before it leaves."
        case Verdict.INCOMPLETE:
            return "Something that had to be read was not read. This is not a pass."
        case Verdict.REVIEW:
            return "Nothing blocks; a person must look at what is listed here."
        case Verdict.PASS:
            return NOTHING_FOUND


def cannot_show(scan: Scan) -> list[str]:
    """Return what no reader of the report may take from it, in plain words; depends on what the scan was asked to do."""
    return [
        "No marks is no proof of absence: export, re-encoding, screen capture and many programs drop them.",
        "A declaration is its writer's word: metadata can be copied, removed or wrong. A signature shows who signed and that "
        "nothing changed since, not that what it says is true.",
        _watermarks_said(scan),
        _films_said(scan),
        "A match says that two pictures look alike, not which came first. " + _library_said(scan),
        "No face and no voice is recognised: people are known only as far as metadata names them.",
        "What lies inside archives, disk images and project files was not opened.",
        *_left_elsewhere(scan),
    ]


def _films_said(scan: Scan) -> str:
    if tally_of(scan).totals.films_seen:
        seen = "Films were looked through at a frame a second: what is on screen for less may go unseen."
        return f"{seen} Sound was not compared or listened to."
    return "Pictures inside movies were not compared, and sound was not compared or listened to."


def _watermarks_said(scan: Scan) -> str:
    closed = "SynthID and other closed watermarks need their makers' detectors and were not looked for."
    if tally_of(scan).totals.watermarked:
        return f"Of invisible watermarks only open ones were looked for, and finding none says nothing. {closed}"
    return f"No invisible watermark was looked for (--watermarks looks for open ones). {closed}"


def _library_said(scan: Scan) -> str:
    if scan.library is None:
        return "No reference library was given, so nothing was compared with known AI temporaries or with originals."
    return "What is not in the reference library cannot match it."


def _left_elsewhere(scan: Scan) -> list[str]:
    remote, unhashed = tally_of(scan).totals.remote, tally_of(scan).totals.unhashed
    said = []
    if remote:
        said.append(f"{counted(remote, 'asset')} only name an address of content credentials. It was not fetched.")
    if not scan.trust_lists:
        said.append("No trust list was loaded: who signed is told as the certificate has it, and was looked up nowhere.")
    if unhashed:
        said.append(f"{counted(unhashed, 'file')} not hashed: equal copies and approvals are not recognised there.")
    return said


def statement(scan: Scan) -> str:
    """Return the closing sentence of every report."""
    return (
        "This report records what this scan read and compared; it is no rights clearance, legal advice or client's approval. "
        f"Policy text is our reading of {scan.policy.document or 'the document that it names'}"
        + (f", {scan.policy.date}." if scan.policy.date else ".")
    )
