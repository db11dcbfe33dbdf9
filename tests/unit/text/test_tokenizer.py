"""Cutting text into words: every script, and the batch path equal to the tokenizer on its own."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.text.tokenizer import BatchTokenizer, build_tokenizer, load_tokenizer, save_tokenizer, text_of, tokenize

SETTINGS = [
    {},
    {"lowercase": True, "html_breaks": False},
    {"punctuation": False, "lowercase": True},
    {"words": "whitespace", "html_breaks": False},
    {"words": "whitespace", "punctuation": False},
    {"words": "characters", "lowercase": True},
    {"words": "characters_and_spaces", "html_breaks": False},
]


def words(text, **settings):
    return [token for token, _, _ in tokenize(build_tokenizer(**settings), text)]


@pytest.mark.parametrize(
    ("settings", "text", "expected"),
    [
        ({}, "It isn’t BAD, don't you... see?", ["It", "isn’t", "BAD", ",", "don't", "you", ".", ".", ".", "see", "?"]),
        ({"punctuation": False}, "'quoted', 3.5", ["quoted", "3", "5"]),
        ({"html_breaks": False}, "end.<br /><br />Next", ["end", ".", "Next"]),
        ({}, "a<br />", ["a", "<", "br", "/", ">"]),
        ({"words": "whitespace"}, " a,\tb <unk>\u3000c\u00a0d\n", ["a,", "b", "<unk>", "c", "d"]),
        ({}, "हिन्दी में नमस्ते।", ["हिन्दी", "में", "नमस्ते", "।"]),
        ({}, "مرحبًا بالعالم، می\u200cخواهم", ["مرحبًا", "بالعالم", "،", "می\u200cخواهم"]),
        ({"words": "characters"}, "你好 世界", ["你", "好", "世", "界"]),
        ({"words": "characters"}, "e\u0301a", ["e\u0301", "a"]),
        ({"words": "characters_and_spaces"}, "a \t bé", ["a", "▁", "b", "é"]),
        (
            {"words": "whitespace", "punctuation": False},
            "no . , @-@ @x U.S. 3.5 <unk> - é",
            ["no", "@x", "U.S.", "3.5", "<unk>", "é"],
        ),
        ({"lowercase": True}, "ÀÉ ΣΑΣ İstanbul Жар", ["àé", "σασ", "i\u0307stanbul", "жар"]),
        ({}, "cafe\u0301 naïve", ["cafe\u0301", "naïve"]),
        ({}, "", []),
        ({}, " \n\t", []),
    ],
)
def test_words(settings, text, expected):
    assert words(text, **settings) == expected


@pytest.mark.parametrize("settings", SETTINGS)
@given(texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=5))
def test_batch_and_single_texts_agree_with_the_rust_tokenizer(settings, texts):
    tokenizer = build_tokenizer(**settings)
    tokens, spans, lengths = BatchTokenizer(tokenizer).tokenize(texts)
    alone = [tokenize(tokenizer, text) for text in texts]
    assert lengths.tolist() == [len(each) for each in alone]
    assert list(zip(tokens, *spans.T.tolist(), strict=True)) == [token for each in alone for token in each]
    for text, each in zip(texts, alone, strict=True):
        normalised = tokenizer.normalizer.normalize_str(text)
        assert [token for token, _, _ in each] == [piece for piece, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normalised)]
        ends = [0, *(end for _, _, end in each)]
        assert all(before <= start < end for before, (_, start, end) in zip(ends, each, strict=False))
        assert not any(space in token for token, _, _ in each for space in "\t\n\r \u3000")


def test_a_tokenizer_read_back_cuts_alike(tmp_path):
    tokenizer = build_tokenizer(lowercase=True, html_breaks=False)
    save_tokenizer(tokenizer, tmp_path / "tokenizer.json")
    text = "Not BAD<br />at all, isn't it? नमस्ते"
    assert tokenize(load_tokenizer(tmp_path / "tokenizer.json"), text) == tokenize(tokenizer, text)


@pytest.mark.parametrize("content", [None, "{"])
def test_a_missing_or_damaged_tokenizer_is_refused(tmp_path, content):
    path = tmp_path / "tokenizer.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(RnnpipeError, match="tokenizer.json"):
        load_tokenizer(path)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="▁\x1c\x1d\x1e\x1f")))
def test_characters_with_their_spaces_are_the_text(text):
    pieces = words(text, words="characters_and_spaces")
    assert text_of(pieces, "") == re.sub(r"\s+", " ", text)
    assert text_of(["▁", "b"], " ") == "▁ b"


def test_a_million_letters_are_one_word():
    assert words("a" * 1_000_000 + " b") == ["a" * 1_000_000, "b"]
