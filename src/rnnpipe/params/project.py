"""Reading the params.yaml that stands beside dvc.yaml: what is accepted here, DVC makes stages of."""

from __future__ import annotations

from pathlib import Path

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.params.document import Params
from rnnpipe.params.loading import load_params
from rnnpipe.params.yaml_file import read_yaml

INPUTS = ("corpus", "embedding")
"""Fields of a run that dvc.yaml makes inputs of. DVC reads them in params.yaml itself, and fills in no defaults."""


def load_project(path: Path = Path("params.yaml")) -> Params:
    """Read and check a project's parameters, as its stage `check` does and the Snakefile.

    Raises
    ------
    RnnpipeError
        As `load_params`; `counting_shards` is missing, or a run has a corpus or an embedding by default alone.
    """
    params = load_params(path)
    if "counting_shards" not in params.model_fields_set:
        raise RnnpipeError(f"{path}: counting_shards: is missing, and DVC fills in no list; write `counting_shards: [1]`")
    for name, section in read_yaml(path).items():
        if isinstance(section, dict):
            defaults, runs = section.get("defaults") or {}, section.get("runs") or {}
            for key in INPUTS:
                lacking = [run for run, own in runs.items() if key in defaults and key not in own]
                if lacking:
                    told = f"DVC makes an input of it and fills in no defaults; write `{key}: {defaults[key]}`"
                    raise RnnpipeError(f"{path}: {name}.defaults.{key}: {told} into runs.{lacking[0]}")
    return params
