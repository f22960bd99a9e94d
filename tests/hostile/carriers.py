"""Files that carry one text in every place that a file has for a prompt, a name or a tool's own words."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image, PngImagePlugin

from fixtures.making.signing import Claim, Ingredient, found_authority, issue, sign

GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def carry(folder: Path, text: str) -> None:
    """Write into `folder` one file for each way of carrying `text`; names of files do not hold it."""
    (folder / "final").mkdir(parents=True, exist_ok=True)
    for name, content in _carriers(text).items():
        (folder / "final" / name).write_bytes(content)


def xmp(text: str) -> bytes:
    """An XMP packet with `text` in each field for a prompt, a person or a description."""
    said = escape(text, {'"': "&quot;"})
    alt = f"<rdf:Alt><rdf:li xml:lang='x-default'>{said}</rdf:li></rdf:Alt>"
    bag = f"<rdf:Bag><rdf:li>{said}</rdf:li></rdf:Bag>"
    return f"""<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>
<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>
<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'
 xmlns:ext='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/'
 xmlns:plus='http://ns.useplus.org/ldf/xmp/1.0/' xmlns:xmpRights='http://ns.adobe.com/xap/1.0/rights/'
 xmlns:mwg-rs='http://www.metadataworkinggroup.com/schemas/regions/'>
<ext:DigitalSourceType>{GENERATED}</ext:DigitalSourceType>
<ext:AIPromptInformation>{said}</ext:AIPromptInformation><ext:AIPromptWriterName>{said}</ext:AIPromptWriterName>
<ext:PersonInImage>{bag}</ext:PersonInImage>
<dc:description>{alt}</dc:description><dc:title>{alt}</dc:title>
<dc:creator><rdf:Seq><rdf:li>{said}</rdf:li></rdf:Seq></dc:creator><dc:subject>{bag}</dc:subject>
<photoshop:CaptionWriter>{said}</photoshop:CaptionWriter>
<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang='x-default'>no AI training: {said}</rdf:li></rdf:Alt></xmpRights:UsageTerms>
<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:RegionList><rdf:Bag><rdf:li rdf:parseType='Resource'>
<mwg-rs:Type>Face</mwg-rs:Type><mwg-rs:Name>{said}</mwg-rs:Name></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>""".encode()


def _carriers(text: str) -> dict[str, bytes]:
    settings = f"{text}\nNegative prompt: {text}\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 41, Size: 64x64, Model: x"
    graph = json.dumps(
        {
            "3": {
                "class_type": "KSampler",
                "inputs": {"seed": 1, "steps": 20, "cfg": 7, "sampler_name": "euler", "positive": ["6", 0]},
            },
            "6": {"class_type": "CLIPTextEncode", "inputs": {"text": text}},
        }
    )
    return {
        "a1111.png": _png(parameters=settings),
        "comfy.png": _png(prompt=graph, workflow=graph),
        "description.png": _png(
            Description=f"{text} --v 6 Job ID: 01234567-89ab-cdef-0123-456789abcdef", Author=text, Title=text
        ),
        "other-text.png": _png(**{"Comment": text, "SDprompt": text, "Moldprompt": text, "Dream": f"{text} -s50 -S41"}),
        "xmp.jpg": _jpeg(xmp=xmp(text)),
        "sidecar.jpg": _jpeg(),
        "sidecar.xmp": xmp(text),
        "caption.jpg": _jpeg(exif=_exif({270: settings, 315: text, 33432: text})),
        "camera.jpg": _jpeg(exif=_exif({271: f"prompt: {text}", 272: f"workflow:{graph}"})),
        "comment.jpg": _jpeg(comment=settings.encode("utf-8", "replace")),
        "signed.jpg": _signed(text),
        "broken.jpg": _jpeg(comment=settings.encode("utf-8", "replace"))[:-40],
        "label.png": _png(AIGC=json.dumps({"Label": "1", "ContentProducer": text, "ProduceID": text, "Prompt": text})),
    }


def _png(**texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, value in texts.items():
        info.add_itxt(key, value)
    stream = io.BytesIO()
    Image.new("RGB", (32, 32), (90, 120, 150)).save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def _jpeg(**options: object) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (32, 32), (90, 120, 150)).save(stream, "JPEG", **options)
    return stream.getvalue()


def _exif(tags: dict[int, str]) -> bytes:
    exif = Image.Exif()
    for tag, value in tags.items():
        exif[tag] = value
    return exif.tobytes()


def _signed(text: str) -> bytes:
    authority = found_authority("Root")
    actions = (
        {
            "action": "c2pa.created",
            "digitalSourceType": GENERATED,
            "description": text,
            "softwareAgent": {"name": "Maker", "version": "1"},
            "parameters": {"com.adobe.prompt": text, "description": text},
            "changes": [
                {"description": text, "name": text, "region": [{"type": "temporal", "time": {"start": "0", "end": "2"}}]}
            ],
        },
    )
    author = {"@context": "https://schema.org", "@type": "CreativeWork", "author": [{"@type": "Person", "name": text}]}
    claim = Claim(
        actions,
        (Ingredient(_jpeg(), "image/jpeg", "inputTo", text),),
        (("stds.schema-org.CreativeWork", author), ("org.example.note", {"prompt": text})),
        title=text,
    )
    return sign(_jpeg(), "image/jpeg", claim, issue(authority, "Signer"), {"trust_anchors": authority.pem}).asset
