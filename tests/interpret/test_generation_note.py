"""What a file says of how it was generated."""

from __future__ import annotations

import pytest

from scanner.interpret.catalogue import MarkCatalogue
from scanner.interpret.content_credentials import find_credential_marks
from scanner.interpret.generation_note import find_generation_note, join_notes
from scanner.model.credentials import Action, Assertion, Credentials, Ingredient, Manifest, ManifestStore
from scanner.model.generation import NO_NOTE, GenerationNote
from scanner.model.marks import Confidence, Mark, Meaning
from scanner.model.readings import VALUE_LIMIT, Found, Reading, Statement

CATALOGUE = MarkCatalogue.load()
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
SOURCE = ("XMP-iptcExt:DigitalSourceType", TRAINED)
PARAMETERS = "a pier\nNegative prompt: text\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 41, Model: m_v1"
ALL_FOUR = (
    ("XMP-iptcExt:AIPromptInformation", "harbour at dusk"),
    ("XMP-iptcExt:AISystemUsed", "Fixture Diffusion"),
    ("XMP-iptcExt:AISystemVersionUsed", "3.1"),
    ("XMP-iptcExt:AIPromptWriterName", "A. Fixture"),
)


def note(*pairs: tuple[str, str], where: str = "file") -> GenerationNote:
    statements = tuple(Statement(field, value, where) for field, value in pairs)
    return find_generation_note(statements, CATALOGUE.find_marks(Reading("exiftool", "13", Found(statements))), None)


def signed(*manifests: Manifest) -> GenerationNote:
    store = ManifestStore(manifests[0].label, manifests)
    marks = find_credential_marks(store, Credentials.VALID, CATALOGUE, "c2pa", "1")
    return find_generation_note((), marks, store)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (
            ALL_FOUR,
            GenerationNote(
                "Fixture Diffusion", "3.1", "harbour at dusk", "A. Fixture", where="file, XMP-iptcExt:AIPromptInformation"
            ),
        ),
        (
            (("XMP-iptcExt:AIPromptInformation-de", "Hafen"),),
            GenerationNote(prompt="Hafen", where="file, XMP-iptcExt:AIPromptInformation-de"),
        ),
        (
            (("PNG:Parameters", PARAMETERS),),
            GenerationNote("Stable Diffusion (A1111 format)", "m_v1", "a pier", where="file, PNG:Parameters"),
        ),
        (
            (("PNG:Software", "NovelAI"), ("PNG:Description", "a gull"), ("PNG:Source", "NovelAI Diffusion V4 37442FCA")),
            GenerationNote("NovelAI", "NovelAI Diffusion V4 37442FCA", "a gull", where="file, PNG:Description"),
        ),
        (
            (("IFD0:Make", "Black Forest Labs"), ("IFD0:Model", "flux-dev"), ("IFD0:ImageDescription", "a quay")),
            GenerationNote("Black Forest Labs FLUX", "flux-dev", "a quay", where="file, IFD0:ImageDescription"),
        ),
        (
            (("IFD0:Software", "Fooocus v2.5.5"), ("ExifIFD:UserComment", '{"prompt": "a buoy", "base_model": "m"}')),
            GenerationNote("Fooocus", "m", "a buoy", where="file, ExifIFD:UserComment"),
        ),
        (
            (("IFD0:Software", "Topaz Photo AI 3.3.1"),),
            GenerationNote("Topaz", "Photo AI 3.3.1", where="file, IFD0:Software"),
        ),
        (
            (("PNG:Description", "a b --v 6 Job ID: 3f2b8c1e-9d47-4a65-8e0b-7c5d1f6a2b90"), ("PNG:CreationTime", "2026:02:03")),
            GenerationNote("Midjourney", "6", "a b --v 6", made="2026:02:03", where="file, PNG:Description"),
        ),
        ((SOURCE,), NO_NOTE),
    ],
)
def test_note_of_statements(pairs: tuple[tuple[str, str], ...], expected: GenerationNote) -> None:
    assert note(*pairs) == expected


def test_a_file_without_an_ai_mark_has_no_note() -> None:
    assert note(("PNG:Description", "a gull"), ("PNG:CreationTime", "2026"), ("IFD0:Model", "Fixture F1")) is NO_NOTE
    assert note(("XMP-iptcExt:DigitalSourceType", TRAINED.replace("trainedAlgorithmicMedia", "digitalCapture"))) is NO_NOTE


def test_an_edit_is_not_dated_by_its_original() -> None:
    edited = ("XMP-iptcExt:DigitalSourceType", TRAINED.replace("trained", "compositeWithTrained"))

    assert note(edited, ("XMP-photoshop:Credit", "Edited with Google AI"), ("XMP-photoshop:DateCreated", "1987")).made == ""


def test_fields_of_another_generator_are_not_taken() -> None:
    assert note(("XMP-photoshop:Credit", "Made with Google AI"), ("PNG:Description", "my holiday")).prompt == ""


def test_a_sidecars_note_says_where_it_stands() -> None:
    assert note(*ALL_FOUR, where="sidecar a.xmp").where == "sidecar a.xmp, XMP-iptcExt:AIPromptInformation"


def test_a_prompt_is_cut_and_says_so() -> None:
    prompt = note(("XMP-iptcExt:AIPromptInformation", "x" * 10_000)).prompt

    assert prompt.startswith("x" * VALUE_LIMIT)
    assert prompt.endswith("more characters)")


def test_note_of_content_credentials() -> None:
    created = Action("c2pa.created", TRAINED, "gpt-image 2.0", when="2026-05-30T00:00:00Z")
    converted = Action("c2pa.converted", when="2026-06-01T00:00:00Z")
    found = signed(Manifest("urn:1", "OpenAI Media Service API", actions=(converted, created)))

    assert (found.tool_version, found.made) == ("gpt-image 2.0", "2026-05-30T00:00:00Z")
    assert found.where == "manifest urn:1, action c2pa.created, C2PA:DigitalSourceType"


def test_the_disclosed_model_is_the_version() -> None:
    disclosure = Assertion("c2pa.ai-disclosure", (("modelName", "Model 1"), ("modelType", "c2pa.types.model")))

    assert signed(Manifest("urn:1", "x", assertions=(disclosure,))).tool_version == "Model 1"


def test_an_agents_name_without_a_number_is_no_version() -> None:
    assert signed(Manifest("urn:1", "x", actions=(Action("c2pa.created", TRAINED, "Sora"),))).tool_version == ""


def test_a_component_that_is_only_history_says_nothing_of_the_asset() -> None:
    component = Manifest("urn:2", "x", actions=(Action("c2pa.created", TRAINED, "Model 2"),))
    asset = Manifest("urn:1", "x", ingredients=(Ingredient("b.png", "inputTo", "urn:2"),))

    assert signed(asset, component) is NO_NOTE


def test_joining_takes_the_first_prompt_and_fills_up_from_the_same_tool() -> None:
    embedded = GenerationNote("Midjourney", "6", where="file, IFD0:Software")
    sidecar = GenerationNote("midjourney", "", "a pier", "A. Writer", where="sidecar a.xmp, X")
    other = GenerationNote("Krea", "9", made="2026", where="file, Y")

    assert join_notes([NO_NOTE, embedded, other, sidecar]) == GenerationNote(
        "midjourney", "6", "a pier", "A. Writer", "", "sidecar a.xmp, X"
    )
    assert join_notes([GenerationNote(where="file, Z")]) is NO_NOTE


def test_many_marks_are_not_all_looked_into() -> None:
    marks = [
        Mark("x", Meaning.GENERATED, Confidence.STRONG, f"Tool {n}", f"file, F:{n}", "v", "exiftool", "1") for n in range(5000)
    ]
    statements = [Statement(f"F:{n}", PARAMETERS) for n in range(5000)]

    assert find_generation_note(statements, marks, None).tool == "Tool 0"
