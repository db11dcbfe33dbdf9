"""Presets: whole parameter files in `presets/`, put in the place of params.yaml."""

import shutil
from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import atomic_file
from rnnpipe.common.git import committed
from rnnpipe.params import load_params

PARAMS = Path("params.yaml")
PRESETS = Path("presets")


def use_preset(name: str, force: bool) -> None:
    """Copy a preset over params.yaml.

    Parameters
    ----------
    name : str
        Of a file in `presets/`, without `.yaml`.
    force : bool
        Overwrite changes of params.yaml that are kept nowhere else.

    Raises
    ------
    RnnpipeError
        There is no such preset, or it is not a whole parameter file, or params.yaml holds changes that would be lost.
    """
    presets = {path.stem: path for path in sorted(PRESETS.glob("*.yaml"))}
    if name not in presets:
        raise RnnpipeError(f"{PRESETS / name}.yaml: no such preset; there are {', '.join(presets) or 'none'}")
    load_params(presets[name])
    if not force and PARAMS.exists() and not _kept_elsewhere(PARAMS.read_bytes(), list(presets.values())):
        raise RnnpipeError(f"{PARAMS}: holds changes that are neither committed nor a preset's; commit them, or use --force")
    with atomic_file(PARAMS) as temporary:
        shutil.copyfile(presets[name], temporary)


def _kept_elsewhere(text: bytes, presets: list[Path]) -> bool:
    return text == committed(PARAMS) or any(text == preset.read_bytes() for preset in presets)
