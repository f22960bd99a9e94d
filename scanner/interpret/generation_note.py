"""How an asset was generated, as far as its own statements, marks and content credentials say; for the GenAI cue sheet.

A note never makes a mark: it is looked for only where there is one, and only in the fields that bear marks, in the fields that
the IPTC made for it, and in those where a known generator writes what belongs to its mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from scanner.interpret.content_credentials import Part, walk
from scanner.interpret.recipe import NO_RECIPE, Recipe, read_recipe
from scanner.interpret.row import field_names, unwrap_user_text
from scanner.model.credentials import Action, Manifest, ManifestStore
from scanner.model.generation import NO_NOTE, GenerationNote
from scanner.model.marks import Mark, Meaning
from scanner.model.readings import VALUE_LIMIT, Statement
from scanner.model.text import bounded

_TELLING = (Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED, Meaning.ENHANCED)
_MARKS_LIMIT = 20
_ALIKE_LIMIT = 4
"""Marks whose fields are looked into, and statements under one name; more would say the same again."""

_IPTC = {
    "xmp-iptcext:aisystemused": "tool",
    "xmp-iptcext:aisystemversionused": "tool_version",
    "xmp-iptcext:aipromptinformation": "prompt",
    "xmp-iptcext:aipromptwritername": "prompt_writer",
}
"""IPTC Photo Metadata 2025.1, as ExifTool shows it before and since it knows the fields (13.40)."""
_NEIGHBOURS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "NovelAI": (("png:description",), "png:source"),
    "Black Forest Labs FLUX": (("ifd0:imagedescription",), "ifd0:model"),
    "Easy Diffusion": (("png:prompt",), "png:use_stable_diffusion_model"),
    "Fooocus": (("png:parameters", "exififd:usercomment"), ""),
    "mold": (("png:moldprompt",), "png:moldmodel"),
    "Sygil WebUI": (("png:sdprompt",), ""),
    "Mochi Diffusion": (("iptc:caption-abstract",), ""),
}
"""Generator → fields in which it writes prompt and model beside the field that bears its mark."""
_NOTHING: tuple[tuple[str, ...], str] = ((), "")
_TIMES = ("png:creationtime", "xmp-photoshop:datecreated")
"""Fields for the time at which the content itself was made; they tell it of a picture that was generated whole."""
_WANTED = frozenset((*_IPTC, *_TIMES, *(field for prompts, model in _NEIGHBOURS.values() for field in (*prompts, model))))
_VERSION_LIMIT = 80
_GENERATIVE_TERM = re.compile(r"(?i)trainedalgorithmic|compositesynthetic")

Said = Mapping[str, list[Statement]]
"""Statements by ``where, field`` as marks name them, and by folded field as the tables above do."""


def find_generation_note(statements: Iterable[Statement], marks: Sequence[Mark], store: ManifestStore | None) -> GenerationNote:
    """Return what one file says of how it was generated; nothing is looked for in a file without an AI mark."""
    telling = [mark for mark in marks if mark.meaning in _TELLING]
    if not telling:
        return NO_NOTE
    said = _said(statements, {mark.where for mark in telling})
    notes = [_iptc_note(said)]
    notes += [_mark_note(mark, said) for mark in telling[:_MARKS_LIMIT] if mark.reader != "c2pa"]
    notes += _credential_notes(store, telling) if store else []
    return join_notes(_with_time(note, telling, said) for note in notes)


def may_be_noted(field: str) -> bool:
    """Whether a note looks at a field even where it bears no mark."""
    return not _WANTED.isdisjoint(field_names(field)[:2])


def join_notes(notes: Iterable[GenerationNote]) -> GenerationNote:
    """Return the first note with a prompt, else the first that says anything; what it lacks comes from notes on the same tool."""
    telling = [note for note in notes if note.tool or note.tool_version or note.prompt or note.prompt_writer or note.made]
    if not telling:
        return NO_NOTE
    best = next((note for note in telling if note.prompt), telling[0])
    for note in telling:
        if _same_tool(best.tool, note.tool):
            best = GenerationNote(
                best.tool or note.tool,
                best.tool_version or note.tool_version,
                best.prompt or note.prompt,
                best.prompt_writer or note.prompt_writer,
                best.made or note.made,
                best.where or note.where,
            )
    return best


def _same_tool(one: str, other: str) -> bool:
    first, second = one.casefold(), other.casefold()
    return first in second or second in first


def _said(statements: Iterable[Statement], places: set[str]) -> Said:
    said: dict[str, list[Statement]] = {}
    for statement in statements:
        place = f"{statement.where}, {statement.field}"
        if place in places:
            said.setdefault(place, []).append(statement)
        for name in field_names(statement.field)[:2]:
            if name in _WANTED:
                said.setdefault(name, []).append(statement)
                break
    return said


def _iptc_note(said: Said) -> GenerationNote:
    first = {key: said[field][0] for field, key in _IPTC.items() if said.get(field)}
    if not first:
        return NO_NOTE
    source = first.get("prompt") or first.get("tool") or next(iter(first.values()))
    values = {key: _kept(statement.value) for key, statement in first.items()}
    return GenerationNote(**values, where=_kept(f"{source.where}, {source.field}"))


def _mark_note(mark: Mark, said: Said) -> GenerationNote:
    if mark.where.rpartition(", ")[2].lower() in _IPTC:
        return NO_NOTE
    recipe, where = _read(said.get(mark.where, ())), mark.where
    prompt_fields, model_field = _NEIGHBOURS.get(mark.generator, _NOTHING)
    beside = [statement for field in prompt_fields for statement in said.get(field, ())]
    if not recipe.prompt and beside:
        where = f"{beside[0].where}, {beside[0].field}"
        recipe = _read(beside) or Recipe(prompt=beside[0].value)
    model = said[model_field][0].value if model_field in said else recipe.model
    return GenerationNote(
        tool=_kept(mark.generator),
        tool_version=_kept(model or _version(mark.value, mark.generator)),
        prompt=_kept(recipe.prompt),
        made=_kept(recipe.made),
        where=_kept(where),
    )


def _read(statements: Sequence[Statement]) -> Recipe:
    recipes = (read_recipe(unwrap_user_text(one.field, one.value)[1]) for one in statements[:_ALIKE_LIMIT])
    return next((recipe for recipe in recipes if recipe), NO_RECIPE)


def _credential_notes(store: ManifestStore, telling: Sequence[Mark]) -> list[GenerationNote]:
    """Notes of the manifests that bear AI marks; one of an element stands behind those of the asset itself."""
    notes = []
    for manifest, part in walk(store):
        own = [mark for mark in telling if mark.where.startswith(f"manifest {manifest.label}")]
        if own and part is not Part.HISTORY:
            notes.append(_manifest_note(manifest, own))
    return notes


def _manifest_note(manifest: Manifest, marks: Sequence[Mark]) -> GenerationNote:
    action = _acting(manifest)
    agent = action.software_agent if action else ""
    tool = next((mark.generator for mark in marks if mark.generator), agent)
    # OpenAI and Google name the model, which says more than no version; a name without a number does not.
    model = agent if agent != tool and any(char.isdigit() for char in agent) else ""
    disclosed = (
        dict(one.fields).get("modelName", "") for one in manifest.assertions if one.label.startswith("c2pa.ai-disclosure")
    )
    prompts = (value for key, value in (action.parameters if action else ()) if key.rpartition(".")[2].lower() == "prompt")
    return GenerationNote(
        tool=_kept(tool),
        tool_version=_kept(next((name for name in disclosed if name), "") or _version(agent, tool) or model),
        prompt=_kept(next(prompts, "")),
        made=_kept(action.when if action else ""),
        where=_kept(marks[0].where),
    )


def _acting(manifest: Manifest) -> Action | None:
    """The action that used the model: by its source type, or else the first that names an agent."""
    generative = (action for action in manifest.actions if _GENERATIVE_TERM.search(action.source_type))
    named = (action for action in manifest.actions if action.software_agent)
    return next(generative, None) or next(named, None)


def _version(name: str, tool: str) -> str:
    """What a name that begins with the tool's says beyond it; only what has a number in it is a version."""
    rest = name[len(tool) :].strip() if tool and name.casefold().startswith(tool.casefold()) else ""
    return rest if len(rest) <= _VERSION_LIMIT and any(char.isdigit() for char in rest) else ""


def _with_time(note: GenerationNote, telling: Sequence[Mark], said: Said) -> GenerationNote:
    if note == NO_NOTE or note.made or not any(mark.meaning is Meaning.GENERATED for mark in telling):
        return note
    times = (statement.value for field in _TIMES for statement in said.get(field, ()))
    return replace(note, made=_kept(next(times, "")))


def _kept(text: str) -> str:
    return bounded(text.strip(), VALUE_LIMIT)
