"""Why a stage is stale: how what it depends on differs from what dvc.lock says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rnnpipe.common.tables import flatten
from rnnpipe.runner.workspace import is_parameter


def changes(stage: Any, inputs: Mapping[str, str | None], params: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return a few words for each kind of change since the stage last ran; inputs that are not known yet are passed over.

    Parameters
    ----------
    stage : dvc.stage.Stage
        With the checksums of dvc.lock.
    inputs : mapping of str to str
        Path → md5 that it will find.
    params : mapping of str to mapping
        File → name → value that it will find.
    """
    if not any(out.hash_info for out in stage.outs):
        return ["new"]
    before = {item.def_path: item.hash_info.value or {} for item in stage.deps if is_parameter(item)}
    sums = {item.def_path: item.hash_info.value for item in stage.deps if not is_parameter(item)}
    others = [path for path, was in sums.items() if inputs[path] not in (None, was)]
    code = [path for path in others if Path(path).name == stage.addressing.partition("@")[0]]
    kinds = {
        "changed command": [stage.cmd] if stage.cmd_changed else [],
        "changed parameter": list(_changed_parameters(before, params)),
        "changed code": code,
        "changed input": [path for path in others if path not in code],
    }
    return [f"{kind}: {', '.join(what)}" for kind, what in kinds.items() if what]


def _changed_parameters(before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield `optimizer.learning_rate 0.006 → 0.001`; of a change of defaults the name of the entry alone."""
    told = set()
    for path in sorted(now, key=lambda path: path != "params.yaml"):  # the user's own file, which has the values themselves
        for name, value in now[path].items():
            was = before.get(path, {}).get(name)
            if value == was or name in told:
                continue
            told.add(name)
            if isinstance(value, Mapping) and isinstance(was, Mapping):
                old, new = flatten(was), flatten(value)
                for key in sorted(key for key in {*old, *new} if old.get(key) != new.get(key)):
                    yield f"{key} {old.get(key, '–')} → {new.get(key, '–')}"
            else:
                yield name
