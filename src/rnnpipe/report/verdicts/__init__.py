"""Claim → the function that judges it. A claim that is not here cannot be measured yet."""

from rnnpipe.report.claims import Judge
from rnnpipe.report.verdicts import cells, softmax, tasks, word_vectors

VERDICTS: dict[str, Judge] = {
    "one-hot": word_vectors.one_hot,
    "one-hot-blind": word_vectors.one_hot_blind,
    "features": word_vectors.features,
    "standard-network": tasks.standard_network,
    "bptt": cells.bptt,
    "probability": tasks.probability,
    "perplexity": tasks.perplexity,
    "unknown": tasks.unknown,
    "punctuation": tasks.punctuation,
    "sampling": tasks.sampling,
    "long-term": cells.long_term,
    "vanishing": cells.vanishing,
    "gru-lstm-quality": cells.gru_lstm_quality,
    "bidirectional": cells.bidirectional,
    "deep": cells.deep,
    "context-choice": word_vectors.context_choice,
    "skip-gram": word_vectors.skip_gram,
    "softmax-cost": softmax.softmax_cost,
    "negative-sampling": softmax.negative_sampling,
    "glove": word_vectors.glove,
    "bag-of-words": tasks.bag_of_words,
    "imdb-rnn": tasks.imdb_rnn,
    "imdb-lstm": tasks.imdb_lstm,
    "imdb-leading": tasks.imdb_leading,
    "three-embeddings": cells.three_embeddings,
    "rnn-types": cells.rnn_types,
}
