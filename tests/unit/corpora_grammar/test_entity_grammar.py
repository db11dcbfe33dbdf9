from collections import defaultdict
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.corpora.grammar.entity import accepts, context_pairs, right_resolved_share, sample_sentence
from rnnpipe.params import EntityGrammar

SETTINGS = EntityGrammar(kind="entity", train=1, valid=1, test=1)


@given(st.integers(0, 10**6), st.sampled_from(["train", "valid", "test"]))
def test_accepts_every_sample_and_tags_are_iob2(seed: int, split: str) -> None:
    sentence = sample_sentence(SETTINGS, split, Random(seed))
    assert accepts([token for token, _ in sentence])
    tags = ["O", *(tag for _, tag in sentence)]
    assert all(tag[0] != "I" or before[2:] == tag[2:] for before, tag in zip(tags, tags[1:], strict=False))


@pytest.mark.parametrize("text", ["", "i like apple", "apple i like .", "i like apple , especially phone ."])
def test_rejects_what_is_no_sentence(text: str) -> None:
    assert not accepts(text.split())


def test_invented_names_of_test_are_new() -> None:
    names: dict[str, set[str]] = {}
    for split in ("train", "valid", "test"):
        random = Random(1)
        tokens = {token for _ in range(2000) for token, _ in sample_sentence(SETTINGS, split, random)}
        names[split] = {token for token in tokens if token[-1] in "nrx" and len(token) == 9}
    assert names["train"] and names["test"]
    assert not names["train"] & names["test"] and not names["train"] & names["valid"]


def test_only_the_right_hand_context_tells_pairs_apart() -> None:
    tags = defaultdict(set)
    for sentence in context_pairs():
        tags[sentence[2][0]].add(sentence[2][1])
        assert [token for token, _ in sentence[:2]] == ["i", "like"]
    assert tags["apple"] == {"B-ORG", "O"}
    assert all(len(kinds) == 2 for kinds in tags.values())


def test_pairs_are_held_out_of_the_splits() -> None:
    random = Random(2)
    held_out = {tuple(sentence) for sentence in context_pairs()}
    assert not any(tuple(sample_sentence(SETTINGS, "train", random)) in held_out for _ in range(3000))


def test_right_resolved_share_follows_the_settings() -> None:
    random = Random(2)
    sentences = [sample_sentence(SETTINGS, "train", random) for _ in range(2000)]
    assert right_resolved_share(sentences) == pytest.approx(50, abs=6)
    left = SETTINGS.model_copy(update={"right_context": 0.0})
    assert right_resolved_share([sample_sentence(left, "train", random) for _ in range(100)]) == 0
