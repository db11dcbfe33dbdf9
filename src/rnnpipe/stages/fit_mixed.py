"""Stage fit_mixed: language models mixed, with weights that fit the validation split best."""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.tables import write_metrics
from rnnpipe.params import load_params


def main(run: str, scored: Path, encoded: Path, out: Path) -> None:
    """Mix the models of the run `run` by what `scored/<model>` holds of each, on the encoded corpus of all of them."""
    from rnnpipe.evaluation.mixed import mixture_metrics
    from rnnpipe.text.encoded import EncodedCorpus

    settings = load_params().run("mixed", run)
    metrics = mixture_metrics(scored, settings.models, EncodedCorpus.open(encoded), settings.form)
    write_metrics(out / "metrics.json", metrics)


if __name__ == "__main__":
    run_stage(main)
