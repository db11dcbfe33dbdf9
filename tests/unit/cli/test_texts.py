import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from small_corpora import LABELS, TAGS
from small_runs import saved_model

from rnnpipe.cli.texts import (
    best_embedding,
    best_model,
    generate_sentences,
    predict_labels,
    predict_tags,
    score_sentences,
)
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import write_json
from rnnpipe.inference import TrainedLanguageModel, open_model


def make_model(task: str, directory: Path, **changes: Any) -> Path:
    saved_model(directory, task, **changes)
    return directory


def test_labels(tmp_path: Path) -> None:
    model = make_model("sentiment", tmp_path / "a")
    texts = ["w1 w2 w3", "w9", ""]
    found = predict_labels(model, texts)
    assert {label.label for label in found} <= set(LABELS)
    assert all(0.5 <= label.probability <= 1 for label in found)
    alone = [predict_labels(model, [text])[0] for text in texts]
    assert [label.label for label in alone] == [label.label for label in found]
    assert [label.probability for label in alone] == pytest.approx([label.probability for label in found])


def test_only_the_last_words_are_read_where_the_model_was_so_trained(tmp_path: Path) -> None:
    model = make_model("sentiment", tmp_path / "a", max_length=2)
    whole, cut = predict_labels(model, ["w1 w2 w3 w4", "w3 w4"])
    assert whole.probability == pytest.approx(cut.probability)


def test_tags(tmp_path: Path) -> None:
    model = make_model("ner", tmp_path / "a")
    found = predict_tags(model, ["w1 unheard-of w3", "w2"])
    assert [[word for word, _ in words] for words in found] == [["w1", "unheard-of", "w3"], ["w2"]]
    assert {tag for words in found for _, tag in words} <= set(TAGS)


def test_score_is_the_sum_over_the_words_and_the_end(tmp_path: Path) -> None:
    model = make_model("language_model", tmp_path / "a")
    (score,) = score_sentences(model, ["w1 w2 strange"])
    opened = open_model(model)
    ids = [2, *opened.vocabulary.encode(["w1", "w2", "strange"]).tolist()]
    states, _ = opened.model(torch.tensor([ids]), torch.tensor([len(ids)]))
    expected = opened.model.head.log_probabilities(states)[0, range(4), [*ids[1:], 2]].sum().item()
    assert score.log_probability == pytest.approx(expected, rel=1e-5)
    assert score.perplexity == pytest.approx(math.exp(-expected / 4), rel=1e-5)
    assert score.unknown == 1


def test_a_model_of_a_stream_scores_texts_behind_each_other(tmp_path: Path) -> None:
    model = make_model("language_model", tmp_path / "a", batching="stream")
    first, second = score_sentences(model, ["w1 w2", "w3"])
    (alone,) = score_sentences(model, ["w3"])
    opened = open_model(model)
    expected = TrainedLanguageModel(opened).document_log_probabilities(opened.encode([["w1", "w2"], ["w3"]]))
    assert [first.log_probability, second.log_probability] == pytest.approx(expected.tolist())
    assert second.log_probability != pytest.approx(alone.log_probability, abs=1e-7)


def test_a_model_of_the_long_term_is_a_language_model(tmp_path: Path) -> None:
    assert len(score_sentences(make_model("long_term", tmp_path / "a"), ["w1"])) == 1


def test_sentences_are_drawn_by_seed_and_begin_as_asked(tmp_path: Path) -> None:
    model = make_model("language_model", tmp_path / "a")
    first = generate_sentences(model, "w1 w2", count=4, temperature=1.0, seed=1)
    assert first == generate_sentences(model, "w1 w2", count=4, temperature=1.0, seed=1)
    assert first != generate_sentences(model, "w1 w2", count=4, temperature=1.0, seed=2)
    assert all(sentence.startswith("w1 w2") for sentence in first)
    assert len(generate_sentences(model, "", count=3, temperature=0.5, seed=1)) == 3


def test_the_beginning_is_read_before_words_are_drawn(tmp_path: Path) -> None:
    """Nearly without chance, the word drawn is the likeliest one after the beginning."""
    model = make_model("language_model", tmp_path / "a")
    (sentence,) = generate_sentences(model, "w1 w5", count=1, temperature=1e-4, seed=1)
    opened = open_model(model)
    ids = [2, *opened.vocabulary.encode(["w1", "w5"]).tolist()]
    states, _ = opened.model(torch.tensor([ids]), torch.tensor([3]))
    scores = opened.model.head.log_probabilities(states)[0, -1].detach().numpy()
    scores[:2] = -np.inf
    likeliest = opened.vocabulary.tokens[int(scores.argmax())]
    drawn = [*sentence.split(), "<eos>"][2]
    assert drawn == likeliest


def test_temperature_must_be_above_zero(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="--temperature"):
        generate_sentences(tmp_path, "", count=1, temperature=0.0, seed=1)


def test_a_model_of_another_task(tmp_path: Path) -> None:
    model = make_model("ner", tmp_path / "a")
    with pytest.raises(RnnpipeError, match="a model for ner, not for sentiment"):
        predict_labels(model, ["w1"])


def trained_before(folder: Path, selection: str, *rows: tuple[float, float]) -> None:
    """Write what is read of a tagger: its selection, and a history of (validation loss, validation F1)."""
    folder.mkdir(parents=True)
    write_json(folder / "config.json", {"parameters": {"selection": selection}})
    text = "".join(f"{epoch},{loss},{f1}\n" for epoch, (loss, f1) in enumerate(rows, start=1))
    (folder / "history.csv").write_text(f"epoch,validation_loss,validation_f1\n{text}")


def test_best_model_is_chosen_by_the_score_of_its_run(tmp_path: Path) -> None:
    trained_before(tmp_path / "ner/a", "f1", (0.2, 50.0), (0.4, 60.0))
    trained_before(tmp_path / "ner/b", "f1", (0.9, 70.0), (0.8, 10.0))
    trained_before(tmp_path / "ner/c", "f1", (0.1, 5.0))
    assert best_model("ner", tmp_path) == tmp_path / "ner/b"


def test_best_model_by_loss_has_the_lowest(tmp_path: Path) -> None:
    trained_before(tmp_path / "ner/a", "loss", (0.7, 90.0))
    trained_before(tmp_path / "ner/b", "loss", (0.2, 10.0), (1.2, 99.0))
    trained_before(tmp_path / "ner/c", "loss", (0.4, 50.0))
    assert best_model("ner", tmp_path) == tmp_path / "ner/b"


def test_best_model_is_not_one_whose_score_is_no_number(tmp_path: Path) -> None:
    trained_before(tmp_path / "ner/a", "f1", (0.7, math.nan))
    trained_before(tmp_path / "ner/b", "f1", (0.2, 10.0))
    assert best_model("ner", tmp_path) == tmp_path / "ner/b"


def test_no_model(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="no trained model"):
        best_model("ner", tmp_path)


def test_best_embedding_is_a_trained_one(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="no trained embedding"):
        best_embedding(tmp_path)
    for name, kind in {"a": "random", "b": "glove", "c": "one_hot"}.items():
        write_json(tmp_path / name / "config.json", {"kind": kind})
    assert best_embedding(tmp_path) == tmp_path / "b"
