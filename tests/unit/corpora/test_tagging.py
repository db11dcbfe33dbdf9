"""Schemes of tags: any spans written in any scheme come back the same in IOB2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.corpora.tagging import TagError, breaks_scheme, to_iob2

SPANS = st.lists(st.tuples(st.sampled_from(["O", "PER", "B-LOC"]), st.integers(1, 3)), max_size=8)


def tagged(spans, scheme):
    """Write spans, (type, length) one after the other, as tags of a scheme."""
    tags, before = [], "O"
    for kind, length in spans:
        for place in range(length):
            first, last = place == 0, place == length - 1
            if kind == "O":
                tags.append("O")
            elif scheme == "IOB1":
                tags.append(("B-" if first and before == kind else "I-") + kind)
            elif scheme == "IOB2":
                tags.append(("B-" if first else "I-") + kind)
            else:
                tags.append({(1, 1): "S-", (1, 0): "B-", (0, 0): "I-", (0, 1): "E-"}[first, last] + kind)
        before = kind
    return tags


@pytest.mark.parametrize("scheme", ["IOB1", "IOB2", "BIOES"])
@given(spans=SPANS)
def test_spans_survive_the_conversion(scheme, spans):
    tags = tagged(spans, scheme)
    assert breaks_scheme(tags, scheme) is None
    assert to_iob2(tags, scheme) == tagged(spans, "IOB2")


@given(SPANS, st.permutations(["IOB1", "IOB2", "BIOES"]))
def test_tags_fit_one_scheme_alone_once_there_is_a_span(spans, schemes):
    fits = [scheme for scheme in schemes if breaks_scheme(tagged(spans, schemes[0]), scheme) is None]
    assert fits == (schemes[:1] if any(kind != "O" for kind, _ in spans) else schemes)


@pytest.mark.parametrize(
    ("tags", "scheme", "place"),
    [
        (["O", "b-PER"], "IOB1", 1),
        (["X-PER"], "IOB2", 0),
        (["B"], "IOB2", 0),
        (["B-"], "IOB2", 0),
        ([""], "IOB2", 0),
        (["S-PER"], "IOB2", 0),
        (["B-PER", "I-LOC"], "IOB2", 1),
        (["O", "I-LOC"], "IOB2", 1),
        (["B-PER", "O"], "BIOES", 1),
        (["O", "B-PER"], "BIOES", 1),
        (["S-PER", "E-PER"], "BIOES", 1),
        (["E-PER"], "BIOES", 0),
    ],
)
def test_tags_out_of_order_are_refused_with_their_place(tags, scheme, place):
    with pytest.raises(TagError) as caught:
        to_iob2(tags, scheme)
    assert caught.value.position == place


def test_iob1_takes_any_b_as_a_start_like_conlleval():
    assert to_iob2(["B-PER", "I-PER", "I-LOC", "B-LOC"], "IOB1") == ["B-PER", "I-PER", "B-LOC", "B-LOC"]
