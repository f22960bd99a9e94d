"""Bytes that the residue reader has something to find in, built by hand; and how tests read them."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from scanner.model.readings import Failed, Found, NotFound, NotTried, Outcome
from scanner.probe.formats import by_name
from scanner.read.residue import ResidueReader

FIXTURES = Path(__file__).parents[2] / "fixtures"
GRAPH = '{"3":{"class_type":"KSampler","inputs":{"seed":1}},"9":{"class_type":"SaveImage","inputs":{}}}'
SETTINGS = (
    "a duck\nNegative prompt: blur\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1234, Size: 64x64, Model hash: c0d1994c73"
)
LABEL = '{"Label":"1","ContentProducer":"somebody","ProduceID":"1"}'
SUPERBOX = bytes.fromhex("6332706100110010800000aa00389b71")


def read(path: Path, name: str) -> Outcome:
    return ResidueReader().read(str(path), by_name(name), path.stat().st_size)


def read_bytes(folder: Path, content: bytes, name: str) -> Outcome:
    path = folder / "sample"
    path.write_bytes(content)
    return read(path, name)


def said(outcome: Outcome) -> list[tuple[str, str]]:
    assert not isinstance(outcome, NotTried)
    return [(one.field, one.value) for one in outcome.statements]


def warnings(outcome: Outcome) -> tuple[str, ...]:
    assert isinstance(outcome, Found | NotFound), outcome
    return outcome.warnings


OUTCOMES = Found | NotFound | Failed


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(*chunks: bytes, late: tuple[bytes, ...] = ()) -> bytes:
    """A small picture with `chunks` before its pixels and `late` ones behind them."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), (90, 120, 150)).save(out, "PNG")
    whole = out.getvalue()
    return whole[:33] + b"".join(chunks) + whole[33:-12] + b"".join(late) + whole[-12:]


def jpeg(*segments: bytes, behind: bytes = b"") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), (90, 120, 150)).save(out, "JPEG")
    whole = out.getvalue()
    return whole[:2] + b"".join(segments) + whole[2:] + behind


def segment(code: int, content: bytes) -> bytes:
    return bytes((0xFF, code)) + struct.pack(">H", len(content) + 2) + content


def exif(comment: bytes, order: str = "<") -> bytes:
    """A TIFF block with a UserComment and nothing else."""
    first = struct.pack(order + "HHHIII", 1, 0x8769, 4, 1, 26, 0)
    inner = struct.pack(order + "HHHIII", 1, 0x9286, 7, len(comment), 44, 0)
    return (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8) + first + inner + comment


def samsung(*blocks: tuple[int, bytes, bytes], footer: bytes = b"") -> bytes:
    """Samsung's trailer from blocks of type, name and content."""
    bodies = [struct.pack("<HHI", 0, kind, len(name)) + name + content for kind, name, content in blocks]
    listing = b"SEFH" + struct.pack("<II", 107, len(blocks))
    for number, (kind, _, _) in enumerate(blocks):
        back = sum(map(len, bodies[number:]))
        listing += struct.pack("<HHII", 0, kind, back, len(bodies[number]))
    return b"".join(bodies) + listing + struct.pack("<I", len(listing)) + b"SEFT" + footer


def key(name: bytes) -> bytes:
    return struct.pack(">I", 0 if len(name) == 4 else len(name)) + name


def text(value: str) -> bytes:
    return struct.pack(">I", len(value) + 1) + value.encode("utf-16-be") + b"\0\0"


def descriptor(name: bytes, *members: tuple[bytes, bytes]) -> bytes:
    return text("") + key(name) + struct.pack(">I", len(members)) + b"".join(key(one) + value for one, value in members)


def generative(used: int, *models: str) -> bytes:
    """Photoshop's GenI block."""
    listed = b"VlLs" + struct.pack(">I", len(models))
    listed += b"".join(b"Objc" + descriptor(b"null", (b"name", b"TEXT" + text(model))) for model in models)
    note = descriptor(b"genTechInfo", (b"isUsingGenTech", b"long" + struct.pack(">i", used)), (b"externalModelList", listed))
    return tagged(b"GenI", struct.pack(">I", 16) + note)


def tagged(name: bytes, content: bytes, long: bool = False) -> bytes:
    content += bytes(-len(content) % 4)
    return b"8BIM" + name + struct.pack(">Q" if long else ">I", len(content)) + content


def layers(*blocks: bytes, large: bool = False) -> bytes:
    """Layer information with one layer that bears `blocks`."""
    extra = struct.pack(">I", 0) + struct.pack(">I", 0) + b"\x05Layer\0\0" + b"".join(blocks)
    channel = struct.pack(">hQ" if large else ">hI", 0, 2)
    record = bytes(16) + struct.pack(">H", 1) + channel + b"8BIMnorm" + b"\xff\0\0\0" + struct.pack(">I", len(extra)) + extra
    return struct.pack(">h", -1) + record + b"\0\0"


def psd(layer_part: bytes = b"", behind: bytes = b"", large: bool = False) -> bytes:
    """A document of 1 × 1 pixel: what stands in its layer information, and blocks behind that."""
    width = ">Q" if large else ">I"
    header = b"8BPS" + struct.pack(">H6xHIIHH", 2 if large else 1, 3, 1, 1, 8, 3)
    section = struct.pack(width, len(layer_part)) + layer_part + struct.pack(">I", 0) + behind
    return header + bytes(8) + struct.pack(width, len(section)) + section + b"\0\0" + bytes(3)


def stealth(message: str, *, mode: str = "RGBA", compressed: bool = True, size: tuple[int, int] = (40, 60)) -> Image.Image:
    """A noise picture with a text in its lowest bits."""
    magic = {("RGBA", True): b"stealth_pngcomp", ("RGBA", False): b"stealth_pnginfo"}.get(
        (mode, compressed), b"stealth_rgbcomp" if compressed else b"stealth_rgbinfo"
    )
    packed = gzip.compress(message.encode()) if compressed else message.encode()
    bits = np.unpackbits(np.frombuffer(magic + struct.pack(">I", len(packed) * 8) + packed, np.uint8))
    pixels = np.random.default_rng(5).integers(0, 256, (size[0], size[1], len(mode)), np.uint8)
    plane = pixels[:, :, 3:] if mode == "RGBA" else pixels
    flat = np.ascontiguousarray(plane).reshape(-1)
    assert len(bits) <= len(flat)
    flat[: len(bits)] = flat[: len(bits)] & 0xFE | bits
    plane[...] = flat.reshape(plane.shape)
    return Image.fromarray(np.ascontiguousarray(pixels.swapaxes(0, 1)), mode)
