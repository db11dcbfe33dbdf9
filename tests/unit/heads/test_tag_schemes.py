"""The same spans in each scheme, there and back; what may follow what is what the spans can be written as."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.corpora.tagging import to_iob2 as by_name
from rnnpipe.heads.tag_schemes import SCHEMES, Scheme, allowed, from_iob2, labels, to_iob2

TYPES = 2
TAGS = 2 * TYPES + 1
NAMES = ["O", "B-1", "I-1", "B-2", "I-2"]
schemes = pytest.mark.parametrize("scheme", SCHEMES)


@st.composite
def sentences(draw: st.DrawFn) -> list[int]:
    """Draw the tags of one sentence in IOB2: runs of O and spans."""
    found: list[int] = []
    for _ in range(draw(st.integers(0, 5))):
        kind, length = draw(st.integers(0, TYPES)), draw(st.integers(1, 3))
        found += [2 * kind - 1, *[2 * kind] * (length - 1)] if kind else [0] * length
    return found


def named(scheme: Scheme, ids: list[int]) -> list[str]:
    """Return labels by name, such as `E-2`."""
    names = [f"{role}-{kind}" if kind else role for role, kind in labels(scheme, TAGS)]
    return [names[label] for label in ids]


@schemes
@given(tags=sentences())
def test_there_and_back_is_where_one_was(scheme: Scheme, tags: list[int]) -> None:
    rows = torch.tensor([tags], dtype=torch.int64)
    assert to_iob2(scheme, from_iob2(scheme, rows)).tolist() == [tags]


@schemes
@given(tags=sentences())
def test_labels_are_those_that_the_readers_of_corpora_read(scheme: Scheme, tags: list[int]) -> None:
    written = named(scheme, from_iob2(scheme, torch.tensor([tags], dtype=torch.int64))[0].tolist())
    assert by_name(written, scheme) == [NAMES[tag] for tag in tags]


@schemes
@given(tags=sentences())
def test_what_is_written_is_allowed(scheme: Scheme, tags: list[int]) -> None:
    path = [0, *from_iob2(scheme, torch.tensor([tags], dtype=torch.int64))[0].tolist(), 0]
    assert all(allowed(scheme, TAGS)[one, next_one] for one, next_one in zip(path, path[1:], strict=False))


@schemes
@given(st.data())
def test_what_is_allowed_can_be_read_and_written_again(scheme: Scheme, data: st.DataObject) -> None:
    may, path = allowed(scheme, TAGS), [0]
    for _ in range(data.draw(st.integers(0, 6))):
        path.append(data.draw(st.sampled_from(torch.where(may[path[-1]])[0].tolist())))
    while not may[path[-1], 0]:
        path.append(int(torch.where(may[path[-1]])[0][-1]))  # the last one ends what is open
    rows = torch.tensor([path[1:]], dtype=torch.int64)
    assert from_iob2(scheme, to_iob2(scheme, rows)).tolist() == rows.tolist()


def test_an_inner_tag_without_a_beginning_begins_a_span() -> None:
    assert named("BIOES", from_iob2("BIOES", torch.tensor([[2, 2, 4, 0, 2]]))[0].tolist()) == ["B-1", "E-1", "S-2", "O", "S-1"]


@schemes
def test_a_corpus_of_no_types_has_one_label(scheme: Scheme) -> None:
    assert labels(scheme, 1) == [("O", 0)]
    assert allowed(scheme, 1).tolist() == [[True]]
