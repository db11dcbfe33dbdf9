"""DVC's view of the project in the working directory."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from rnnpipe.common.command import SECONDS
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import read_json


@contextlib.contextmanager
def dvc_repository() -> Iterator[Any]:
    """Open DVC's repository; its errors are one line for the user. Reading takes none of DVC's locks."""
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    try:
        with Repo(".") as repository:
            yield repository
    except DvcException as error:
        raise RnnpipeError(f"dvc.yaml: {str(error).splitlines()[0]}") from None


def noted_seconds(stage: str) -> int | None:
    """Return how long a stage took when it last ran here; None where that is not known."""
    path = SECONDS / stage
    return int(path.read_text(encoding="utf-8")) if path.is_file() else None


def read_document(path: str) -> Any:
    """Return what a file of parameters holds, of YAML or of JSON; nothing where there is no file."""
    if not Path(path).is_file():
        return {}
    return read_json(Path(path)) if path.endswith(".json") else YAML(typ="safe", pure=True).load(Path(path))


def parameter_values(document: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return name → value of the names, such as `ner.runs.lstm`, that a document of parameters holds."""
    found = {}
    for name in names:
        with contextlib.suppress(KeyError, TypeError):
            found[name] = reduce(lambda part, key: part[key], name.split("."), document)
    return found
