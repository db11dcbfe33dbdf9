"""Which batches a task reads, how many outputs its head has, and what its scores are."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from small_corpora import TAGS, small_corpus
from small_runs import KINDS, TASKS, saved_model, sizes_of, small_model, small_run

from rnnpipe.batches.batch import IGNORED, Batch
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.layers.cells import CELLS
from rnnpipe.metrics.classification import accuracy, confusion_table, macro_f1
from rnnpipe.metrics.spans import span_scores
from rnnpipe.params.tasks import TaskSections, run_class
from rnnpipe.tasks.ner import span_counts
from rnnpipe.tasks.task import check_networks, task_named
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.training.data import PlannedDataModule

LANGUAGE_MODEL, SENTIMENT, NER = (task_named(name) for name in TASKS)


def data(task: str, corpus: EncodedCorpus, seed: int = 1, **fields: Any) -> PlannedDataModule:
    return PlannedDataModule(*task_named(task).batches(corpus, small_run(task, **fields), seed))


def epoch(made: PlannedDataModule, number: int) -> list[list[list[int]]]:
    loader = made.train_dataloader()
    loader.sampler.set_epoch(number)
    return [batch.ids.tolist() for batch in loader]


@pytest.mark.parametrize("batching", ["sentences", "stream"])
def test_a_language_model_predicts_all_words_and_ends(tmp_path: Path, batching: str) -> None:
    corpus = small_corpus(tmp_path)
    made = data("language_model", corpus, batching=batching, bptt=3)
    for name, loader in (("train", made.train_dataloader()), ("valid", made.val_dataloader())):
        size = corpus.meta["splits"][name]
        assert sum(batch.total for batch in loader) == size["tokens"] + size["documents"]
    assert len(made.train_dataloader()) == made.steps_per_epoch
    assert made.train.tokens == corpus.meta["splits"]["train"]["tokens"] + 24
    assert LANGUAGE_MODEL.is_carried(small_run("language_model", batching=batching)) is (batching == "stream")


@pytest.mark.parametrize("task", TASKS)
def test_order_depends_on_seed_and_epoch_alone(tmp_path: Path, task: str) -> None:
    corpus = small_corpus(tmp_path, KINDS[task])
    made, again, other = data(task, corpus), data(task, corpus), data(task, corpus, seed=2)
    assert epoch(made, 0) != epoch(made, 1)
    assert epoch(made, 1) == epoch(again, 1) != epoch(other, 1)


def test_sentiment_reads_the_last_words_of_labelled_documents(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path, "labelled")
    path = tmp_path / "train.labels.npy"
    labels = np.load(path)
    labels[:4] = -1
    np.save(path, labels)
    made = data("sentiment", corpus, max_length=3)
    batches = list(made.train_dataloader())
    assert sum(batch.total for batch in batches) == sum(len(batch.ids) for batch in batches) == 20
    assert max(batch.ids.shape[1] for batch in batches) == 3
    assert max(batch.ids.shape[1] for batch in made.val_dataloader()) == 3


@pytest.mark.parametrize("longest", [None, 3])
def test_speeds_count_the_words_that_are_read(tmp_path: Path, longest: int | None) -> None:
    made = data("sentiment", small_corpus(tmp_path, "labelled"), max_length=longest)
    for batches, loader in ((made.train, made.train_dataloader()), (made.valid, made.val_dataloader())):
        assert batches.tokens == sum(int(batch.lengths.sum()) for batch in loader)


def test_ner_predicts_each_word(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path, "columns")
    made = data("ner", corpus)
    assert sum(batch.total for batch in made.train_dataloader()) == made.train.tokens == corpus.meta["splits"]["train"]["tokens"]


def test_a_corpus_of_another_format_is_refused(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    with pytest.raises(RnnpipeError, match="corpus with labels"):
        data("sentiment", corpus)
    with pytest.raises(RnnpipeError, match="format 'columns'"):
        data("ner", corpus)


def test_an_empty_split_is_refused(tmp_path: Path) -> None:
    for batching in ("sentences", "stream"):
        with pytest.raises(RnnpipeError, match="split 'valid' is empty"):
            data("language_model", small_corpus(tmp_path / batching, valid=0), batching=batching)


def test_outputs_are_words_labels_or_tags(tmp_path: Path) -> None:
    found = [sizes_of(task_named(name), small_corpus(tmp_path / name, KINDS[name])).outputs for name in TASKS]
    assert found == [15, 2, len(TAGS)]


def test_a_language_model_counts_one_end_a_document(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path)
    counts = LANGUAGE_MODEL.output_counts(corpus.vocabulary, sizes_of(LANGUAGE_MODEL, corpus))
    assert counts.tolist() == [0, 0, 24, *[1] * 12]
    assert SENTIMENT.output_counts(corpus.vocabulary, sizes_of(LANGUAGE_MODEL, corpus)) is None


def test_perplexity_of_a_uniform_model_is_the_number_of_words() -> None:
    assert LANGUAGE_MODEL.scores(math.log(30), []) == {"perplexity": pytest.approx(30)}
    assert math.isfinite(LANGUAGE_MODEL.scores(1e6, [])["perplexity"]), "a loss beyond all bounds is no overflow"


cells = st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=3, max_size=3)


@given(cells)
def test_scores_of_sentiment_are_those_of_the_evaluation(table: list[list[int]]) -> None:
    found = SENTIMENT.scores(0.0, [float(cell) for row in table for cell in row])
    assert found["accuracy"] == pytest.approx(accuracy(np.array(table)))
    assert found["macro_f1"] == pytest.approx(macro_f1(np.array(table)))


def test_sentiment_counts_a_confusion_table_of_what_has_a_label(tmp_path: Path) -> None:
    model = saved_model(tmp_path / "model", "sentiment")
    ids, lengths = torch.randint(3, 15, (6, 4)), torch.full((6,), 4)
    batch = Batch(ids, lengths, torch.tensor([0, 1, IGNORED, 1, 0, 1]), 5)
    states, _ = model(ids, lengths)
    predicted = model.head.decode(states, lengths)
    kept = batch.targets != IGNORED
    expected = confusion_table(batch.targets[kept].numpy(), predicted[kept].numpy(), 2)
    assert SENTIMENT.counts(model.head, states, batch).tolist() == expected.flatten().tolist()


KNOWN = ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]
tag = st.integers(0, len(KNOWN) - 1)
sentences = st.lists(st.lists(st.tuples(tag, tag), max_size=8), min_size=1, max_size=5)


@given(sentences, st.integers(0, 3), tag)
def test_spans_are_counted_as_the_evaluation_counts_them(pairs: list[list[tuple[int, int]]], extra: int, behind: int) -> None:
    """Whatever is predicted behind a sentence's end is no part of it."""
    steps = max(map(len, pairs)) + extra
    actual = torch.tensor([[gold for gold, _ in row] + [IGNORED] * (steps - len(row)) for row in pairs]).reshape(len(pairs), -1)
    guess = torch.tensor([[made for _, made in row] + [behind] * (steps - len(row)) for row in pairs]).reshape(len(pairs), -1)
    named = [[[KNOWN[tags[side]] for tags in row] for row in pairs] for side in (0, 1)]
    total, _ = span_scores(*named)
    found = span_counts(actual.long(), guess.long())
    assert found.tolist() == [total.actual, total.predicted, total.correct]
    words, correct = sum(map(len, pairs)), sum(gold == made for row in pairs for gold, made in row)
    scores = NER.scores(0.0, [words, correct, *found.tolist()])
    assert scores["f1"] == pytest.approx(total.f1)
    assert scores["accuracy"] == pytest.approx(100 * correct / max(words, 1))


def test_ner_counts_words_and_spans(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path, "columns")
    run = small_run("ner")
    model, _ = small_model(run, corpus, "ner")
    batch = next(iter(PlannedDataModule(*NER.batches(corpus, run, 1)).train_dataloader()))
    states, _ = model(batch.ids, batch.lengths)
    words, correct, *spans = NER.counts(model.head, states, batch).tolist()
    predicted = model.head.decode(states, batch.lengths)
    assert words == batch.total
    assert correct == int(((predicted == batch.targets) & (batch.targets != IGNORED)).sum())
    assert spans == span_counts(batch.targets, predicted).tolist()


@pytest.mark.parametrize("task", [*TASKS, "long_term"])
def test_scores_that_may_choose_the_epoch_are_scores_of_the_task(task: str) -> None:
    counts = {"sentiment": [1.0, 0.0, 0.0, 1.0], "ner": [1.0] * 5}.get(task, [])
    scores = {"loss": 1.0, **task_named(task).scores(1.0, counts)}
    assert set(run_class(task).directions) == set(scores)
    assert small_run(task).selection in scores


def test_an_unknown_task_is_one_line() -> None:
    with pytest.raises(RnnpipeError, match="parsing: no such task"):
        task_named("parsing")


class Stateless(torch.nn.Module):
    """A cell whose gates do not see the state."""

    parts = 1

    def __init__(self, inputs: int, size: int) -> None:
        super().__init__()
        self.weight_ih = torch.nn.Parameter(torch.ones(size, inputs))


@pytest.mark.parametrize(
    ("network", "told"),
    [
        ({"cell": "stateless", "weight_dropout": 0.5}, "network.weight_dropout: cell 'stateless' has no hidden-to-hidden matrix"),
        ({"cell": "lstm", "head": "crf"}, "network.head: 'crf' is no head of language_model; there are: softmax, mixture"),
        (
            {"cell": "lstm", "head": {"kind": "mixture", "experts": 3}},
            "network.head.experts: no option of a head of kind mixture",
        ),
    ],
)
def test_a_network_that_cannot_be_built_is_refused_before_any_stage(
    monkeypatch: pytest.MonkeyPatch, network: dict[str, Any], told: str
) -> None:
    monkeypatch.setattr("rnnpipe.params.network.CELLS", ["lstm", "stateless"])
    monkeypatch.setitem(CELLS, "stateless", Stateless)  # type: ignore[arg-type]

    def section(**fields: Any) -> TaskSections:
        run = {"corpus": "small", "embedding": "random", "network": fields}
        return TaskSections.model_validate({"language_model": {"runs": {"a": run}}}, strict=False)

    check_networks(section(cell="stateless"))
    check_networks(section(cell="lstm", weight_dropout=0.5))
    with pytest.raises(RnnpipeError) as caught:
        check_networks(section(**network))
    assert str(caught.value).startswith(f"params.yaml: language_model.runs.a.{told}")
