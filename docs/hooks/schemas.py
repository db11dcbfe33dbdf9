"""What a JSON schema allows, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Schema = dict[str, Any]

NAMES = "^[a-z0-9][a-z0-9_-]*$"
WORDS = {"boolean": "`true` or `false`", "null": "`null`", "object": "mapping", "string": "text"}
BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def objects(path: str, schema: Schema, known: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    """Yield (path, schema) of every group of named values in a schema, the outermost first.

    Parameters
    ----------
    path : str
        Where it stands; names that people choose become `<name>`, and the kinds of an entry are told apart behind a space.
    schema : dict
    known : mapping
        The definitions that `$ref` names.
    """
    if "$ref" in schema:
        schema = known[schema["$ref"].rpartition("/")[2]]
    kind = schema.get("discriminator", {}).get("propertyName")
    for choice in [*schema.get("anyOf", ()), *schema.get("oneOf", ())]:
        for inside, found in objects(path, choice, known):
            told = found["properties"].get(kind, {}).get("const")
            yield (f"{inside} ({kind}: {told})" if told else inside), found
    for entries in _entries(schema):
        yield from objects(f"{path}.<name>", entries, known)
    if "properties" in schema:
        yield path, schema
        for name, value in schema["properties"].items():
            yield from objects(f"{path}.{name}", value, known)


def allowed(schema: Schema) -> str:
    """Return the values that a schema without groups allows, in Markdown."""
    if "const" in schema or "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return " or ".join(allowed(choice) for choice in schema["anyOf"])
    for entries in _entries(schema):
        return f"name → {allowed(entries)}"
    return _plain(schema)


def _plain(schema: Schema) -> str:
    if schema["type"] == "array":
        return f"list: {allowed(schema['items'])}" + (f", at least {schema['minItems']}" if schema.get("minItems") else "")
    if schema["type"] in ("integer", "number"):
        bounds = [f"{sign} {schema[bound]:g}" for bound, sign in BOUNDS.items() if bound in schema]
        return f"{schema['type']} {', '.join(bounds)}".rstrip()
    if schema.get("pattern") == NAMES:
        return "name"
    return f"text like `{schema['pattern']}`" if "pattern" in schema else WORDS[schema["type"]]


def plain(value: Any) -> str:
    """Return a value as it is written in params.yaml."""
    return value if isinstance(value, str) and value.isidentifier() else json.dumps(value, ensure_ascii=False)


def as_yaml(text: str) -> str:
    """Return a remark on a field as it is read beside params.yaml: values in YAML's words, and no tag of HTML outside code."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"\b(None|True|False)\b", _in_yaml, part).replace("<", "&lt;") for part in parts[::2]]
    return "`".join(parts)


def _in_yaml(found: re.Match[str]) -> str:
    return {"None": "`null`", "True": "`true`", "False": "`false`"}[found[0]]


def _entries(schema: Schema) -> list[Schema]:
    """Return the schema of a mapping's entries; nothing of what is no mapping."""
    more = schema.get("additionalProperties")
    return [*schema.get("patternProperties", {}).values(), *([more] if isinstance(more, dict) else [])]
