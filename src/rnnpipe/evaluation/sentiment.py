"""The report of a trained classifier."""

from rnnpipe.evaluation.sentiment_report import SentimentReport, score_classifier
from rnnpipe.inference import TrainedModel, class_probabilities
from rnnpipe.text.encoded import EncodedCorpus


def report(trained: TrainedModel, corpus: EncodedCorpus, seed: int) -> SentimentReport:
    """Score a trained classifier; nothing is drawn, so `seed` does not matter."""
    return score_classifier(lambda split: class_probabilities(trained, split), corpus, {"parameters": trained.parameters})
