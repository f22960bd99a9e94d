"""Frames of a numbered sequence that are worth looking at: chosen by number and file size, before any is opened.

What is promised is what holds for a film of whole pictures: whatever is on screen for a second has a chosen frame, as far as its
files are there and decode. A scene change is seen where the size of compressed files leaves that of the ones before.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, pairwise

from scanner.frames.choosing import PacketChooser
from scanner.model.moving import FrameMark, SampleReason
from scanner.model.work import FrameFiles


class SequenceSampling:
    """One pass over files of a sequence. Iterate it once; say `lost` of each frame that did not decode."""

    def __init__(self, files: FrameFiles, end: Fraction | None) -> None:
        """Prepare a pass over `files` up to, not including, `end`: seconds on the sequence's clock, None for its end."""
        self._files = files
        self._end = end
        # Rounded down: at 23.976 a second has 23 whole frames.
        self._chooser = PacketChooser(max(1, int(files.rate)))

    def __iter__(self) -> Iterator[tuple[int, FrameMark]]:
        """Yield position in the files and place in the sequence of each frame to look at, with the reason."""
        numbers = self._files.numbers
        for at, (number, following) in enumerate(pairwise(chain(numbers, (numbers[-1] + 1,)))):
            if self._end is not None and number >= self._end * self._files.rate:
                return
            reason = self._chooser.wants(number, self._files.sizes_bytes[at], following)
            if reason is None and self._end is None and at == len(numbers) - 1:
                reason = SampleReason.LAST
            if reason is SampleReason.FIRST and number:
                # The first of a stretch is looked at so that no second is left out between it and the stretch before.
                reason = SampleReason.INTERVAL
            if reason:
                yield at, FrameMark(number / self._files.rate, number, reason)

    def lost(self) -> None:
        """Say that the frame last yielded did not decode: the next will be looked at in its stead."""
        self._chooser.lost()
