"""What a trained tagger of named entities is asked."""

from rnnpipe.evaluation.ner_report import NerReport, score_tagger
from rnnpipe.inference import TrainedModel, predicted_tags
from rnnpipe.text.encoded import EncodedCorpus


def report(trained: TrainedModel, corpus: EncodedCorpus, seed: int) -> NerReport:
    """Score a trained tagger; nothing is drawn, so `seed` does not matter."""
    return score_tagger(lambda split: predicted_tags(trained, split), corpus, {"parameters": trained.parameters})
