"""How fast taggers of named entities are: `make bench-ner [MODEL=dir ENCODED=dir] [THREADS=n] [ROUNDS=n]`.

The CRF's loss with its gradient and its Viterbi beside pytorch-crf (if it is installed: `pip install pytorch-crf`), a training
beside a plain padded BiLSTM-CRF that is written here, on sentences of random words as long as CoNLL-2003's, and with MODEL and
ENCODED the time in which a trained model tags a split, from its directory on, imports apart. Contestants take turns; a ratio is
the median of the rounds' ratios.
"""

import argparse
import importlib.util
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rounds import in_turn, seconds, speedup
from torch import nn

from rnnpipe.batches.batch import IGNORED, tagging_batch
from rnnpipe.batches.plans import batch_plan
from rnnpipe.heads.crf import Crf
from rnnpipe.models.build import Sizes, build_model
from rnnpipe.params import NerNetwork
from rnnpipe.tasks.task import task_named
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit

SENTENCES, WORDS, TAGS = 32, 30, 9
VOCABULARY, EMBEDDING, HIDDEN, DROPOUT = 23_626, 100, 200, 0.5
REPEATED = 20
"""Steps that are timed together."""


class PlainCrf(nn.Module):
    """A CRF as it is written down: one word after the other, sums of exponentials, a Viterbi that follows each sentence back."""

    def __init__(self, tags: int) -> None:
        super().__init__()
        self.start, self.end = nn.Parameter(torch.zeros(tags)), nn.Parameter(torch.zeros(tags))
        self.transitions = nn.Parameter(torch.zeros(tags, tags))

    def forward(self, emissions: torch.Tensor, tags: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the log-likelihood, summed: (B, T, L), (B, T), (B, T) -> ()."""
        rows = torch.arange(len(tags))
        score = self.start[tags[:, 0]] + emissions[rows, 0, tags[:, 0]]
        total = self.start + emissions[:, 0]
        for word in range(1, tags.shape[1]):
            inside = mask[:, word]
            step = self.transitions[tags[:, word - 1], tags[:, word]] + emissions[rows, word, tags[:, word]]
            score = score + step * inside
            nearer = (total.unsqueeze(2) + self.transitions + emissions[:, word].unsqueeze(1)).logsumexp(1)
            total = torch.where(inside.unsqueeze(1), nearer, total)
        last = mask.sum(1) - 1
        likelihood: torch.Tensor = (score + self.end[tags[rows, last]] - (total + self.end).logsumexp(1)).sum()
        return likelihood


class PlainTagger(nn.Module):
    """Words, two packed LSTMs, a CRF: what people write who want to have a tagger."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, EMBEDDING)
        self.lstm = nn.LSTM(EMBEDDING, HIDDEN, bidirectional=True, batch_first=True)
        self.scores = nn.Linear(2 * HIDDEN, TAGS)
        self.dropout = nn.Dropout(DROPOUT)
        self.crf = _pytorch_crf(TAGS) or PlainCrf(TAGS)

    def forward(self, ids: torch.Tensor, lengths: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the loss of a batch."""
        vectors = self.dropout(self.words(ids))
        packed = nn.utils.rnn.pack_padded_sequence(vectors, lengths, batch_first=True, enforce_sorted=False)
        outputs, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        likelihood: torch.Tensor = self.crf(self.scores(self.dropout(outputs)), targets.clamp(min=0), mask=targets != IGNORED)
        return -likelihood


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="directory of a trained tagger, models/ner/<run>")
    parser.add_argument("--encoded", type=Path, help="its corpus, data/encoded/<corpus>")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    torch.manual_seed(1)
    for threads in sorted({1, options.threads}):
        torch.set_num_threads(threads)
        _time_crf(threads, options.rounds)
        _time_training(threads, options.rounds)
    if options.model and options.encoded:
        _time_tagging(options.model, options.encoded, options.threads)


def _time_crf(threads: int, rounds: int) -> None:
    lengths = torch.randint(WORDS // 3, WORDS + 1, (SENTENCES,))
    lengths[0] = WORDS
    mask = torch.arange(WORDS) < lengths[:, None]
    targets = torch.randint(TAGS // 2, (SENTENCES, WORDS))
    targets = torch.where(targets > 0, 2 * targets - 1, 0)  # O and B of each type: every scheme allows them
    ours = Crf(TAGS, TAGS, scheme="IOB2")
    ours.theta = nn.Identity()  # type: ignore[assignment]  # emissions alone, as theirs
    emissions = torch.randn(SENTENCES, WORDS, TAGS, requires_grad=True)

    def own() -> None:
        torch.autograd.backward(ours.loss(emissions, targets.masked_fill(~mask, IGNORED)))
        with torch.no_grad():
            ours.decode(emissions, lengths)

    contestants = {"rnnpipe": _timed(own)}
    if (other := _pytorch_crf(TAGS)) is not None:
        decode: Any = other.decode

        def theirs() -> None:
            (-other(emissions, targets, mask=mask)).backward()
            with torch.no_grad():
                decode(emissions, mask=mask)

        contestants["pytorch-crf"] = _timed(theirs)
    times = in_turn(contestants, rounds)
    print(f"CRF, loss and Viterbi, batch {SENTENCES}, {WORDS} words, {TAGS} tags, {threads} threads, ms:")
    for name in times:
        print(f"  {name:<14}{1000 * seconds(times, name) / REPEATED:8.2f}")
    print(f"  {_times(times, 'pytorch-crf')} (to reach: 3)" if len(times) > 1 else "  pytorch-crf is not installed: no ratio")


def _time_training(threads: int, rounds: int) -> None:
    """Train steps of the same words, vectors and states; of ours the CRF is constrained and in float64."""
    generator = np.random.default_rng(1)
    lengths = np.clip(generator.geometric(1 / 14.5, 2000), 1, 80)
    ids = generator.integers(3, VOCABULARY, lengths.sum()).astype(np.uint16)
    split = EncodedSplit(ids, np.cumsum([0, *lengths]), tags=(ids % 5 % 2).astype(np.uint8))
    batches = [tagging_batch(split, rows) for rows in batch_plan(lengths, SENTENCES, 1, 0, equal="words")[:REPEATED]]
    network = NerNetwork.model_validate(
        {"cell": "lstm", "bidirectional": True, "hidden": HIDDEN, "input_dropout": DROPOUT, "dropout": DROPOUT, "head": "crf"}
    )
    sizes = Sizes(vocabulary_size=VOCABULARY, embedding_dimension=EMBEDDING, outputs=TAGS)
    ours, theirs = build_model(network, sizes, task_named("ner").head_of(network)), PlainTagger()

    def trained(model: nn.Module, loss: Callable[..., torch.Tensor]) -> Callable[[], float]:
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True)

        def steps() -> float:
            start = time.perf_counter()
            for batch in batches:
                optimizer.zero_grad()
                torch.autograd.backward(loss(batch) / batch.total)
                torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
                optimizer.step()
            return time.perf_counter() - start

        return steps

    times = in_turn(
        {
            "rnnpipe": trained(ours, lambda batch: ours.head.loss(ours(batch.ids, batch.lengths)[0], batch.targets)),
            "plain": trained(theirs, lambda batch: theirs(batch.ids, batch.lengths, batch.targets)),
        },
        max(3, rounds // 3),
    )
    count = sum(len(batch.lengths) for batch in batches)
    print(
        f"training, BiLSTM {EMBEDDING} -> 2 x {HIDDEN}, CRF, some {SENTENCES} sentences a batch, {threads} threads, sentences/s:"
    )
    for name in times:
        print(f"  {name:<14}{count / seconds(times, name):8,.0f}")
    print(f"  {_times(times, 'plain')}")


def _time_tagging(model: Path, encoded: Path, threads: int) -> None:
    from rnnpipe.inference import open_model, predicted_tags

    torch.set_num_threads(threads)
    start = time.perf_counter()
    corpus = EncodedCorpus.open(encoded)
    trained = open_model(model)
    split = corpus.split("test")
    opened = time.perf_counter()
    predicted_tags(trained, split)
    tagged = time.perf_counter() - start
    print(f"{len(split):,} sentences tagged with {model}, {threads} threads: {tagged:.1f} s, {opened - start:.1f} s to open it")


def _timed(work: Callable[[], None]) -> Callable[[], float]:
    def measured() -> float:
        start = time.perf_counter()
        for _ in range(REPEATED):
            work()
        return time.perf_counter() - start

    return measured


def _times(times: dict[str, list[float]], other: str) -> str:
    return f"{speedup(times, 'rnnpipe', other):.2f} x {other}"


def _pytorch_crf(tags: int) -> nn.Module | None:
    if importlib.util.find_spec("torchcrf") is None:
        return None
    from torchcrf import CRF  # type: ignore[import-not-found,unused-ignore]

    made: nn.Module = CRF(tags, batch_first=True)
    return made


if __name__ == "__main__":
    main()
