"""Deciding in the room: what is asked, what is refused, and what two people at once and a killed server leave in the log."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path

import pytest

from scanner.model.approvals import ContentKind
from scanner.model.matching import Fingerprint
from scanner.pipeline.approved_content import Content
from scanner.store.approval_entries import decisions_of
from scanner.store.approval_log import open_approval_log
from scanner.store.chain import Entry
from tests.cli.conftest import clean_environment, generated, noise
from tests.cli.warm import WarmCommand
from tests.review.asking import Answered, Visitor
from tests.review.served import Served, serving

pytest.importorskip("starlette", reason="the review room needs the extra `review`")

from scanner.review.decisions import DecisionDesk
from scanner.review.room import open_room

MOMENT = "2026-03-01T12:00:00Z"
PRINT = Fingerprint("phash64/imagehash-4.3", "0f" * 8, 64, 64, flat=False)
APPROVAL = {
    "approver": "Dana Reyes, Netflix",
    "reference": "NFLX-2231",
    "category": "creative-output",
    "use": "background plate\nin episode 1",
    "date": "2026-02-27",
    "expires": "",
}
REJECTION = {"statement": "no release form", "decider": "Vera Okafor, legal", "date": "2026-02-28"}


@pytest.fixture(scope="module")
def scanned_once(tmp_path_factory: pytest.TempPathFactory, warm: WarmCommand) -> Path:
    """A delivery with two files of one content, and its report beside it."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    folder = tmp_path_factory.mktemp("decided")
    final = folder / "DRIVE" / "final"
    final.mkdir(parents=True)
    generated(final / "a.png")
    shutil.copy(final / "a.png", final / "b.png")
    noise(3).save(final / "plain.png")
    environment = clean_environment(folder / "home")
    arguments = ["scan", "DRIVE", "--zone", "final", "--no-library", "--output", "r", "--format", "json"]
    done = warm.run(arguments, folder, environment, folder)
    assert done.returncode == 11, done.stderr
    return folder


class Deciding:
    """A browser, and the log that its decisions go to."""

    def __init__(self, folder: Path) -> None:
        self.final = folder / "DRIVE" / "final"
        self.place = str(folder / "log" / "approvals.sqlite")
        self.read: list[Sequence[str]] = []
        self.room = open_room([str(folder / "r"), str(folder / "r" / "scan.json")], lambda *_: None)
        self.desk = DecisionDesk(self.place, self._content, lambda: MOMENT)
        self.visitor = self.another("rosa")

    def another(self, name: str) -> Visitor:
        from scanner.review.identity import Identity

        visitor = Visitor(self.room, Identity(name))
        visitor.app._app.state.desk = self.desk  # type: ignore[attr-defined]
        return visitor

    def row(self, name: str) -> int:
        catalogue = self.room.reports[0].catalogue
        return next(row for row in range(len(catalogue)) if catalogue.asset(row).text("path") == f"final/{name}")

    def form(self, kind: str, name: str = "a.png", visitor: Visitor | None = None) -> dict[str, str]:
        return hidden((visitor or self.visitor).get(f"/scans/1/assets/{self.row(name)}/decide?kind={kind}").text)

    def send(
        self, kind: str, fields: dict[str, str], name: str = "a.png", visitor: Visitor | None = None, **more: str
    ) -> Answered:
        given = {**(fields if "submission" in fields else self.form(kind, name, visitor) | fields), **more}
        return (visitor or self.visitor).post(f"/scans/1/assets/{self.row(name)}/decide?kind={kind}", given)

    def entries(self) -> tuple[Entry, ...]:
        return entries_at(self.place)

    def _content(self, paths: Sequence[str]) -> Content:
        self.read.append(paths)
        (path,) = paths
        content = Path(path).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        return Content(path, ContentKind.FILE, digest, len(content), 0, (PRINT,), f"pixels:{digest}")


def hidden(text: str) -> dict[str, str]:
    found = re.findall(r'name="(seen|submission)" value="([^"]*)"', text)
    assert [name for name, _ in found] == ["seen", "submission"]
    return dict(found)


def entries_at(place: str) -> tuple[Entry, ...]:
    if not os.path.exists(place):
        return ()
    with closing(open_approval_log(place, create=False)) as log:
        return log.entries()


@pytest.fixture
def deciding(scanned_once: Path, tmp_path: Path) -> Iterator[Deciding]:
    for name in ("DRIVE", "r"):
        shutil.copytree(scanned_once / name, tmp_path / name)
    # The report names the roots of the first scan.
    report = tmp_path / "r" / "scan.json"
    report.write_text(report.read_text("utf-8").replace(str(scanned_once), str(tmp_path)), "utf-8")
    made = Deciding(tmp_path)
    yield made
    for one in made.room.reports:
        one.file.close()


def test_the_form_says_what_it_is_about(deciding: Deciding) -> None:
    text = deciding.visitor.get(f"/scans/1/assets/{deciding.row('a.png')}/decide?kind=approve").text

    assert "4 assets of the open reports have it" in text
    assert hashlib.sha256((deciding.final / "a.png").read_bytes()).hexdigest() in text
    asked = text[text.index("What was found asks for") : text.index('label="Others"')]
    assert re.findall(r'value="([a-z-]+)"', asked) == ["creative-output", "ethics-and-representation"]
    assert deciding.entries() == ()


def test_an_approval_is_recorded_with_what_the_file_looks_like(deciding: Deciding) -> None:
    answer = deciding.send("approve", APPROVAL)

    (entry,) = deciding.entries()
    payload = entry.read()
    assert (answer.status, answer.headers["location"]) == (
        303,
        f"/scans/1/assets/{deciding.row('a.png')}#decision-{entry.id}",
    )
    assert (payload["approver"], payload["recorder"], payload["use"]) == (
        APPROVAL["approver"],
        "rosa",
        "background plate in episode 1",
    )
    assert payload["fingerprints"] and payload["pixel_digest"] and payload["size_bytes"]
    assert deciding.read == [[str(deciding.final / "a.png")]]
    # All assets of that content tell it, in the grid and on their pages.
    assert "approved" in deciding.visitor.get(f"/scans/2/assets/{deciding.row('b.png')}").text
    found = deciding.visitor.get("/scans/1?decision=approved").text
    assert "2 assets found" in found and "final/plain.png" not in found
    assert "1 asset found" in deciding.visitor.get("/scans/1?decision=none").text


@pytest.mark.parametrize(
    ("kind", "change", "field", "said"),
    [
        ("approve", {"approver": " Rosa "}, "approver", "You write this down"),
        ("approve", {"approver": ""}, "approver", "Approver is empty"),
        ("approve", {"category": "looks"}, "category", "is no category"),
        ("approve", {"date": "tomorrow"}, "date", "is no day"),
        ("approve", {"expires": "2026-01-01"}, "expires", "before its date"),
        ("approve", {"use": "x" * 2001}, "use", "longer than 2,000"),
        ("approve", {"reference": "a\x00b"}, "reference", "control character"),
        ("reject", {"statement": " \n "}, "statement", "Reason is empty"),
        ("ask", {"statement": ""}, "statement", "Question is empty"),
        ("not-ai", {"decider": ""}, "decider", "Who decided is empty"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    deciding: Deciding, kind: str, change: dict[str, str], field: str, said: str
) -> None:
    fields = {**(APPROVAL if kind == "approve" else REJECTION), "reference": "ticket <7>", **change}

    answer = deciding.send(kind, fields)

    assert answer.status == 422
    mistake = re.search(rf'id="e-{field}">([^<]*)<', answer.text)
    assert mistake and said in mistake[1]
    assert "reference" in change or 'value="ticket &lt;7&gt;"' in answer.text
    assert deciding.entries() == ()


@pytest.mark.parametrize("missing", [{"seen": ""}, {"seen": "-1"}, {"submission": ""}, {"submission": "x y" * 9}])
def test_a_form_that_is_not_whole_records_nothing(deciding: Deciding, missing: dict[str, str]) -> None:
    assert deciding.send("reject", {**REJECTION, **missing}, **missing).status == 422
    assert deciding.entries() == ()


def test_a_form_that_is_sent_twice_is_recorded_once(deciding: Deciding) -> None:
    fields = REJECTION | deciding.form("reject")

    first, second = deciding.send("reject", fields), deciding.send("reject", fields)

    assert first.status == second.status == 303
    assert first.headers["location"] == second.headers["location"]
    assert len(deciding.entries()) == 1


def test_who_had_not_seen_a_decision_is_shown_it_and_overwrites_nothing(deciding: Deciding) -> None:
    joel = deciding.another("joel")
    early = APPROVAL | deciding.form("approve", "b.png", joel)
    deciding.send("reject", REJECTION)

    answer = deciding.send("approve", early, "b.png", joel)

    assert answer.status == 409
    assert "Decided meanwhile" in answer.text and "no release form" in answer.text
    assert 'value="Dana Reyes, Netflix"' in answer.text and "background plate\nin episode 1" in answer.text
    assert [entry.kind for entry in deciding.entries()] == ["rejection"]
    again = deciding.send("approve", early | hidden(answer.text), "b.png", joel)
    assert again.status == 303
    assert [entry.kind for entry in deciding.entries()] == ["rejection", "approval"]


def test_a_withdrawal_is_something_that_was_decided_meanwhile(deciding: Deciding) -> None:
    deciding.send("reject", REJECTION)
    early = APPROVAL | deciding.form("approve")
    withdraw(deciding, deciding.entries()[0].id)

    answer = deciding.send("approve", early)

    assert (answer.status, "withdrawn" in answer.text) == (409, True)


def test_a_decision_about_other_content_is_in_nobodys_way(deciding: Deciding) -> None:
    early = REJECTION | deciding.form("reject")
    deciding.send("ask", {**REJECTION, "addressee": "Joel"}, "plain.png")

    assert deciding.send("reject", early).status == 303


@pytest.mark.parametrize("later", [b"", b"more"])
def test_a_file_that_changed_since_the_scan_is_not_decided_on(deciding: Deciding, later: bytes) -> None:
    path = deciding.final / "a.png"
    content, status = path.read_bytes(), path.stat()
    path.write_bytes(content + later if later else content[:-1] + bytes([content[-1] ^ 1]))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    answer = deciding.send("reject", REJECTION, without_file="yes")

    assert (answer.status, "Changed since the scan" in answer.text, "Scan again" in answer.text) == (409, True, True)
    assert deciding.entries() == ()


def test_without_the_file_it_is_recorded_only_where_that_is_asked_for(deciding: Deciding) -> None:
    shutil.rmtree(deciding.final)
    fields = REJECTION | deciding.form("reject")

    answer = deciding.send("reject", fields)
    assert (answer.status, 'name="without_file"' in answer.text) == (409, True)
    assert deciding.entries() == ()
    assert deciding.send("reject", fields, without_file="yes").status == 303
    payload = deciding.entries()[0].read()
    assert (payload["fingerprints"], payload["pixel_digest"]) == ([], "")
    assert payload["content"] == deciding.room.reports[0].catalogue.content(deciding.row("a.png"))


def test_a_file_that_became_a_link_is_not_followed(deciding: Deciding, tmp_path: Path) -> None:
    shutil.move(deciding.final / "a.png", tmp_path / "elsewhere.png")
    (deciding.final / "a.png").symlink_to(tmp_path / "elsewhere.png")

    assert deciding.send("reject", REJECTION).status == 409
    assert deciding.read == []


def test_parts_are_of_films(deciding: Deciding) -> None:
    answer = deciding.send("reject", {**REJECTION, "first": "1", "after": "2"})

    assert (answer.status, "it has no parts" in answer.text) == (409, True)
    assert deciding.send("reject", {**REJECTION, "first": "2", "after": "1"}).status == 422


@pytest.mark.parametrize(
    "target", ["/scans/1/assets/0/decide?kind=burn", "/scans/1/assets/99/decide", "/scans/9/assets/0/decide"]
)
def test_what_is_not_there_is_not_decided_on(deciding: Deciding, target: str) -> None:
    assert deciding.visitor.get(target).status == 404
    assert deciding.visitor.post(target, REJECTION).status == 404


def test_a_log_that_does_not_hold_is_told_and_added_to_by_nobody(deciding: Deciding) -> None:
    Path(deciding.place).parent.mkdir()
    Path(deciding.place).write_bytes(b"no database" * 100)

    assert deciding.visitor.get("/scans/1").status == 200
    assert "Nothing can be recorded" in deciding.visitor.get("/scans/1/assets/0/decide?kind=reject").text
    fields = REJECTION | {"seen": "0", "submission": "s" * 24}
    assert deciding.send("reject", fields).status == 409
    assert deciding.visitor.get("/decisions").status == 200


def withdraw(deciding: Deciding, identity: str, reason: str = "a mistake") -> Answered:
    return deciding.visitor.post("/decisions/withdraw", {"id": identity, "reason": reason})


def test_the_page_of_all_decisions_and_withdrawing(deciding: Deciding) -> None:
    assert "Nothing was decided yet" in deciding.visitor.get("/decisions").text
    deciding.send("reject", {**REJECTION, "statement": "<script>alert(1)</script>"})
    deciding.send("ask", {**REJECTION, "statement": "whose?", "addressee": "Joel"}, "plain.png")

    text = deciding.visitor.get("/decisions").text
    assert re.findall(r'word is-[a-z-]+">([^<]+)<', text) == ["needs information", "rejected"]
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text
    identity = deciding.entries()[0].id
    assert withdraw(deciding, identity, " ").status == 422
    assert withdraw(deciding, "0" * 16).status == 409
    assert withdraw(deciding, identity).status == 303
    assert withdraw(deciding, identity).status == 303
    assert [entry.kind for entry in deciding.entries()] == ["rejection", "question", "withdrawal"]
    assert "withdrawn" in deciding.visitor.get("/decisions").text
    assert "2 assets found" in deciding.visitor.get("/scans/1?decision=none").text


def test_what_another_process_records_is_seen_at_once(deciding: Deciding) -> None:
    deciding.visitor.get("/scans/1")
    other = DecisionDesk(deciding.place, deciding._content, lambda: MOMENT)
    deciding.send("reject", REJECTION)
    told = other.standing().about(deciding.room.reports[0].catalogue.content(deciding.row("b.png")))

    assert [(one.words, one.recorder) for one in told] == [("rejected", "rosa")]
    assert other.standing() is other.standing()


def test_many_at_once_record_one_and_are_told_of_it(deciding: Deciding) -> None:
    """Eight people send what they decided at the same time, and each sends it twice."""
    visitors = [deciding.another(f"reader {number}") for number in range(8)]
    forms = [REJECTION | deciding.form("reject", visitor=visitor) for visitor in visitors]
    answers: list[tuple[int, int]] = []

    def send(number: int) -> None:
        answers.append((number, deciding.send("reject", forms[number], visitor=visitors[number]).status))

    threads = [threading.Thread(target=send, args=(number,)) for number in (*range(8), *range(8))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (entry,) = deciding.entries()
    winner = int(str(entry.read()["recorder"]).split()[1])
    assert sorted(answers) == sorted((number, 303 if number == winner else 409) for number in (*range(8), *range(8)))


def sent(server: Served, row: int, fields: dict[str, str]) -> int:
    text = server.get(f"/scans/1/assets/{row}/decide?kind=reject")
    secret = re.search(r'name="secret" value="([^"]+)"', text)
    assert secret
    status, _, _ = server.post(f"/scans/1/assets/{row}/decide?kind=reject", secret=secret[1], **fields)
    return status


def appeared(place: str) -> bool:
    return os.path.exists(place)


def being_written(place: str) -> bool:
    return os.path.exists(f"{place}-journal") and os.path.getsize(place) > 0


def written(place: str) -> bool:
    # Read without waiting for whoever writes.
    try:
        with closing(sqlite3.connect(f"file:{place}?mode=ro", uri=True, timeout=0)) as connection:
            return bool(connection.execute("SELECT count(*) FROM entry").fetchone()[0])
    except sqlite3.Error:
        return False


@pytest.mark.parametrize("moment", [appeared, being_written, written])
def test_a_server_that_is_killed_while_it_decides_loses_and_doubles_nothing(
    deciding: Deciding, tmp_path: Path, moment: Callable[[str], bool]
) -> None:
    fields, row = REJECTION | deciding.form("reject"), deciding.row("a.png")
    environment = {"SCANNER_NO_STORE": "1", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "share")}
    with serving(str(tmp_path / "r"), "--approvals", deciding.place, **environment) as server:
        server.enter()
        thread = threading.Thread(target=lambda: send_to_the_end(server, row, fields))
        thread.start()
        # What is waited for may pass unseen: then the server is killed once it has answered.
        while thread.is_alive() and not moment(deciding.place):
            pass
        os.kill(server.process.pid, signal.SIGKILL)
        thread.join()

    with serving(str(tmp_path / "r"), "--approvals", deciding.place, **environment) as server:
        server.enter()
        before = entries_at(deciding.place) if written(deciding.place) else ()
        assert sent(server, row, fields) == 303
        assert sent(server, row, fields) == 303

    (entry,) = entries_at(deciding.place)
    assert before in ((), (entry,))
    (one,) = decisions_of([entry], "log")
    assert one.fingerprints


def send_to_the_end(server: Served, row: int, fields: dict[str, str]) -> None:
    with suppress(Exception):
        sent(server, row, fields)


def test_the_log_does_not_lie_in_a_delivery(deciding: Deciding, tmp_path: Path) -> None:
    import subprocess
    import sys

    place = str(tmp_path / "DRIVE" / "log.sqlite")
    done = subprocess.run(
        [sys.executable, "-m", "scanner", "review", str(tmp_path / "r"), "--approvals", place],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 2
    assert "must not be kept in the delivery" in done.stderr
