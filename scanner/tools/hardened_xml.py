"""The reader of untrusted XML: bounded in bytes, elements and depth, and deaf to what documents ask of a parser.

A document that declares an entity is refused, whatever it would expand to: that is how small files grow, and how they
fetch others. A document type without declarations is common (FCPXML, FCP7 XML) and harmless; nothing outside is opened.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

ELEMENTS_LIMIT = 1_000_000
DEPTH_LIMIT = 100
_PIECE_BYTES = 1 << 20
_SEPARATOR = "\n"
"""Between namespace and name; expat turns line feeds inside a namespace into spaces, so it stands in none."""


class XmlError(Exception):
    """The document is broken, or asks for more than is given to one. Its text is one line for people."""


@dataclass(slots=True, eq=False)
class Element:
    """An element, without prefixes; mixed content is joined in `text`."""

    name: str
    """Local name."""
    namespace: str
    attributes: dict[str, str]
    """By local name."""
    line: int
    """Where it begins, from 1."""
    qualified: dict[str, str] = field(default_factory=dict)
    """Its attributes by namespace and local name, a line feed between; those of no namespace by their name alone."""
    text: str = ""
    """Its own text, stripped."""
    children: list[Element] = field(default_factory=list)

    def all(self, name: str) -> list[Element]:
        """Its children of this name."""
        return [child for child in self.children if child.name == name]

    def first(self, *path: str) -> Element | None:
        """The first element on a path of names below this one."""
        found: Element | None = self
        for name in path:
            found = next((child for child in found.children if child.name == name), None) if found else None
        return found

    def text_of(self, *path: str) -> str:
        """Text of the first element on the path; empty where there is none."""
        found = self.first(*path)
        return found.text if found else ""


def parse_xml(content: bytes) -> Element:
    """Parse a whole document; the caller bounds its bytes.

    Raises:
        XmlError: it is broken, declares entities, or is larger or deeper than the limits.
    """
    return _Document().parse(content)


class _Document:
    def __init__(self) -> None:
        self._elements = 0
        self._open: list[Element] = []
        self._texts: list[list[str]] = []
        self._root: Element | None = None
        parser = self._parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._refuse_entities
        parser.ExternalEntityRefHandler = self._refuse_entities
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def parse(self, content: bytes) -> Element:
        try:
            for at in range(0, len(content), _PIECE_BYTES):
                self._parser.Parse(content[at : at + _PIECE_BYTES], False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise XmlError(f"the XML is broken: {str(error)[:80]}") from None
        except (ValueError, LookupError) as error:
            raise XmlError(f"the XML's encoding is not known: {str(error)[:80]}") from None
        if self._root is None:
            raise XmlError("the XML holds no element")
        return self._root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > ELEMENTS_LIMIT:
            raise XmlError(f"the XML has more than {ELEMENTS_LIMIT:,} elements")
        if len(self._open) >= DEPTH_LIMIT:
            raise XmlError(f"the XML is nested deeper than {DEPTH_LIMIT} elements")
        namespace, _, local = name.rpartition(_SEPARATOR)
        bare = {key.rpartition(_SEPARATOR)[2]: value for key, value in attributes.items()}
        element = Element(local, namespace, bare, self._parser.CurrentLineNumber, attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        self._texts.append([])

    def _end(self, _name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop()).strip()

    def _text(self, text: str) -> None:
        self._texts[-1].append(text)

    def _refuse_entities(self, *_declared: object) -> int:
        raise XmlError("the XML declares entities, which are not read: they are how small files grow and fetch others")
