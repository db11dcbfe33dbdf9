import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_corpora import small_corpus
from small_runs import saved_model

from rnnpipe.baselines.ngram import NgramModel
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.evaluation.language_model import report
from rnnpipe.evaluation.language_model_report import ask_language_model, require_pairs
from rnnpipe.evaluation.perplexities import perplexity_metrics, word_scores
from rnnpipe.inference import TrainedLanguageModel, open_model
from rnnpipe.params import AgreementGrammar, TuneGrammar
from rnnpipe.stages import build_vocabulary, encode, tokenize
from rnnpipe.text.encoded import EncodedCorpus, EncodedSplit
from rnnpipe.text.vocabulary import EOS

PAIRS = [(0, [4], [5], [6]), (30, [4, 5], [1], [1])]
FLOOR = {"perplexity": {"valid": 5.0, "test": 4.0}}
FILES = ("metrics.json", "agreement.csv", "samples/sentences.txt", "lengths.csv")


SAMPLES = 60


@pytest.fixture(autouse=True)
def few_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnpipe.evaluation.language_model_report.SAMPLES", SAMPLES)


@pytest.fixture
def corpus(tmp_path: Path) -> EncodedCorpus:
    return small_corpus(tmp_path / "corpus")


def bigrams(corpus: EncodedCorpus) -> NgramModel:
    train = corpus.split("train")
    return NgramModel.fit([train.document(index) for index in range(len(train))], len(corpus.vocabulary), order=2)


def written(folder: Path) -> dict[str, Any]:
    metrics: dict[str, Any] = json.loads((folder / "metrics.json").read_text())
    return metrics


def test_a_corpus_with_truth_and_pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = small_corpus(tmp_path / "corpus", pairs=PAIRS, truth=FLOOR)
    monkeypatch.setattr("rnnpipe.evaluation.language_model_report.acceptor", lambda truth: lambda tokens: len(tokens) < 5)
    out, model, split = tmp_path / "report", bigrams(corpus), corpus.split("test")
    ask_language_model(model, corpus, seed=1).write(out)
    metrics = written(out)
    expected = math.exp(-model.log_probabilities(split).sum() / (len(split.ids) + len(split)))
    assert metrics["perplexity.test"] == pytest.approx(expected, rel=1e-5)
    assert metrics["perplexity.ratio"] == pytest.approx(expected / 4.0, rel=1e-5)
    assert metrics["perplexity.floor"] == 4.0
    assert metrics["tokens.validation"] == len(corpus.split("valid").ids) + 8
    assert metrics["pairs.count"] == 1, "of two unknown words nothing is asked"
    assert metrics["pairs.coverage"] == 50.0
    assert "agreement.long" not in metrics
    assert metrics["agreement.all"] == metrics["pairs.share"]
    lengths = [[int(cell) for cell in line.split(",")] for line in (out / "lengths.csv").read_text().splitlines()[1:]]
    assert sum(row[1] for row in lengths) == len(split)
    assert metrics["sampling.accepted"] == pytest.approx(100 * sum(row[2] for row in lengths if row[0] < 5) / SAMPLES, rel=1e-5)
    assert len((out / "samples/sentences.txt").read_text().splitlines()) == 20
    assert (out / "agreement.csv").read_text().splitlines()[0] == "distance,pairs,accuracy"


def test_sentences_are_judged_by_the_grammar_of_the_truth(tmp_path: Path) -> None:
    sizes = {"train": 9, "valid": 9, "test": 9, "depths": (0,), "depth_weights": (1.0,), "distances": (0,)}
    grammar = AgreementGrammar(kind="agreement", **sizes).resolved()
    corpus = small_corpus(tmp_path / "corpus", truth={"grammar": grammar, **FLOOR})
    assert ask_language_model(bigrams(corpus), corpus, seed=1).metrics["sampling.accepted"] == 0.0


class Parrot:
    """A language model that says the same sentences over and over, whatever it reads; all words are alike to it."""

    def __init__(self, *sentences: list[int]) -> None:
        self._ids = [number for sentence in sentences for number in [*sentence, EOS]]

    def next_word(self, ids: Any, state: Any) -> tuple[Any, Any]:
        scores = np.full((len(ids), 64), -np.inf)
        place = state or 0
        scores[:, self._ids[place % len(self._ids)]] = 0.0
        return scores, place + 1

    def log_probabilities(self, split: EncodedSplit) -> Any:
        return np.full(len(split.ids) + len(split), -1.0)

    def continuation_log_probabilities(self, prefixes: Any, continuations: Any) -> Any:
        return np.zeros(len(prefixes))


def corpus_of_tunes(tmp_path: Path, lines: list[str]) -> EncodedCorpus:
    """Encode tunes with their grammar's settings beside them."""
    raw, tokenized, encoded = (tmp_path / name for name in ("raw", "tokenized", "encoded"))
    raw.mkdir()
    for split in ("train", "valid", "test"):
        (raw / f"{split}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    grammar = TuneGrammar(kind="tune", train=1, valid=1, test=1, metres=("2/4",), keys=("D",), phrases=1, bars=2)
    (raw / "truth.json").write_text(json.dumps({"grammar": grammar.resolved()}), encoding="utf-8")
    (tmp_path / "params.yaml").write_text(
        "{seed: 1, counting_shards: [1], report: {title: small}, "
        "corpora: {tunes: {format: text, words: whitespace, licence: MIT, "
        "splits: {train: train.txt, valid: valid.txt, test: test.txt}}}}"
    )
    tokenize.main("tunes", raw, tokenized)
    build_vocabulary.main("tunes", tokenized, tmp_path / "tunes.tsv", tmp_path / "metrics.json")
    encode.main(tokenized, tmp_path / "tunes.tsv", encoded)
    return EncodedCorpus.open(encoded)


@pytest.mark.parametrize(
    ("line", "accepted", "played"),
    [
        ("M:2/4 K:D D2 ^F2 | E2 D2 |]", 100.0, True),
        ("M:2/4 K:D D2 ^F4 | E2 D2 |]", 0.0, True),  # a bar too long is no tune of the grammar, and can be heard all the same
        ("K:D D2 ^F2 | E2 D2 |]", 0.0, False),
    ],
)
def test_tunes_are_judged_and_written_as_a_score_and_to_be_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, accepted: float, played: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    corpus = corpus_of_tunes(tmp_path, [line, "M:2/4 K:D D2 ^F2 | E2 D2 |]"])
    out = tmp_path / "report"
    ask_language_model(Parrot(corpus.vocabulary.encode(line.split()).tolist()), corpus, seed=1).write(out)
    assert written(out)["sampling.accepted"] == accepted
    assert (out / "samples/sentences.txt").read_text().splitlines() == [line] * 20
    assert {path.name for path in (out / "samples").iterdir()} == {
        "sentences.txt",
        *(("tunes.abc", "tunes.mid") if played else ()),
    }
    if played:
        assert (out / "samples/tunes.abc").read_text().count("X:") == 20
        assert (out / "samples/tunes.mid").read_bytes().startswith(b"MThd")


def test_sentences_of_characters_are_written_without_gaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = small_corpus(tmp_path / "corpus")
    joined = replace(corpus, meta={**corpus.meta, "joined_by": ""})
    assert ask_language_model(Parrot([3, 4]), joined, seed=1).samples[0] == "w0w1"
    assert ask_language_model(Parrot([3, 4]), corpus, seed=1).samples[0] == "w0 w1"


def test_a_corpus_without_truth_has_all_files_and_fewer_keys(corpus: EncodedCorpus, tmp_path: Path) -> None:
    ask_language_model(bigrams(corpus), corpus, seed=1).write(tmp_path / "report")
    metrics = written(tmp_path / "report")
    assert not {key for key in metrics if key.startswith(("agreement", "pairs", "perplexity.floor", "sampling.accepted"))}
    assert metrics["sampling.unknown"] == 0
    assert (tmp_path / "report" / "agreement.csv").read_text() == "distance,pairs,accuracy\n"


def test_perplexity_per_character_counts_the_characters_of_the_text(tmp_path: Path) -> None:
    """One word outside the vocabulary, spelled `strange`: its own letters count, and not those of `<unk>`."""
    corpus = small_corpus(tmp_path / "corpus", unknown=["strange"])
    model, split = bigrams(corpus), corpus.split("test")
    texts = [" ".join(words) for words in corpus.words("test")]
    assert texts[0].startswith("strange")
    characters = sum(map(len, texts)) + len(texts)  # and the end of each document
    assert corpus.characters("test") == characters
    expected = math.exp(-model.log_probabilities(split).sum() / characters)
    assert perplexity_metrics(word_scores(model, corpus), corpus)["perplexity.per_character"] == pytest.approx(expected)


def test_same_seed_same_bytes(corpus: EncodedCorpus, tmp_path: Path) -> None:
    for name in ("first", "second"):
        ask_language_model(bigrams(corpus), corpus, seed=3).write(tmp_path / name)
    for file in FILES:
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "second" / file).read_bytes()


def test_a_trained_model_is_asked_the_same(tmp_path: Path) -> None:
    model = saved_model(tmp_path / "model", "language_model", batching="stream")
    corpus = small_corpus(tmp_path / "corpus", pairs=PAIRS)
    opened, split = open_model(tmp_path / "model"), corpus.split("test")
    report(opened, corpus, seed=1).write(tmp_path / "report")
    metrics = written(tmp_path / "report")
    total = TrainedLanguageModel(opened).log_probability(split)
    assert metrics["perplexity.test"] == pytest.approx(math.exp(-total / (len(split.ids) + len(split))), rel=1e-5)
    assert metrics["parameters"] == sum(weight.numel() for weight in model.parameters())
    assert metrics["pairs.count"] == 1


def test_splits_that_a_corpus_lacks_are_left_out(corpus: EncodedCorpus) -> None:
    del corpus.meta["splits"]["test"]
    metrics = ask_language_model(bigrams(corpus), corpus, seed=1).metrics
    assert "perplexity.validation" in metrics
    assert not {"perplexity.test", "perplexity.per_character", "length.corpus"} & metrics.keys()


def test_a_corpus_without_pairs_is_refused(corpus: EncodedCorpus, tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="no minimal pairs"):
        require_pairs(corpus)
    require_pairs(small_corpus(tmp_path / "other", pairs=PAIRS))


GROUPED = [(0, [4], [5], [6]), (-1, [4], [6], [5]), (-1, [4, 5], [7], [1]), (-1, [3], [1], [1])]
TOLD = ["ours\t0", "theirs, too\t2", "theirs, too\t2", "other\t1"]


def test_pairs_by_group_and_attractors_with_their_coverage(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "corpus", pairs=GROUPED)
    (tmp_path / "corpus/pairs/groups.tsv").write_text("".join(f"{line}\n" for line in TOLD))
    ask_language_model(bigrams(corpus), corpus, seed=1).write(tmp_path / "report", tmp_path / "scored")
    metrics = written(tmp_path / "report")
    assert {key: metrics[key] for key in ("pairs.count", "pairs.coverage")} == {"pairs.count": 2, "pairs.coverage": 50.0}
    assert metrics["pairs.share"] == 50.0 == (metrics["pairs.ours.share"] + metrics["pairs.theirs_too.share"]) / 2
    assert not {key for key in metrics if key.startswith("pairs.other")}, "none of that group could be asked"
    rows = [line.rsplit(",", 4) for line in (tmp_path / "scored/pairs.csv").read_text().splitlines()]
    assert [row[:4] for row in rows] == [
        ["group", "attractors", "pairs", "skipped"],
        ["other", "1", "0", "1"],
        ["ours", "0", "1", "0"],
        ['"theirs, too"', "2", "1", "1"],
    ]
    assert (tmp_path / "report/agreement.csv").read_text().splitlines()[1].startswith("0,1,"), (
        "a distance that nobody told is none"
    )


def test_the_surprisal_of_each_word_is_told_where_it_is_asked_for(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "corpus", unknown=["strange"])
    model = bigrams(corpus)
    ask_language_model(model, corpus, seed=1, surprisal=True).write(tmp_path / "report", tmp_path / "scored")
    ask_language_model(model, corpus, seed=1).write(tmp_path / "report", tmp_path / "not")
    assert not (tmp_path / "not/test.csv").exists()
    rows = [line.split(",") for line in (tmp_path / "scored/test.csv").read_text().splitlines()]
    assert rows[0] == ["document", "word", "static"]
    assert [row[1] for row in rows[1:]] == [word for words in corpus.words("test") for word in (*words, "<eos>")]
    assert [float(row[2]) for row in rows[1:]] == pytest.approx(
        (-model.log_probabilities(corpus.split("test"))).tolist(), rel=1e-5
    )


def test_a_backward_model_is_scored_and_draws_nothing(tmp_path: Path) -> None:
    saved_model(tmp_path / "model", "language_model", batching="stream", direction="backward")
    pairs = [(1, [3], [4], [5])]
    found = report(open_model(tmp_path / "model", "cpu"), small_corpus(tmp_path / "corpus", pairs=pairs), seed=1)
    assert found.metrics["perplexity.test"] > 1
    assert not [key for key in found.metrics if key.startswith(("sampling", "pairs", "length.sampled", "agreement"))]
    assert not found.samples
