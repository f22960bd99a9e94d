"""Time the sampling of films beside decoding them whole and beside their key frames alone.

    python -m benchmarks.film_decode PHOTOS [--seconds N] [--rounds N] [--only CODEC …]

Films of 1920 × 1080 at 24 a second are made in a temporary folder: photographs, enlarged, panned and grained, in shots of 1.5
to 6 seconds with hard cuts and dissolves. All that is timed goes over the same film in turn, in one thread; figures are the
least of the rounds in processor time. Printed for each codec: seconds of film a second of processor time, of

- full: every frame decoded, no picture made;
- keys: key frames decoded, found by the decoder; of whole-picture codecs one packet a second decoded, all read;
- sampling: `Sampling`, with its pictures of 512 px;

then what sampling costs as a share of full and as a multiple of keys, frames decoded and sampled, and the time a picture takes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.frames.opening import open_moving
from scanner.frames.rendering import Renderer
from scanner.frames.sampling import Sampling
from scanner.model.moving import Coding, SamplingOutcome

WIDTH, HEIGHT, RATE = 1920, 1080, Fraction(24)
_GRAIN_LEVELS = 4.0

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Encoding:
    """One codec in one container."""

    ending: str
    format_name: str
    codec: str
    pixel_format: str = "yuv420p"
    options: Mapping[str, str] = field(default_factory=dict)
    bit_rate: int = 0


ENCODINGS = {
    "h264 gop 250": Encoding("mp4", "mp4", "libx264", options={"preset": "fast", "crf": "20"}),
    "h264 gop 48": Encoding("mp4", "mp4", "libx264", options={"preset": "fast", "crf": "20", "g": "48"}),
    "h264 all-intra": Encoding("mov", "mov", "libx264", "yuv422p10le", {"preset": "ultrafast", "crf": "18", "g": "1"}),
    "hevc gop 250": Encoding("mp4", "mp4", "libx265", "yuv420p10le", {"preset": "fast", "x265-params": "log-level=none"}),
    "hevc gop 250 crf 16": Encoding(
        "mp4", "mp4", "libx265", "yuv420p10le", {"preset": "fast", "crf": "16", "x265-params": "log-level=none"}
    ),
    "mpeg2 gop 12": Encoding("mxf", "mxf", "mpeg2video", "yuv422p", {"g": "12", "bf": "2"}, 50_000_000),
    "prores hq": Encoding("mov", "mov", "prores_ks", "yuv422p10le", {"profile": "3"}),
    "dnxhr hq": Encoding("mxf", "mxf", "dnxhd", "yuv422p", {"profile": "dnxhr_hq"}),
    "jpeg 2000": Encoding("mxf", "mxf", "jpeg2000", "yuv422p10le"),
}


def shown(photographs: list[Path], frames: int, seed: int = 7) -> Iterator[Pixels]:
    """Yield the frames of the film."""
    random = np.random.default_rng(seed)
    grain = random.normal(0, _GRAIN_LEVELS, (HEIGHT + 64, WIDTH + 64, 1)).astype(np.float32)
    last: Pixels | None = None
    number = 0
    while number < frames:
        picture = _enlarged(photographs[int(random.integers(len(photographs)))])
        length, dissolve = int(random.integers(36, 144)), int(random.choice([0, 0, 18]))
        drift = random.uniform(-0.6, 0.6, 2)
        for at in range(length):
            clean = _panned(picture, drift * at)
            if last is not None and at < dissolve:
                clean = cv2.addWeighted(clean, at / dissolve, last, 1 - at / dissolve, 0)
            down, across = random.integers(0, 64, 2)
            grained = clean + grain[down : down + HEIGHT, across : across + WIDTH]
            yield np.clip(grained, 0, 255).astype(np.uint8)
            number += 1
            if number == frames:
                return
        last = clean


def _enlarged(path: Path) -> Pixels:
    picture = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    share = max((WIDTH + 200) / picture.shape[1], (HEIGHT + 200) / picture.shape[0])
    return np.asarray(cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _panned(picture: Pixels, by: NDArray[np.float64]) -> Pixels:
    centre = (picture.shape[1] / 2 + by[0], picture.shape[0] / 2 + by[1])
    return np.asarray(cv2.getRectSubPix(picture, (WIDTH, HEIGHT), centre), dtype=np.uint8)


def make(path: Path, encoding: Encoding, frames: Iterator[Pixels]) -> None:
    """Encode the film."""
    with av.open(str(path), "w", format=encoding.ending) as output:
        stream = output.add_stream(encoding.codec, rate=RATE, options=dict(encoding.options))
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, encoding.pixel_format
        if encoding.bit_rate:
            stream.bit_rate = encoding.bit_rate
        for number, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            frame.pts, frame.time_base = number, 1 / RATE
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))


def decode_all(path: Path, encoding: Encoding) -> None:
    """Decode every frame."""
    with open_moving(str(path), encoding.format_name) as film:
        for packet in film.container.demux(film.stream):
            _decode(packet)


def _decode(packet: av.Packet) -> None:
    # The library's JPEG 2000 encoder makes packets now and then that its decoder refuses.
    with suppress(av.error.InvalidDataError):
        packet.decode()


def decode_keys(path: Path, encoding: Encoding) -> None:
    """Decode the key frames, or one packet a second of whole pictures."""
    with open_moving(str(path), encoding.format_name) as film:
        whole = film.description.coding is Coding.INTRA
        if not whole:
            film.stream.codec_context.skip_frame = "NONKEY"
        for number, packet in enumerate(film.container.demux(film.stream)):
            if not whole or number % int(RATE) == 0 or packet.size == 0:
                _decode(packet)


def sample(path: Path, encoding: Encoding) -> SamplingOutcome:
    """Sample the film as a scan does."""
    with open_moving(str(path), encoding.format_name) as film:
        sampling = Sampling(film)
        for _ in sampling:
            pass
        return sampling.outcome


def picture_ms(path: Path, encoding: Encoding, times: int = 20) -> float:
    """Milliseconds that one picture takes once its frame is decoded."""
    with open_moving(str(path), encoding.format_name) as film:
        frame = next(film.container.decode(film.stream))
        renderer = Renderer(film.description)
        renderer.render(frame)
        began = time.process_time()
        for _ in range(times):
            renderer.render(frame)
        return (time.process_time() - began) / times * 1000


def timed(work: Callable[[Path, Encoding], object], path: Path, encoding: Encoding) -> float:
    """Seconds of processor time."""
    began = time.process_time()
    work(path, encoding)
    return time.process_time() - began


def main() -> None:
    """Make the films and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photographs", type=Path)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=list(ENCODINGS))
    chosen = parser.parse_args()
    photographs = sorted(chosen.photographs.glob("*.jpg"))
    columns = ("codec", "full", "keys", "sampling", "of full", "of keys", "decoded", "sampled", "picture ms")
    print(_row(columns), _row(["---"] * len(columns)), sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen.only:
            encoding = ENCODINGS[name]
            path = Path(folder) / f"film.{encoding.ending}"
            make(path, encoding, shown(photographs, chosen.seconds * int(RATE)))
            print(line(name, path, encoding, chosen.seconds, chosen.rounds), flush=True)
            path.unlink()


def line(name: str, path: Path, encoding: Encoding, seconds: int, rounds: int) -> str:
    """Measure one film."""
    works = (decode_all, decode_keys, sample)
    times = [[timed(work, path, encoding) for work in works] for _ in range(rounds)]
    full, keys, sampling = (min(column) for column in zip(*times, strict=True))
    outcome = sample(path, encoding)
    speeds = [f"{seconds / cost:.1f}" for cost in (full, keys, sampling)]
    shares = [f"{sampling / full:.0%}", f"{sampling / keys:.2f}"]
    counts = [f"{outcome.decoded} of {seconds * int(RATE)}", str(outcome.sampled)]
    return _row([name, *speeds, *shares, *counts, f"{picture_ms(path, encoding):.1f}"])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
