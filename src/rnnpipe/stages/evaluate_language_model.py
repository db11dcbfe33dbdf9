"""Stage evaluate_language_model: ask a trained language model what its corpus allows to ask, and write the report's files."""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.seeds import derive_seed
from rnnpipe.params import load_params


def main(run: str, model: Path, encoded: Path, out: Path, scored: Path, seed: int = 0) -> None:
    """Evaluate the model of the run `run` on an encoded corpus; what it says of each word goes into the folder `scored`."""
    from rnnpipe.evaluation.language_model import report
    from rnnpipe.inference import open_model
    from rnnpipe.text.encoded import EncodedCorpus

    section = load_params().language_model
    corpus = EncodedCorpus.open(encoded)
    trained = open_model(model)
    trained.require_vocabulary(corpus.vocabulary)
    asked = section.evaluation
    cache = asked.cache if section.adapts(run, "cache") else None
    dynamic = asked.dynamic if section.adapts(run, "dynamic") else None
    made = report(trained, corpus, derive_seed(seed, "evaluate_language_model", run), cache, dynamic, asked.surprisal)
    made.write(out, scored)


if __name__ == "__main__":
    run_stage(main)
