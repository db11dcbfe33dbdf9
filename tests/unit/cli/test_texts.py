import math
import sys
from pathlib import Path
from typing import Literal

import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
from rnnpipe.cli.use import (
    best_embedding,
    best_model,
    generate_sentences,
    predict_labels,
    predict_tags,
    score_sentences,
)
from rnnpipe.networks.build import NetworkConfig, build_network
from rnnpipe.networks.model_directory import load_model, save_model
from small_corpora import LABELS, TAGS, small_corpus

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import write_json
from rnnpipe.text.tokenizer import build_tokenizer, save_tokenizer

Task = Literal["language_model", "sentiment", "ner"]
KINDS = {"language_model": "text", "sentiment": "labelled", "ner": "columns"}
OUTPUTS = {"language_model": 15, "sentiment": len(LABELS), "ner": len(TAGS)}


def make_model(task: Task, directory: Path, val_loss: float = 0.5, max_length: int | None = None) -> Path:
    corpus = small_corpus(directory.parent / f".{directory.name}-corpus", KINDS[task])
    save_tokenizer(build_tokenizer("whitespace"), corpus.tokenizer_path)
    size = len(corpus.vocabulary)
    config = NetworkConfig(task=task, cell="lstm", hidden=6, vocabulary_size=size, embedding_dimension=4, outputs=OUTPUTS[task])
    torch.manual_seed(1)
    network = build_network(config)
    directory.mkdir(parents=True)
    plain = {"task": task, "run": directory.name, "network": config.to_dict(), "parameters": {"max_length": max_length}}
    save_model(directory, network, plain, corpus, [{"epoch": 1, "step": 3, "train_loss": 0.4, "val_loss": val_loss}])
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
    loaded = load_model(model)
    ids = [2, *loaded.vocabulary.encode(["w1", "w2", "strange"]).tolist()]
    with torch.inference_mode():
        logits, _ = loaded.network(torch.tensor([ids]), torch.tensor([len(ids)]))
    expected = logits[0].log_softmax(dim=-1)[range(4), [*ids[1:], 2]].sum().item()
    assert score.log_probability == pytest.approx(expected, rel=1e-5)
    assert score.perplexity == pytest.approx(math.exp(-expected / 4), rel=1e-5)
    assert score.unknown == 1


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
    loaded = load_model(model)
    ids = [2, *loaded.vocabulary.encode(["w1", "w5"]).tolist()]
    with torch.inference_mode():
        logits, _ = loaded.network(torch.tensor([ids]), torch.tensor([3]))
    scores = logits[0, -1].clone()
    scores[:2] = -math.inf
    likeliest = loaded.vocabulary.tokens[int(scores.argmax())]
    drawn = [*sentence.split(), "<eos>"][2]
    assert drawn == likeliest


def test_temperature_must_be_above_zero(tmp_path: Path) -> None:
    with pytest.raises(RnnpipeError, match="--temperature"):
        generate_sentences(tmp_path, "", count=1, temperature=0.0, seed=1)


def test_a_model_of_another_task(tmp_path: Path) -> None:
    model = make_model("ner", tmp_path / "a")
    with pytest.raises(RnnpipeError, match="a model for ner, not for sentiment"):
        predict_labels(model, ["w1"])


def test_best_model_has_the_lowest_validation_loss(tmp_path: Path) -> None:
    for name, loss in {"a": 0.7, "b": 0.2, "c": 0.4}.items():
        folder = tmp_path / "ner" / name
        folder.mkdir(parents=True)
        (folder / "history.csv").write_text(f"epoch,step,train_loss,val_loss\n1,1,0.1,{loss}\n2,2,0.1,{loss + 1}\n")
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
