"""Stage measure_clipping: the same trainings at a high rate with and without clipping, step by step."""

from dataclasses import astuple
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.seeds import derive_seed
from rnnpipe.common.tables import write_csv, write_metrics
from rnnpipe.params import find, load_params


def main(name: str, encoded: Path, embedding: Path, out: Path) -> None:
    """Train what the entry `clipping.<name>` says; `steps.csv` and `metrics.json` go to `out`."""
    from rnnpipe.text.encoded import EncodedCorpus
    from rnnpipe.training.clipping import clipping_metrics, train_both

    params = load_params()
    settings = find(params.clipping, "clipping", name)
    seed = derive_seed(params.seed, "measure_clipping", name)
    steps = list(train_both(settings, EncodedCorpus.open(encoded), embedding, seed))
    write_csv(out / "steps.csv", ("seed", "clip", "step", "loss", "norm"), map(astuple, steps))
    write_metrics(out / "metrics.json", clipping_metrics(steps))


if __name__ == "__main__":
    run_stage(main)
