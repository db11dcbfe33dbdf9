import numpy as np
import pytest
import torch
from small_corpora import small_corpus
from small_runs import saved_model, saved_reader, small_model, small_run, with_context

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.matrix import context_of
from rnnpipe.embeddings.vectors import CONTEXT
from rnnpipe.inference import open_model, predicted_tags
from rnnpipe.inference.contextual import states_at_words
from rnnpipe.tasks.task import task_named
from rnnpipe.text.tokenizer import SPACE
from rnnpipe.text.vocabulary import EOS
from rnnpipe.training.trainer import fit

SENTENCES = [["w1", "w22", "x"], [], ["w3"], ["w" * 40, "1", "w0", "w0"], [], ["w4", "w"]]


def readers(folder, **network):
    return [open_model(saved_reader(folder / name, name, **network), "cpu") for name in ("forward", "backward")]


def by_hand(reader, words, number):
    """Return the state at a word, of a text that ends there: with the letters before it, or with those behind it."""
    forward = reader.config["parameters"]["direction"] == "forward"
    text = SPACE.join(words[: number + 1] if forward else words[number:])
    ids = reader.vocabulary.encode([*(text if forward else reversed(text))])
    outputs, _ = reader.model.encoder(torch.tensor([[EOS, *ids]]), torch.tensor([len(ids) + 1]))
    return outputs[0, -1]


@pytest.mark.parametrize(("rows", "steps"), [(32, 512), (2, 5)])
@pytest.mark.parametrize("network", [{"cell": "lstm"}, {"cell": "gru", "layers": 2}])
def test_a_state_is_that_behind_the_word_of_each_side(network, rows, steps, tmp_path, monkeypatch):
    monkeypatch.setattr("rnnpipe.inference.contextual.ROWS", rows)
    monkeypatch.setattr("rnnpipe.inference.contextual.STEPS", steps)
    both = readers(tmp_path, **network)
    found = states_at_words(both, SENTENCES)
    places = [(words, number) for words in SENTENCES for number in range(len(words))]
    with torch.no_grad():
        expected = torch.stack([torch.cat([by_hand(reader, *place) for reader in both]) for place in places])
    assert found.dtype == np.float16
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-3)


def test_texts_without_words_have_no_states(tmp_path):
    both = readers(tmp_path)
    assert states_at_words(both, []).shape == (0, 12)
    assert states_at_words(both, [[], []]).shape == (0, 12)


def test_written_states_are_those_that_the_model_makes_itself(tmp_path):
    corpus = small_corpus(tmp_path / "corpus", "columns", unknown=["w1w", "zoo"])
    known = with_context(tmp_path / "embedding", corpus)
    saved_model(tmp_path / "model", "ner", network={"cell": "gru", "contextual": 3})
    trained = open_model(tmp_path / "model", "cpu")
    for split in ("train", "valid"):
        expected = states_at_words(trained.readers, list(corpus.words(split)))
        assert np.array_equal(known.split(split).states, expected)
        assert np.array_equal(predicted_tags(trained, known.split(split)), predicted_tags(trained, corpus.split(split)))


def test_a_tagger_learns_from_states_alone(tmp_path):
    """Its word vectors are all the same."""
    corpus = with_context(tmp_path / "embedding", small_corpus(tmp_path / "corpus", "columns", train=90))
    found = {}
    for width in (None, 8):
        run = small_run(
            "ner", network={"cell": "gru", "hidden": 8, "trainable": False, "contextual": width}, trainer={"epochs": 20}
        )
        model, _ = small_model(run, corpus, "ner")
        torch.nn.init.zeros_(model.encoder.embedding.weight)
        found[width] = fit(task_named("ner"), run, model, corpus, 1)[-1]["validation_accuracy"]
    assert found[8] > found[None] + 10


def test_states_of_another_corpus_are_refused(tmp_path):
    other = with_context(tmp_path / "embedding", small_corpus(tmp_path / "other", "columns", train=9))
    corpus = small_corpus(tmp_path / "corpus", "columns")
    run = small_run("ner", network={"cell": "gru", "contextual": 3})
    known = task_named("ner").corpus(run, corpus, tmp_path / "embedding")
    assert known.context == other.context == context_of(tmp_path / "embedding")
    with pytest.raises(
        RnnpipeError, match=r"context/train\.npy: .* x 12 numbers, not .* rows; run the stage embed_context again"
    ):
        known.split("train")


def test_an_embedding_without_states_is_refused(tmp_path):
    run = small_run("ner", network={"cell": "gru", "contextual": 3})
    with pytest.raises(RnnpipeError, match="has no states of language models; name an embedding of the section contextual"):
        task_named("ner").corpus(run, small_corpus(tmp_path / "corpus", "columns"), tmp_path)


def test_a_changed_language_model_is_noticed(tmp_path):
    saved_model(tmp_path / "model", "ner", network={"cell": "gru", "contextual": 3})
    for name in ("config.json", "SHA256SUMS"):
        path = tmp_path / "model" / "forward" / name
        whole = path.read_bytes()
        path.write_bytes(whole + b" ")
        with pytest.raises(RnnpipeError, match=rf"forward/{name}: differs from its checksum"):
            open_model(tmp_path / "model", "cpu")
        path.write_bytes(whole)
    assert CONTEXT not in {path.name for path in (tmp_path / "model").iterdir()}
