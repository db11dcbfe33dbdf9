"""What the report is a function of: the parameters' values, the code of each stage, the versions of the libraries."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from rnnpipe.params import Params


@dataclass(frozen=True)
class Provenance:
    """No commit, no time, no host: equal inputs make an equal report, anywhere."""

    parameters: str
    """Sum of all values that a result depends on, defaults filled in; hexadecimal."""
    code: tuple[tuple[str, str], ...]
    """Stage, and the sum of its code."""
    libraries: tuple[tuple[str, str], ...]
    """Distribution, and its locked version."""


def read_provenance(params: Params, code: Path, lock: Path) -> Provenance:
    """Sum up the parameters; read the sums of the stages' code from a folder and the versions from a lock file."""
    values = json.dumps(params.resolved(), sort_keys=True).encode()
    sums = tuple((path.name, path.read_text(encoding="utf-8").strip()) for path in sorted(code.iterdir()))
    locked = re.findall(r"^([\w.-]+)==([^\s;+]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    return Provenance(hashlib.sha256(values).hexdigest(), sums, tuple(locked))
