"""The checksums that the project's files will have when a stage of the next run reads them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rnnpipe.runner.project import parameter_values, read_document
from rnnpipe.runner.workspace import is_parameter


class FutureFiles:
    """Outputs as they will be, found stage by stage; those that only the run will tell are None.

    Parameters
    ----------
    graph : networkx.DiGraph
        DVC's stages.
    entries, code : mapping
        What the stage that checks will write, of `checked_values`.
    """

    def __init__(self, graph: Any, entries: Mapping[str, Any], code: Mapping[str, str]) -> None:
        self._makers = {out.def_path: stage.addressing for stage in graph for out in stage.outs if stage.cmd}
        self._documents = {"params.yaml": read_document("params.yaml")}
        self._sums: dict[str, str | None] = {}
        self._moving: set[str] = set()
        lines = {stage: _md5(f"{digest}\n") for stage, digest in code.items()}
        for path in [out.def_path for stage in graph if self.is_check(stage) for out in stage.outs]:
            if Path(path).suffix:
                self._documents[path] = entries
                self._sums[path] = _md5(json.dumps(entries, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
            else:
                self._sums |= {path: _md5_of_directory(lines)} | {f"{path}/{name}": md5 for name, md5 in lines.items()}

    @staticmethod
    def is_check(stage: Any) -> bool:
        """Tell whether a stage writes the parameters and sums of code that others depend on."""
        return any(dependency.def_path == "params.yaml" and not is_parameter(dependency) for dependency in stage.deps)

    def inputs(self, stage: Any) -> dict[str, str | None]:
        """Return path → md5 of the files and directories that a stage reads, parameters apart."""
        return {dependency.def_path: self._sum(dependency) for dependency in stage.deps if not is_parameter(dependency)}

    def params(self, stage: Any) -> dict[str, dict[str, Any]]:
        """Return file → name → value of the parameters that a stage reads."""
        files = {dependency.def_path: dependency.params for dependency in stage.deps if is_parameter(dependency)}
        return {path: parameter_values(self._documents[path], names) for path, names in files.items()}

    def makers(self, paths: Iterable[str]) -> list[str]:
        """Return the stages that make or fill these paths anew."""
        moving = [other for path in paths for other in sorted(self._moving) if other == path or path in _above(other)]
        return list(dict.fromkeys(self._makers[path] for path in moving))

    def stay(self, stage: Any) -> None:
        """Note that a stage's outputs stay what they are."""
        for out in stage.outs:
            self._sums.setdefault(out.def_path, out.hash_info.value)

    def become(self, stage: Any, outs: Mapping[str, str] | None) -> None:
        """Note that a stage's outputs will be these, by their md5; None: what it makes, which nobody knows."""
        for out in stage.outs:
            path = out.def_path
            self._moving.add(path)
            self._sums.setdefault(path, outs[path] if outs else None)

    def _sum(self, dependency: Any) -> str | None:
        path = dependency.def_path
        if path in self._sums:
            return self._sums[path]
        if any(path in _above(other) for other in self._moving) or not dependency.exists:
            return None
        found: str = dependency.get_hash().value
        return found


def _above(path: str) -> set[str]:
    return {str(above) for above in Path(path).parents}


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def _md5_of_directory(files: Mapping[str, str]) -> str:
    """Return DVC's name of a directory, given its files' name → md5."""
    listed = [{"md5": md5, "relpath": name} for name, md5 in sorted(files.items())]
    return _md5(json.dumps(listed, sort_keys=True)) + ".dir"
