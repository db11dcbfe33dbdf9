"""Stage evaluate_language_model: perplexity, agreement by distance and sampled sentences of a language model."""

from pathlib import Path

from rnnpipe.common.command import run_stage
from rnnpipe.common.seeds import derive_seed
from rnnpipe.params import load_params


def main(run: str, model: Path, encoded: Path, raw: Path, out: Path) -> None:
    """Ask the model of the run `run` everything that its corpus allows to ask, and write the answers into the folder `out`."""
    from rnnpipe.corpora.grammar.corpus import acceptor
    from rnnpipe.evaluation.language_model import Truth, evaluate
    from rnnpipe.evaluation.recurrent import RecurrentLanguageModel
    from rnnpipe.networks.model_directory import load_model
    from rnnpipe.text.encoded import EncodedCorpus

    params = load_params()
    settings = params.language_model.runs[run]
    corpus = EncodedCorpus.open(encoded)
    loaded = load_model(model)
    loaded.require_vocabulary(corpus.vocabulary)
    truth = Truth.read(raw, acceptor(corpus.truth))
    language_model = RecurrentLanguageModel(loaded.network, len(corpus.vocabulary), settings.batching)
    evaluate(language_model, corpus, truth, derive_seed(params.seed, "evaluate_language_model", run)).write(out)


if __name__ == "__main__":
    run_stage(main)
