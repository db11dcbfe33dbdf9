"""Parameters of the report, and what makes a claim hold."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rnnpipe.params.base import Count, Name, Rate, Share, Strict, Width


class ClaimBars(Strict):
    """When a claim of the lecture holds; shares, accuracies and gaps between them in percent where not said otherwise.

    The report shows each bar beside the figure that it is held against.
    """

    seeds: Annotated[int, Field(ge=2)] = 3
    """Least runs that differ only in their seed behind a figure that is judged by its spread."""
    feature_probe: Rate = 90.0
    """Features that a linear probe finds in vectors of a grammar, mean over the seeds."""
    standard_network_gap: Rate = 5.0
    """How far above the MLP the plain RNN must be on texts longer than those of training."""
    bptt_difference: Rate = 1e-10
    """Largest difference of two float64 gradients that counts as none."""
    pair_errors: Rate = 3.0
    """Standard errors by which the share of minimal pairs that are correct must be above one half."""
    perplexity_ratio: Rate = 1.10
    """Test perplexity over the grammar's floor."""
    accepted_share: Rate = 95.0
    """Drawn sentences that the grammar accepts."""
    long_distance: Count = 20
    """Tokens between noun and verb from which a dependency counts as long."""
    long_agreement: Rate = 95.0
    """Agreement at all long distances together, of the worst seed of LSTM and GRU."""
    long_gap: Rate = 15.0
    """How far LSTM and GRU must be above the plain RNN at the longest distance."""
    vanishing_ratio: Rate = 0.1
    """Gradient norm of the plain RNN over the LSTM's, `long_distance` steps back; a ratio."""
    clipping_gap: Rate = 0.1
    """How far the loss without clipping must be above the loss with it, in nats a word, where it is a number at all."""
    state_accuracy: Rate = 95.0
    """States told on texts longer than in training, the worst seed of the cells whose gates see the state."""
    state_gap: Rate = 15.0
    """How far the best seed of the cells whose gates see the input alone must be below that."""
    equal_errors: Rate = 2.0
    """Standard errors of a difference within which two cells count as equal."""
    bidirectional_gain: Rate = 10.0
    """Span F1 of both directions over forward alone."""
    analogies: Rate = 80.0
    """Analogies of a grammar that are solved, mean over the seeds."""
    full_softmax_rows: Rate = 1.0
    """By how much the rows of a full softmax may differ from V: words such as <unk> that no pair asks for."""
    negative_rows: Rate = 1.0
    """By how many rows the cost of negative sampling may differ over all V: a word drawn twice is one row."""
    chi_square_p: Share = 0.001
    """Frequencies of drawn words pass where a difference as large is more likely than this by chance; a probability."""
    bag_of_words_ceiling: Rate = 2.0
    """How far the bag of words may be from the best accuracy that is possible without order."""
    bag_of_words_gap: Rate = 10.0
    """How far the LSTM must be above the bag of words."""
    imdb_rnn: Rate = 80.0
    """Test accuracy of the simple RNN on IMDb; the lecture names 76."""
    imdb_lstm: Rate = 87.0
    """Test accuracy of the LSTM on IMDb, as in the lecture."""
    imdb_leading: Rate = 95.0
    """Test accuracy of the best network on IMDb, as in the lecture."""


class ImdbRuns(Strict):
    """Which runs of section `sentiment` the claims about IMDb are judged by."""

    corpora: Annotated[tuple[Name, ...], Field(min_length=1)]
    """Corpora that hold IMDb."""
    dimension: Width = 32
    """The entry-level set-up: numbers in a word vector that is learned with the task (the lecture's K)."""
    max_length: Count | None = None
    """The entry-level set-up: last words read (the lecture's T); None: any number of them, but not all."""
    layers: Count = 1
    """The entry-level set-up: layers of the network."""
    bidirectional: bool = False
    """The entry-level set-up: whether the network reads both ways."""


class Report(Strict):
    """What `write_report` shows."""

    title: str
    """Of the page."""
    claims: ClaimBars = ClaimBars()
    imdb: ImdbRuns | None = None
    """None: no corpus holds IMDb, and nothing is judged by it."""
