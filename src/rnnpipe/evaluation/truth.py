"""What is known of a corpus beforehand, because a grammar made it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rnnpipe.common.files import read_json


def known_truth(raw: Path) -> dict[str, float]:
    """Return the numbers of `truth.json` in a folder `data/raw/<corpus>`, `truth.` and the path to each joined by dots.

    Of a corpus that no grammar made there is no such file, and nothing is known.
    """
    path = raw / "truth.json"
    known = read_json(path) if path.is_file() else {}
    return _flat({key: value for key, value in known.items() if key != "grammar"}, "truth")


def _flat(value: Mapping[str, Any], path: str) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for key, inner in value.items():
        name = f"{path}.{key}"
        numbers |= _flat(inner, name) if isinstance(inner, Mapping) else {name: inner}
    return numbers
