"""Stage evaluate: ask a trained model what its task is asked, and write the report's files."""

from importlib import import_module
from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.seeds import derive_seed


def main(task: str, run: str, model: Path, encoded: Path, out: Path, seed: int = 0) -> None:
    """Evaluate the model of the run `run` of a task, given by its module of `rnnpipe.evaluation`, on an encoded corpus."""
    evaluation = import_module(task)

    from rnnpipe.inference import open_model
    from rnnpipe.text.encoded import EncodedCorpus

    corpus = EncodedCorpus.open(encoded)
    trained = open_model(model)
    trained.require_vocabulary(corpus.vocabulary)
    stage = f"evaluate_{task.rpartition('.')[2]}"
    evaluation.report(trained, corpus, derive_seed(seed, stage, run)).write(out)


if __name__ == "__main__":
    run_stage(main)
