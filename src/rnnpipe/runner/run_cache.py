"""What DVC can restore: its cache of runs says which inputs made which outputs, its cache of objects holds these."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

Entry = Mapping[str, Any]
"""A stage with all checksums, as in dvc.lock: `cmd`, `deps`, `params`, `outs`."""


class RunCache:
    """DVC's caches of one project; nothing is written.

    Parameters
    ----------
    repository : dvc.repo.Repo
    """

    def __init__(self, repository: Any) -> None:
        self._runs = Path(repository.cache.legacy.path, "runs")
        self._objects = Path(repository.cache.local.path)

    def made(
        self, cmd: str, inputs: Mapping[str, str | None], params: Mapping[str, Any], outs: Iterable[str]
    ) -> dict[str, str] | None:
        """Return path → md5 of the outputs that a command has made of these inputs, if they can be restored.

        Parameters
        ----------
        cmd : str
        inputs : mapping of str to str
            Path → md5; nothing was ever made of what is not known, None.
        params : mapping of str to mapping
            File → name → value.
        outs : iterable of str
            Paths.
        """
        for path in self._entries[frozenset(outs)]:  # the newest first, as DVC takes them
            entry = YAML(typ="safe", pure=True).load(path)
            if entry["cmd"] == cmd and sums(entry, "deps") == inputs and entry.get("params", {}) == params:
                found = sums(entry, "outs")
                return found if self.holds(found.values()) else None
        return None

    def knows(self, outs: Iterable[str]) -> bool:
        """Tell whether any run of a stage with these outputs was kept."""
        return bool(self._entries[frozenset(outs)])

    def holds(self, objects: Iterable[str | None]) -> bool:
        """Tell whether files and whole directories, given by their md5, are in the cache; what has none is not."""
        return all(name is not None and self._holds(name) for name in objects)

    def _holds(self, name: str) -> bool:
        path = self._objects / name[:2] / name[2:]
        if not path.is_file():
            return False
        return not name.endswith(".dir") or self.holds(file["md5"] for file in json.loads(path.read_text(encoding="utf-8")))

    @cached_property
    def _entries(self) -> dict[frozenset[str], list[Path]]:
        """Paths of outputs → files of the runs that made them."""
        found = defaultdict(list)
        for path in sorted(self._runs.glob("??/*/*"), key=lambda path: path.stat().st_mtime, reverse=True):
            outs = path.read_text(encoding="utf-8").partition("\nouts:\n")[2]
            found[frozenset(re.findall(r"^- path: (.+)$", outs, re.MULTILINE))].append(path)
        return found


def sums(entry: Entry, kind: str) -> dict[str, str]:
    """Return path → md5 of the `deps` or `outs` of an entry."""
    return {item["path"]: item["md5"] for item in entry.get(kind, ())}
