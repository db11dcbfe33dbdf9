"""Parameters of the report, and what makes a claim hold."""

from __future__ import annotations

from rnnpipe.params.base import Count, Rate, Share, Strict


class ClaimThresholds(Strict):
    """When a claim of the lecture holds; shares and points in percent where not said otherwise."""

    perplexity_ratio: Rate = 1.10
    accepted_share: Rate = 95.0
    long_distance: Count = 20
    """Tokens between noun and verb from which a dependency counts as long."""
    long_agreement: Rate = 95.0
    long_gap: Rate = 15.0
    bptt_difference: Rate = 1e-10
    """Largest difference of two float64 gradients that counts as none."""
    vanishing_ratio: Rate = 0.1
    """Gradient norm of the plain RNN over the LSTM's, 20 steps back (`long_distance`)."""
    bidirectional_gain: Rate = 10.0
    standard_network_gap: Rate = 5.0
    """How far above the standard network the plain RNN must be on texts longer than those of training."""
    bag_of_words_gap: Rate = 10.0
    bag_of_words_ceiling: Rate = 2.0
    analogies: Rate = 80.0
    feature_probe: Rate = 90.0
    chi_square_p: Share = 0.001
    """Frequencies of drawn words pass where a difference as large is more likely than this by chance; not a percentage."""
    imdb_rnn: Rate = 80.0
    imdb_lstm: Rate = 87.0


class Report(Strict):
    """What `write_report` shows."""

    title: str
    claims: ClaimThresholds = ClaimThresholds()
