"""Corpora that share raw files: each entry is told whose it reads, for the stages that read no more than an entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rnnpipe.common.errors import RnnpipeError


def fill_raw(path: Path, document: dict[str, Any]) -> None:
    """Write `raw` into the entries of `corpora` that the section `shared` names.

    Raises
    ------
    RnnpipeError
        An entry says `raw` itself: DVC cannot make a stage of a key that some entries lack.
    """
    corpora, shared = document.get("corpora"), document.get("shared")
    if not isinstance(corpora, dict):
        return
    for key, entry in corpora.items():
        if isinstance(entry, dict) and "raw" in entry:
            raise RnnpipeError(
                f"{path}: corpora.{key}.raw: stands in the section shared: write `shared: {{{key}: {entry['raw']}}}`"
            )
        if isinstance(entry, dict) and isinstance(shared, dict) and key in shared:
            entry["raw"] = shared[key]
