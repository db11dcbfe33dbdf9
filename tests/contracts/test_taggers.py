"""Taggers that read all there is of words: what is beside a sentence, and how it is asked, never changes a tag."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_corpora import WORDS, small_corpus
from small_runs import saved_model, small_run

from rnnpipe.common.files import write_json
from rnnpipe.embeddings.vectors import complete, save_vectors
from rnnpipe.inference import open_model, predicted_tags
from rnnpipe.serving.answers import tag_texts
from rnnpipe.tasks.task import task_named
from rnnpipe.text.encoded import EncodedSplit
from rnnpipe.text.vocabulary import UNK, Vocabulary
from rnnpipe.training.start import starting_model

ALL = {
    "cell": "lstm",
    "hidden": 6,
    "bidirectional": True,
    "words": "folded",
    "characters": {"dimension": 3, "hidden": 4},
    "shapes": 2,
    "features": {"odd": 2},
    "head": "crf",
}
MEMORY = {**ALL, "elsewhere": 2, "memory": 3}
KINDS = {
    "letters": ("sentence", {"cell": "gru", "characters": {"kind": "lstm", "dimension": 3, "hidden": 4}}),
    "shapes": ("sentence", {"cell": "gru", "shapes": 2}),
    "all": ("sentence", ALL),
    "memory": ("article", MEMORY),
    "contextual": ("article", {**MEMORY, "contextual": 3}),
}
kinds = pytest.mark.parametrize("kind", KINDS)


def opened(folder: Path, kind: str) -> Any:
    context, network = KINDS[kind]
    saved_model(folder / "model", "ner", network=network, context=context)
    return open_model(folder / "model", "cpu")


def some(split: EncodedSplit, rows: list[int]) -> EncodedSplit:
    """Return some sentences of a split, in their order there."""
    places = np.concatenate([np.arange(*split.offsets[row : row + 2]) for row in rows])
    assert split.tags is not None
    assert split.articles is not None
    return EncodedSplit(
        split.ids[places],
        np.cumsum([0, *split.lengths[rows]]),
        None,
        split.tags[places],
        None,
        split.articles[rows],
        {name: values[places] for name, values in split.features.items()},
    )


@kinds
@pytest.mark.parametrize("size", [1, 4, 128])
def test_tags_do_not_depend_on_the_size_of_a_batch(kind: str, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trained, split = opened(tmp_path, kind), small_corpus(tmp_path / "corpus", "columns").split("train")
    expected = predicted_tags(trained, split)
    monkeypatch.setattr("rnnpipe.inference.predictions.BATCH_SIZE", size)
    assert predicted_tags(trained, split).tolist() == expected.tolist()


@kinds
def test_other_texts_change_no_tag(kind: str, tmp_path: Path) -> None:
    trained, split = opened(tmp_path, kind), small_corpus(tmp_path / "corpus", "columns").split("train")
    all_tags = predicted_tags(trained, split)
    for rows in ([0, 1, 2], [9, 10, 11, 15, 16, 17]):  # whole articles
        places = np.concatenate([np.arange(*split.offsets[row : row + 2]) for row in rows])
        assert predicted_tags(trained, some(split, rows)).tolist() == all_tags[places].tolist()


def test_the_rest_of_an_article_is_seen(tmp_path: Path) -> None:
    split = small_corpus(tmp_path / "corpus", "columns").split("train")
    trained = opened(tmp_path, "memory")
    torch.manual_seed(1)
    for weight in trained.model.parameters():
        torch.nn.init.normal_(weight)
    together = predicted_tags(trained, split)
    alone = predicted_tags(trained, replace(split, articles=np.arange(len(split), dtype=np.int32)))
    assert (together != alone).any()


@kinds
def test_any_text_can_be_tagged(kind: str, tmp_path: Path) -> None:
    texts = ["w1 w2 W3", "x" * 10_000, "w1", "", "w1 " * 5_000, "W1"]
    trained = opened(tmp_path, kind)
    assert [answer.tags for answer in tag_texts(trained, ["", ""])] == [[], []]
    answers = tag_texts(trained, texts)
    assert [len(answer.tags) for answer in answers] == [3, 1, 1, 0, 5_000, 1]
    assert answers[0].words == ["w1", "w2", "W3"]
    assert all(0 <= span.confidence <= 1 for answer in answers for span in answer.spans)


def test_folded_words_are_tagged_as_one_where_no_letters_are_read(tmp_path: Path) -> None:
    saved_model(tmp_path / "model", "ner", network={"cell": "gru", "words": "folded"})
    trained = open_model(tmp_path / "model", "cpu")
    first, second, new = tag_texts(trained, ["w1 w2", "W1 W2", "w1 y2"])
    assert first.tags == second.tags
    assert len(new.tags) == 2


def vectors(folder: Path) -> Path:
    """Write vectors of w0, of w1 in capitals, and of a word that the small corpus lacks."""
    vocabulary = Vocabulary.from_counts({"w0": 3, "zoo": 2, "zebra": 1})
    folder.mkdir()
    save_vectors(folder, vocabulary, complete(np.eye(3, 5)), {"kind": "imported", "dimension": 5})
    return folder


def test_words_outside_the_training_text_keep_their_vectors(tmp_path: Path) -> None:
    corpus, embedding = small_corpus(tmp_path / "corpus", "columns", unknown=["zoo", "nobody"]), vectors(tmp_path / "vectors")
    task = task_named("ner")
    run = small_run("ner", network={"cell": "gru", "vectors": "all"})
    known = task.corpus(run, corpus, embedding)
    assert known.vocabulary.tokens[: len(corpus.vocabulary)] == corpus.vocabulary.tokens
    assert known.vocabulary.tokens[len(corpus.vocabulary) :] == ["zoo", "zebra"]
    model, sizes, _ = starting_model(task, run, known, embedding, 1)
    assert sizes.vocabulary_size == len(corpus.vocabulary) + 2
    ids = known.vocabulary.ids
    assert model.encoder.embedding.weight[ids["zoo"]].tolist() == [0, 1, 0, 0, 0]
    batch = task.batches(known, run, 1)[0].make(np.array([0, 1]))
    words = corpus.split("train").ids
    assert batch.ids[0, :1].tolist() == [ids["zoo"]]
    assert UNK in batch.ids.tolist()[0] or UNK in batch.ids.tolist()[1]
    assert len(words) > 2
    assert task.corpus(small_run("ner"), corpus, embedding) is corpus


def test_random_vectors_are_of_no_words(tmp_path: Path) -> None:
    corpus = small_corpus(tmp_path / "corpus", "columns")
    write_json(tmp_path / "random" / "config.json", {"kind": "random", "dimension": 5})
    run = small_run("ner", network={"cell": "gru", "vectors": "all"})
    assert task_named("ner").corpus(run, corpus, tmp_path / "random").vocabulary is corpus.vocabulary
    assert len(corpus.vocabulary) == WORDS + 3


def test_a_feature_that_the_corpus_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"network.features.pos: the corpus has no such feature, but odd"):
        saved_model(tmp_path / "model", "ner", network={"cell": "gru", "features": {"pos": 2}})
