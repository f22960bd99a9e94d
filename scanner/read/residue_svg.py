"""SVG: the JSON that ComfyUI puts as CDATA into ``<metadata>``, where ExifTool drops it.

expat resolves nothing outside the file; a document that declares entities is left, since those are how small files grow.
"""

from __future__ import annotations

from xml.parsers import expat

from scanner.read.residue_harvest import GZIP, TEXT_LIMIT_BYTES, Harvest
from scanner.tools.containers.source import Source

_ELEMENTS_LIMIT = 500_000
_DEPTH_LIMIT = 1000
_PIECE_BYTES = 1 << 20


def harvest_svg(source: Source, harvest: Harvest) -> None:
    """Read the JSON texts of all ``metadata`` elements of an SVG."""
    content = source.take(0, source.size_bytes, TEXT_LIMIT_BYTES)
    if source.size_bytes > len(content):
        harvest.warn(f"only its first {TEXT_LIMIT_BYTES >> 20} MB were read")
    _Document(harvest).read(content)


def harvest_svgz(source: Source, harvest: Harvest) -> None:
    """Read a gzip-compressed SVG."""
    packed = source.take(0, source.size_bytes, TEXT_LIMIT_BYTES)
    _Document(harvest).read(harvest.inflate(packed, GZIP))


class _GaveUpError(Exception):
    """The document asks for more than is given to one."""


class _Document:
    """Listens to the parser, and keeps what is said inside ``metadata``."""

    def __init__(self, harvest: Harvest) -> None:
        self._harvest = harvest
        self._depth = self._elements = 0
        self._inside_at = 0
        """Depth of the ``metadata`` element that is open; 0 outside."""
        self._texts: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._refuse

    def read(self, content: bytes) -> None:
        try:
            for at in range(0, len(content), _PIECE_BYTES):
                self._parser.Parse(content[at : at + _PIECE_BYTES], False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            self._harvest.lose(f"the XML is broken ({str(error)[:80]})")
        except (_GaveUpError, ValueError, LookupError) as error:
            self._harvest.warn(f"the XML is not read to its end ({str(error)[:80]})")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > _DEPTH_LIMIT or self._elements > _ELEMENTS_LIMIT:
            raise _GaveUpError("too many elements, or too deep")
        if not self._inside_at and name.rpartition(":")[2] == "metadata":
            self._inside_at = self._depth
            self._parser.CharacterDataHandler = self._texts.append

    def _end(self, _name: str) -> None:
        if self._depth == self._inside_at:
            self._inside_at = 0
            self._parser.CharacterDataHandler = None
            self._keep("".join(self._texts).strip())
            self._texts.clear()
        self._depth -= 1

    def _keep(self, text: str) -> None:
        # What stands there in RDF ExifTool reads; other words are a drawing program's.
        if text.startswith("{"):
            self._harvest.add("SVG-metadata:Text", text)

    def _refuse(self, *_declaration: object) -> None:
        raise _GaveUpError("it declares entities")
