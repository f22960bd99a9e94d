"""The C2PA reader: content credentials through c2pa-python, never over the network.

One context a process (it is invalid after ``fork``). The type handed over is the probe's, since the library trusts it over the
content. What decides later are the validation codes, not the library's one-word state.
"""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from typing import Any

import c2pa

from scanner.model.credentials import ManifestStore, TrustList
from scanner.model.formats import Format
from scanner.model.readings import Failed, Found, NotFound, NotTried, Outcome
from scanner.read.manifest_store import parse_store
from scanner.read.trust import AnchorList, Trust
from scanner.tools.bounded import contains, open_regular, read_at
from scanner.tools.containers.bmff import boxes
from scanner.tools.containers.source import Source

VERIFY_BELOW_BYTES = 2 << 30
"""Larger files are read without their hash check (2.7 s for 2 GB) and say ``not-verified``."""

_SIDECAR_LIMIT_BYTES = 64 << 20

_C2PA_SUPERBOX = bytes.fromhex("6332706100110010800000aa00389b71")
"""Type of the C2PA superbox (C2PA 2.x, 11.1.4.2). A file without these bytes holds no manifest that stands uncompressed."""

_C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""Type of the top-level box that holds a manifest in ISO base media files (C2PA 2.x, A.5)."""

_NO_PLACE = ("naked codestream",)


class C2paReader:
    """Reads content credentials. Implements `model.protocols.Reader`."""

    name = "c2pa"

    def __init__(self, trust: Trust | None = None, *, verify_below_bytes: int = VERIFY_BELOW_BYTES) -> None:
        """Make the contexts: one that verifies against all lists, one that does not verify, and one a list on demand."""
        self._trust = trust or Trust()
        self._verify_below_bytes = verify_below_bytes
        self._verifying = _context(self._trust, self._trust.anchors, verify=True)
        self._reading = _context(self._trust, self._trust.anchors, verify=False)
        self._by_list: dict[str, Any] = {}
        self._believers: dict[str, tuple[TrustList, ...]] = {}

    @property
    def version(self) -> str:
        """Versions of the Python package and of the Rust library in it."""
        return str(c2pa.sdk_version())

    def read(self, path: str, file_format: Format, size_bytes: int, *, whole: bool = True) -> Outcome:
        """Read the credentials embedded in a file; see `model.protocols.Reader`.

        Of one that is not `whole`, fetched in part from a bucket, the hash check is put off.
        """
        if file_format.mime is None:
            return NotTried(f"C2PA credentials cannot be checked in {file_format.title}")
        return self._read(path, file_format, size_bytes, None, whole=whole)

    def read_sidecar(self, path: str, file_format: Format, size_bytes: int, sidecar: str, *, whole: bool = True) -> Outcome:
        """Read a detached manifest against the file it stands beside."""
        if file_format.mime is None:
            return NotTried(f"C2PA credentials cannot be checked in {file_format.title}")
        return self._read(path, file_format, size_bytes, sidecar, whole=whole)

    def close(self) -> None:
        """Let go of the contexts."""
        for context in (self._verifying, self._reading, *self._by_list.values()):
            context.close()
        self._by_list.clear()

    def _read(self, path: str, file_format: Format, size_bytes: int, sidecar: str | None, *, whole: bool) -> Outcome:
        verify = whole and size_bytes < self._verify_below_bytes
        origin = f"sidecar {os.path.basename(sidecar)}" if sidecar else "embedded"
        try:
            report = self._report(path, file_format, self._verifying if verify else self._reading, sidecar)
            store = parse_store(report, verified=verify, origin=origin)
        except c2pa.C2paError as error:
            return _outcome_of_error(error, path, size_bytes, whole=whole)
        except OSError as error:
            return Failed(f"cannot be read: {error.strerror or error}", transient=True)
        except (ValueError, RecursionError) as error:
            return Failed(f"manifest cannot be understood: {error}")
        return Found(manifests=self._with_believers(store, _certificate(report), path, file_format, sidecar))

    def _report(self, path: str, file_format: Format, context: Any, sidecar: str | None) -> dict[str, Any]:  # noqa: ANN401
        manifest = read_at(sidecar, 0, _SIDECAR_LIMIT_BYTES) if sidecar else None
        with open_regular(path) as raw:
            # Rust reads in many small steps; without a buffer each is a system call.
            stream = io.BufferedReader(raw, 1 << 16)  # type: ignore[type-var]
            with c2pa.Reader(file_format.mime, stream, manifest, context=context) as reader:
                report = json.loads(reader.json())
        if not isinstance(report, dict):
            raise ValueError("no manifest store")
        return report

    def _with_believers(
        self, store: ManifestStore, certificate: str, path: str, file_format: Format, sidecar: str | None
    ) -> ManifestStore:
        """Find out which of several lists make the signer trusted; the library does not say."""
        trusted = any(code.code == "signingCredential.trusted" and not code.ingredient for code in store.codes)
        if not trusted or not store.verified:
            return store
        if certificate not in self._believers:
            self._believers[certificate] = tuple(
                entry.stamp for entry in self._trust.anchors if self._is_trusted_by(entry, path, file_format, sidecar)
            )
        return replace(store, trusted_by=self._believers[certificate])

    def _is_trusted_by(self, entry: AnchorList, path: str, file_format: Format, sidecar: str | None) -> bool:
        if entry.stamp.name not in self._by_list:
            self._by_list[entry.stamp.name] = _context(self._trust, (entry,), verify=True)
        try:
            report = self._report(path, file_format, self._by_list[entry.stamp.name], sidecar)
        except (c2pa.C2paError, OSError, ValueError):
            return False
        active = report.get("validation_results", {}).get("activeManifest", {})
        return any(status.get("code") == "signingCredential.trusted" for status in active.get("success", []))


def _certificate(report: dict[str, Any]) -> str:
    """What tells the active manifest's certificate from others: two of one name may come from different authorities."""
    signature = report["manifests"][report["active_manifest"]].get("signature_info", {})
    return "|".join(str(signature.get(key)) for key in ("issuer", "common_name", "cert_serial_number"))


def _context(trust: Trust, anchors: tuple[AnchorList, ...], *, verify: bool) -> Any:  # noqa: ANN401 - untyped library
    settings: dict[str, Any] = {
        "verify": {
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
            "verify_trust": True,
            "verify_after_reading": verify,
        },
        # Decoding identity assertions fetches DID documents past the host list.
        "core": {"allowed_network_hosts": [], "decode_identity_assertions": False},
    }
    lists = {
        "trust_anchors": "\n".join(entry.pem for entry in anchors),
        "trust_config": trust.ekus,
        "allowed_list": "\n".join(entry.pem for entry in trust.allowed),
    }
    settings["trust"] = {key: text for key, text in lists.items() if text}
    return c2pa.Context.from_dict(settings)


def _outcome_of_error(error: c2pa.C2paError, path: str, size_bytes: int, *, whole: bool) -> Outcome:
    text = str(error)
    if text.startswith("Remote:"):
        return Found(remote_url=text.rpartition("url ")[2].strip()[:2000])
    if text.startswith("ManifestNotFound"):
        return NotFound()
    if any(words in text for words in _NO_PLACE):
        return NotFound(("a naked codestream has no place for a manifest",))
    refused = text.startswith(("Other: asset could not be parsed", "NotSupported", "Io"))
    if refused and not _may_hold_manifest(path, size_bytes, whole=whole):
        # The library refuses some intact files, QuickTime without ftyp and RF64 among them; the bytes answer for it.
        return NotFound((f"the C2PA library could not parse the file ({_cause(text)}); its bytes hold no manifest",))
    return Failed(f"credentials cannot be read: {_cause(text)}", transient=text.startswith("Io"))


def _may_hold_manifest(path: str, size_bytes: int, *, whole: bool) -> bool:
    """Whether a manifest could stand in a file that the library refuses: searched byte by byte, large movies box by box."""
    try:
        if whole and size_bytes <= VERIFY_BELOW_BYTES:
            return contains(path, _C2PA_SUPERBOX, size_bytes)
        with open_regular(path) as stream:
            return _boxes_may_hold_manifest(Source(stream, size_bytes))
    except OSError:
        return True


def _boxes_may_hold_manifest(source: Source) -> bool:
    """Walk the top-level boxes of a movie; True also for what is no movie, or one whose boxes do not end with the file."""
    end = 0
    for box in boxes(source):
        if box.kind == b"uuid" and source.at(box.start, 16) == _C2PA_UUID:
            return True
        end = box.end
    return end != source.size_bytes


def _cause(text: str) -> str:
    return text.partition(": ")[2][:300] or text[:300]
