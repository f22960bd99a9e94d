"""People that an asset names. Facts beside a mark: alone they mean nothing, and no face is ever looked for in pixels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class People:
    """Who the metadata says is shown."""

    names: tuple[str, ...] = ()
    """As in XMP ``PersonInImage`` or a named face region, in the file's order; personal data, withheld unless asked for."""
    face_regions: int = 0
    """Regions that the metadata marks as a face (MWG, Microsoft), named or not."""

    def __bool__(self) -> bool:
        """Whether the metadata points at anybody."""
        return bool(self.names or self.face_regions)


NOBODY = People()
"""What metadata says that points at nobody."""
