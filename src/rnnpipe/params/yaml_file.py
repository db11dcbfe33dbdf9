"""A YAML file as plain data, where DVC, which reads the same file, takes every key and value as we do.

DVC passes over keys that are no text, and its values are texts, numbers, lists and mappings. So that nothing is there for one
reader and missing for the other, all else is refused: with its line, and how to write it instead.
"""

from __future__ import annotations

import math
import re
import warnings
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, MappingNode, ScalarNode
from ruamel.yaml.error import MarkedYAMLError

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params.base import NAME

STANDARD = "tag:yaml.org,2002:"
KINDS = {"int": "a number", "float": "a number", "bool": "a truth value", "null": "nothing", "timestamp": "a date"}
"""YAML's kinds of values that are no text, in words."""
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that YAML does not allow in a file; it lets them in by escapes."""
MOST_VALUES = 1_000_000
"""Values of a file with every alias written out; chosen: some thousand times those of the presets."""
MOST_LEVELS = 50
"""Lists and mappings that stand in one another."""
WIDEST = 2**63
"""Whole numbers are smaller."""
MOST_SHOWN = 30
"""Characters of a value that are shown."""


def read_yaml(path: Path) -> Any:
    """Return what a YAML file of one document holds: text, numbers, lists, and mappings with text for keys; None of nothing.

    Raises
    ------
    RnnpipeError
        The file is missing, not UTF-8 or no YAML, or holds what is none of these: one line with file, line and the cure.
    """
    text, yaml = _text(path), YAML(typ="safe", pure=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of an anchor that is set twice: the later one counts, in DVC too
            root = yaml.compose(text)
            if root is None:
                return None
            _Nodes(path, yaml.constructor).check(root)
            return yaml.constructor.construct_document(root)
    except MarkedYAMLError as error:
        problem = error.problem or "no YAML"
        if error.context and problem.startswith("but "):
            problem = f"{error.context}, {problem}"
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RnnpipeError(f"{path}:{line}: {' '.join(problem.split())}; mend the line, or the one above it") from None
    except RecursionError:
        raise RnnpipeError(f"{path}: lists or mappings stand in each other hundreds of levels deep; write them flat") from None


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise RnnpipeError(f"{path}: no such file; `rnnpipe preset sample` writes one") from None
    except OSError as error:
        raise RnnpipeError(f"{path}: {error.strerror}; a file of parameters must stand there") from None
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise RnnpipeError(f"{path}: is UTF-16; convert it: iconv -f UTF-16 -t UTF-8")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line, byte = content.count(b"\n", 0, error.start) + 1, error.start - content.rfind(b"\n", 0, error.start)
        shown = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise RnnpipeError(f"{path}:{line}:{byte}: {shown}") from None
    unprintable = UNPRINTABLE.search(text)
    if unprintable:
        line = text.count("\n", 0, unprintable.start()) + 1
        raise RnnpipeError(f"{path}:{line}: the control character U+{ord(unprintable[0]):04X}; take it out")
    return text


class _Nodes:
    """Checks the nodes of a file's tree; a node that several aliases stand for is looked at once."""

    def __init__(self, path: Path, constructor: Any) -> None:
        self._path = path
        self._constructor = constructor
        self._sizes: dict[int, tuple[int, int] | None] = {}
        """Node, by its address → values and levels below it; None as long as it is being looked at."""

    def check(self, node: Any) -> tuple[int, int]:
        """Refuse a node that is none of text, numbers, lists and mappings; return how many values and levels it comes to."""
        if id(node) in self._sizes:
            known = self._sizes[id(node)]
            if known is None:
                raise self._error(node, "an alias stands inside of what it stands for; write it out")
            return known
        self._sizes[id(node)] = None
        below = [self.check(part) for part in self._parts(node)]
        size = 1 + sum(values for values, _ in below), 1 + max((levels for _, levels in below), default=0)
        if size[0] > MOST_VALUES:
            raise self._error(node, f"with its aliases written out it comes to more than {MOST_VALUES:,} values; write fewer")
        if size[1] > MOST_LEVELS:
            raise self._error(node, f"lists or mappings stand in one another, more than {MOST_LEVELS} of them; write them flat")
        self._sizes[id(node)] = size
        return size

    def _parts(self, node: Any) -> list[Any]:
        kind = node.tag.removeprefix(STANDARD)
        if isinstance(node, ScalarNode):
            self._check_value(node, kind)
            return []
        if kind not in ("map", "seq"):
            raise self._error(node, f"the tag {_tag(node)} is not understood; take it out")
        if isinstance(node, MappingNode):
            self._check_keys(node)
            return [value for _, value in node.value]
        return list(node.value)

    def _check_value(self, node: Any, kind: str) -> None:
        if kind == "str":
            self._check_text(node)
        elif kind == "timestamp":
            raise self._error(node, f"{node.value} is a date to YAML; quote it: '{node.value}'")
        elif kind not in KINDS:
            raise self._error(node, f"the tag {_tag(node)} is not understood; take it out")
        elif not self._is_usable(node):
            raise self._error(node, f"{_short(node.value)!r} is not {KINDS[kind]} that can be used; write another or quote it")

    def _is_usable(self, node: Any) -> bool:
        """Tell whether a value is of its kind, and a number neither NaN nor without bounds."""
        try:
            value = self._constructor.construct_object(node)
        except (ValueError, KeyError, IndexError):  # of `!!int one`, `!!bool maybe`, `!!float ""`
            return False
        return value is None or (abs(value) < WIDEST if isinstance(value, int) else math.isfinite(value))

    def _check_text(self, node: Any) -> None:
        unprintable = UNPRINTABLE.search(node.value)
        if unprintable:
            raise self._error(node, f"the text holds the control character U+{ord(unprintable[0]):04X}; take it out")

    def _check_keys(self, node: Any) -> None:
        """Refuse keys that are no text, or that stand twice; `<<` takes in what an alias stands for."""
        found: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, ScalarNode):
                raise self._error(key, "a list or mapping stands where a key should; write one name before the colon")
            kind = str(key.tag).removeprefix(STANDARD)
            if kind == "merge":
                continue
            if not key.value:
                raise self._error(key, "no key stands before the colon; write a name there")
            if kind != "str":
                told = f"is {KINDS.get(kind, _tag(key))} to YAML, and DVC passes over it"
                raise self._error(key, f"the key {_short(key.value)} {told}; {_as_name(key.value)}")
            if key.value in found:
                raise self._error(key, f"the key {_short(key.value)} stands twice in one mapping; rename one or take it out")
            self._check_text(key)
            found.add(key.value)

    def _error(self, node: Any, what: str) -> RnnpipeError:
        return RnnpipeError(f"{self._path}:{node.start_mark.line + 1}: {' '.join(what.split())}")


def _tag(node: Any) -> str:
    return str(node.tag).replace(STANDARD, "!!")


def _short(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


def _as_name(key: str) -> str:
    """Tell how a key is written as a text; a run or an entry must have a name."""
    if re.fullmatch(NAME, key):
        return f"quote it: '{key}'"
    name = re.sub("[^a-z0-9_]+", "-", key.lower()).strip("-_")
    return f"quote it, or if it names an entry write '{name}'" if name else "write a name"
