"""Stage fit_ngram: Kneser-Ney n-grams, what a language model has to beat."""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.seeds import derive_seed
from rnnpipe.params import load_params


def main(run: str, encoded: Path, out: Path, scored: Path) -> None:
    """Count the n-grams of the run `run` in the train split, and ask them what a recurrent language model is asked."""
    from rnnpipe.baselines.ngram import NgramModel
    from rnnpipe.evaluation.language_model_report import ask_language_model
    from rnnpipe.text.encoded import EncodedCorpus

    params = load_params()
    settings = params.run("ngram", run)
    corpus = EncodedCorpus.open(encoded)
    train = corpus.split("train")
    model = NgramModel.fit([train.document(index) for index in range(len(train))], len(corpus.vocabulary), settings.order)
    seed = derive_seed(params.seed, "fit_ngram", run)
    ask_language_model(model, corpus, seed, surprisal=settings.surprisal).write(out, scored)


if __name__ == "__main__":
    run_stage(main)
