"""Tokenized and encoded corpora on disk: what is written is read back, in bounded pieces, and damage is told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rnnpipe.text.tokenized as tokenized_module
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.common.files import write_json
from rnnpipe.text.encode import encode_split, feature_values, id_type, iob2_tags
from rnnpipe.text.encoded import EncodedCorpus
from rnnpipe.text.tokenized import TokenizedWriter, count_tokens, joined_spans, read_column
from rnnpipe.text.tokenizer import build_tokenizer
from rnnpipe.text.vocabulary import Vocabulary


def write_split(path, corpus_format, documents, features=()):
    with TokenizedWriter(path, build_tokenizer(punctuation=False), corpus_format, features) as writer:
        for document in documents:
            (writer.add_words if corpus_format == "columns" else writer.add_text)(*document)
    return {"documents": writer.documents, "tokens": writer.tokens}


def write_corpus(folder, corpus_format, documents, labels=(), tags=(), features=(), **bounds):
    size = write_split(folder / "train.parquet", corpus_format, documents, features)
    vocabulary = Vocabulary.from_counts(count_tokens(folder / "train.parquet"), **bounds)
    values = {feature: feature_values(folder / "train.parquet", feature) for feature in features}
    unknown = encode_split(folder / "train.parquet", folder / "train", vocabulary, labels=labels, tags=tags, features=values)
    vocabulary.save(folder / "vocabulary.tsv")
    meta = {"format": corpus_format, "vocabulary_sha256": vocabulary.sha256, "vocabulary_size": len(vocabulary)}
    meta |= {"labels": list(labels), "tags": list(tags), "splits": {"train": size}, "unknown": {"train": unknown}}
    write_json(folder / "meta.json", {**meta, "joined_by": " ", "pairs": 0, "features": values})
    return EncodedCorpus.open(folder)


@pytest.fixture(params=[30, 2_000_000])
def _group_size(request, monkeypatch):
    monkeypatch.setattr(tokenized_module, "GROUP_CHARACTERS", request.param)


@pytest.mark.usefixtures("_group_size")
def test_labelled_texts_go_through(tmp_path):
    documents = [("good film", "pos"), ("!!!", "neg"), ("bad bad film", "neg"), ("no label", None)]
    corpus = write_corpus(tmp_path, "labelled", documents, labels=["neg", "pos"])
    split = corpus.split("train")
    words = [[corpus.vocabulary.tokens[number] for number in split.document(i)] for i in range(len(split))]
    assert words == [["good", "film"], [], ["bad", "bad", "film"], ["no", "label"]]
    assert split.labels.tolist() == [1, 0, 0, -1]
    assert split.lengths.tolist() == [2, 0, 3, 2]
    assert (split.ids.dtype, split.offsets.dtype, split.labels.dtype, split.tags) == (np.uint16, np.int64, np.int16, None)


@pytest.mark.usefixtures("_group_size")
def test_tagged_sentences_go_through(tmp_path):
    tags = iob2_tags(["LOC", "PER"])
    sentences = [(["In", "New York"], ["O", "B-LOC"]), (["Ann"], ["B-PER"]), (["Ann", "Lee"], ["B-PER", "I-PER"])]
    split = write_corpus(tmp_path, "columns", sentences, tags=tags).split("train")
    assert tags == ["O", "B-LOC", "I-LOC", "B-PER", "I-PER"]
    assert [split.document_tags(i).tolist() for i in range(3)] == [[0, 1], [3], [3, 4]]
    assert split.labels is None
    assert split.articles.tolist() == [0, 0, 0]


@pytest.mark.usefixtures("_group_size")
def test_articles_and_features_go_through(tmp_path):
    sentences = [
        (["In", "York"], ["O", "O"], 1, [["IN", "NNP"], ["x", "y"]]),
        (["Ann"], ["O"], 1, [["NNP"], ["y"]]),
        (["Lee"], ["O"], 3, [["NNP"], ["z"]]),
    ]
    corpus = write_corpus(tmp_path, "columns", sentences, tags=["O"], features=["ids", "chunk"])
    split = corpus.split("train")
    assert split.articles.tolist() == [1, 1, 3]
    assert corpus.meta["features"] == {"ids": ["NNP", "IN"], "chunk": ["y", "x", "z"]}
    assert {name: values.tolist() for name, values in split.features.items()} == {"ids": [2, 1, 1, 1], "chunk": [2, 1, 1, 3]}


def test_a_value_of_a_feature_that_the_train_split_lacks_is_0(tmp_path):
    write_split(tmp_path / "test.parquet", "columns", [(["Ann", "is"], ["O", "O"], 0, [["NNP", "VBZ"]])], ["pos"])
    vocabulary = Vocabulary.from_counts({"a": 1, "b": 1})
    encode_split(tmp_path / "test.parquet", tmp_path / "test", vocabulary, labels=[], tags=["O"], features={"pos": ["IN", "VBZ"]})
    assert np.load(tmp_path / "test.feature.pos.npy").tolist() == [0, 2]


def test_spans_of_tagged_words_are_those_in_the_joined_text(tmp_path):
    sentences = [["In", "New York", "."], ["é"], ["a", "b"]]
    words = [word for sentence in sentences for word in sentence]
    spans = joined_spans(words, np.array([len(sentence) for sentence in sentences], dtype=np.int32))
    texts = [" ".join(sentence) for sentence in sentences for _ in sentence]
    assert [text[start:end] for text, (start, end) in zip(texts, spans, strict=True)] == words


@given(st.lists(st.text(st.sampled_from("ab \n.")), max_size=20), st.integers(1, 60))
def test_counts_do_not_depend_on_groups(tmp_path_factory, texts, group):
    folder = tmp_path_factory.mktemp("t")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokenized_module, "GROUP_CHARACTERS", group)
        write_split(folder / "small.parquet", "text", [(text,) for text in texts])
    size = write_split(folder / "one.parquet", "text", [(text,) for text in texts])
    assert size["documents"] == len(texts)
    assert count_tokens(folder / "small.parquet") == count_tokens(folder / "one.parquet")
    assert sum(int(piece.lengths.sum()) for piece in read_column(folder / "small.parquet")) == size["tokens"]


def test_equal_input_gives_equal_bytes(tmp_path):
    for name in ("a", "b"):
        write_split(tmp_path / name, "text", [("one two",), ("two three",)])
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_arrays_are_plain_npy_files(tmp_path):
    write_corpus(tmp_path, "text", [("a b",)])
    np.save(tmp_path / "expected.npy", np.array([3, 4], dtype=np.uint16))
    assert (tmp_path / "train.ids.npy").read_bytes() == (tmp_path / "expected.npy").read_bytes()


def test_ids_take_two_bytes_while_they_fit():
    assert (id_type(65536), id_type(65537)) == (np.uint16, np.uint32)


def test_a_split_without_tokens_can_be_opened(tmp_path):
    split = write_corpus(tmp_path, "text", [("...",)]).split("train")
    assert (len(split), split.document(0).tolist()) == (1, [])


def test_damage_is_told(tmp_path):
    corpus = write_corpus(tmp_path, "text", [("a b",)])
    with pytest.raises(RnnpipeError, match="no split 'test', but train"):
        corpus.split("test")
    (tmp_path / "train.ids.npy").write_bytes(b"")
    with pytest.raises(RnnpipeError, match=r"train\.ids\.npy: missing or damaged"):
        corpus.split("train")
    np.save(tmp_path / "train.ids.npy", np.zeros(5, dtype=np.uint16))
    with pytest.raises(RnnpipeError, match="5 numbers, not 2"):
        corpus.split("train")
    Vocabulary.from_counts({"other": 1}).save(tmp_path / "vocabulary.tsv")
    with pytest.raises(RnnpipeError, match="not the vocabulary"):
        EncodedCorpus.open(tmp_path)
