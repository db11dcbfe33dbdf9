"""Stage declare_embedding: write down an embedding without training, trainable random numbers or one-hot vectors."""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.files import atomic_directory, write_json
from rnnpipe.params import find, load_params


def main(name: str, out: Path) -> None:
    """Write the entry `embeddings.<name>` as `config.json` into the directory `out`."""
    entry = find(load_params().embeddings, "embeddings", name)
    with atomic_directory(out) as temporary:
        write_json(temporary / "config.json", entry.model_dump(exclude_none=True))


if __name__ == "__main__":
    run_stage(main)
