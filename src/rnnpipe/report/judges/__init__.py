"""Claim → the function that judges it. A claim that is not here cannot be measured yet."""

from rnnpipe.report.claims import Judge
from rnnpipe.report.judges import baselines, comparisons, contexts, embeddings, imdb, language, recurrence, softmax

JUDGES: dict[str, Judge] = {
    "one-hot": embeddings.one_hot,
    "one-hot-blind": embeddings.one_hot_blind,
    "features": embeddings.features,
    "standard-network": baselines.standard_network,
    "bptt": recurrence.bptt,
    "probability": language.probability,
    "perplexity": language.perplexity,
    "unknown": language.unknown,
    "punctuation": language.punctuation,
    "sampling": language.sampling,
    "long-term": recurrence.long_term,
    "vanishing": recurrence.vanishing,
    "gru-lstm-quality": comparisons.gru_lstm_quality,
    "bidirectional": comparisons.bidirectional,
    "deep": comparisons.deep,
    "context-choice": contexts.context_choice,
    "skip-gram": embeddings.skip_gram,
    "softmax-cost": softmax.softmax_cost,
    "negative-sampling": softmax.negative_sampling,
    "glove": embeddings.glove,
    "bag-of-words": baselines.bag_of_words,
    "imdb-rnn": imdb.simple_rnn,
    "imdb-lstm": imdb.lstm,
    "imdb-leading": imdb.leading,
    "three-embeddings": comparisons.three_embeddings,
    "rnn-types": comparisons.rnn_types,
}
