"""The verdicts on the lecture's claims, each a function of the measurements and of the bars in the parameters."""

from rnnpipe.report.claims import NOT_MEASURED, Claim, Rule, Verdict, load_claims
from rnnpipe.report.read.measurements import Measurements
from rnnpipe.report.verdicts import comparisons, long_term, softmax, speed, state_tracking, tasks, word_vectors

VERDICTS: dict[str, Rule] = {
    "one-hot": word_vectors.one_hot,
    "one-hot-blind": word_vectors.one_hot_blind,
    "features": word_vectors.features,
    "standard-network": tasks.standard_network,
    "bptt": long_term.bptt,
    "probability": tasks.probability,
    "perplexity": tasks.perplexity,
    "unknown": tasks.unknown,
    "punctuation": tasks.punctuation,
    "sampling": tasks.sampling,
    "long-term": long_term.long_term,
    "vanishing": long_term.vanishing,
    "exploding": long_term.exploding,
    "state-tracking": state_tracking.state_tracking,
    "gru-lstm-quality": comparisons.gru_lstm_quality,
    "gru-lstm-speed": speed.gru_lstm_speed,
    "bidirectional": comparisons.bidirectional,
    "deep": comparisons.deep,
    "context-choice": word_vectors.context_choice,
    "skip-gram": word_vectors.skip_gram,
    "softmax-cost": softmax.softmax_cost,
    "negative-sampling": softmax.negative_sampling,
    "glove": word_vectors.glove,
    "bag-of-words": tasks.bag_of_words,
    "imdb-rnn": tasks.imdb_rnn,
    "imdb-lstm": tasks.imdb_lstm,
    "imdb-leading": tasks.imdb_leading,
    "three-embeddings": comparisons.three_embeddings,
    "rnn-types": comparisons.rnn_types,
}
"""Claim → the function that judges it. A claim that is not here cannot be measured yet."""


def all_verdicts(measurements: Measurements) -> tuple[tuple[Claim, Verdict], ...]:
    """Return each claim with its verdict, in the lecture's order; none where no corpus is the lecture's."""
    if not measurements.has_lecture:
        return ()
    judged = ((claim, VERDICTS[claim.id](measurements) if claim.id in VERDICTS else NOT_MEASURED) for claim in load_claims())
    return tuple(judged)
