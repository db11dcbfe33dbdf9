"""Why a stage is stale: how what it depends on differs from what dvc.lock says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rnnpipe.common.tables import flatten
from rnnpipe.runner.workspace import is_parameter


def changes(stage: Any, inputs: Mapping[str, str | None], params: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield a few words for each change since the stage last ran; inputs that are not known yet are passed over.

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
        yield "new"
        return
    if stage.cmd_changed:
        yield "changed command"
    yield from _changed_parameters(
        {item.def_path: item.hash_info.value or {} for item in stage.deps if is_parameter(item)}, params
    )
    for item in stage.deps:
        now = None if is_parameter(item) else inputs[item.def_path]
        if now is not None and now != item.hash_info.value:
            own = Path(item.def_path).name == stage.addressing.partition("@")[0]
            yield "changed code" if own else f"changed input: {item.def_path}"


def _changed_parameters(before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield `changed parameter: optimizer.learning_rate 0.006 → 0.001`; of defaults the name of the entry alone."""
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
                    yield f"changed parameter: {key} {old.get(key, '–')} → {new.get(key, '–')}"
            else:
                yield f"changed parameter: {name}"
