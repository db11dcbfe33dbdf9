"""The report of a trained language model."""

from rnnpipe.evaluation.language_model_report import LanguageModelReport, ask_language_model
from rnnpipe.inference import TrainedLanguageModel, TrainedModel
from rnnpipe.text.encoded import EncodedCorpus


def report(trained: TrainedModel, corpus: EncodedCorpus, seed: int) -> LanguageModelReport:
    """Ask a trained model everything that the corpus allows to ask; `seed` is for the sentences that are drawn."""
    return ask_language_model(TrainedLanguageModel(trained), corpus, seed, {"parameters": trained.parameters})
