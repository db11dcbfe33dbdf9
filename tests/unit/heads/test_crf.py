"""The conditional random field against sums over all sequences, one by one."""

import itertools
import math

import pytest
import torch
from torch import Tensor

from rnnpipe.batches.batch import IGNORED
from rnnpipe.common.errors import RnnpipeError
from rnnpipe.heads.chain import best_labels, marginals, negative_log_likelihood
from rnnpipe.heads.crf import Crf
from rnnpipe.heads.head import options_of
from rnnpipe.heads.tag_schemes import SCHEMES, from_iob2
from rnnpipe.metrics.spans import find_spans

INPUTS, TAGS = 3, 5
TAG_NAMES = ["O", "B-X", "I-X", "B-Y", "I-Y"]
TARGETS = torch.tensor([[0, 1, 2, 3], [3, 4, IGNORED, IGNORED], [IGNORED] * 4, [1, IGNORED, IGNORED, IGNORED]])
LENGTHS = (TARGETS != IGNORED).sum(1)
schemes = pytest.mark.parametrize("scheme", SCHEMES)


def filled(scheme: str = "BIOES", dtype: torch.dtype = torch.float64, scale: float = 1.0) -> tuple[Crf, Tensor]:
    """Return a head with numbers in all its weights, and states (B, T, H)."""
    torch.manual_seed(1)
    head = Crf(INPUTS, TAGS, scheme=scheme).to(dtype)  # type: ignore[arg-type]
    for weight in head.parameters():
        torch.nn.init.normal_(weight)
    return head, (scale * torch.randn(*TARGETS.shape, INPUTS)).to(dtype)


def all_scores(head: Crf, states: Tensor) -> dict[tuple[int, ...], float]:
    """Return the score of each allowed sequence of labels of one sentence (T, H)."""
    emissions, transitions, border = head.theta(states).tolist(), head.transitions.tolist(), len(head.allowed) - 1
    found = {}
    for labels in itertools.product(range(border), repeat=len(states)):
        steps = list(itertools.pairwise([border, *labels, border]))
        if all(head.allowed[step] for step in steps):
            found[labels] = sum(row[label] for row, label in zip(emissions, labels, strict=True))
            found[labels] += sum(transitions[one][other] for one, other in steps)
    return found


@schemes
@pytest.mark.parametrize("scale", [1.0, 30.0, 100.0])
def test_loss_marginals_and_best_sequence_are_those_of_all_sequences(scheme: str, scale: float) -> None:
    """Also where a forbidden sequence is hundreds of nats likelier than all others."""
    head, states = filled(scheme, scale=scale)
    labels, expected = from_iob2(head.scheme, TARGETS.where(TARGETS != IGNORED, 0)), 0.0
    found, chosen = head.marginals(states, LENGTHS), best_labels(*head._scores(states), head.allowed, LENGTHS)
    for row, length in enumerate(LENGTHS.tolist()):
        if not length:
            assert not found[row].any()
            continue
        scores = all_scores(head, states[row, :length])
        total = float(torch.tensor(list(scores.values()), dtype=torch.float64).logsumexp(0))
        expected += total - scores[tuple(labels[row, :length].tolist())]
        shares = torch.zeros(length, found.shape[2], dtype=torch.float64)
        for sequence, score in scores.items():
            shares[torch.arange(length), torch.tensor(sequence)] += math.exp(score - total)
        torch.testing.assert_close(found[row, :length], shares, rtol=0, atol=1e-11)
        assert not found[row, length:].any()
        assert tuple(chosen[row, :length].tolist()) == max(scores, key=scores.__getitem__)
    assert head.loss(states, TARGETS).item() == pytest.approx(expected, rel=1e-12, abs=1e-11)


@schemes
def test_a_span_is_as_probable_as_all_sequences_together_that_have_it(scheme: str) -> None:
    head, _ = filled(scheme)
    longer = 0
    for states in torch.randn(20, 1, 4, INPUTS, dtype=torch.float64):
        tags, likely = head.confident(states, torch.tensor([4]))
        (chosen,) = best_labels(*head._scores(states), head.allowed, torch.tensor([4])).tolist()
        scores = all_scores(head, states[0])
        total = float(torch.tensor(list(scores.values()), dtype=torch.float64).logsumexp(0))
        for first, behind, _ in find_spans([TAG_NAMES[tag] for tag in tags[0].tolist()]):
            own = tuple(chosen[first:behind])
            expected = sum(math.exp(score - total) for labels, score in scores.items() if labels[first:behind] == own)
            assert math.prod(likely[0, first:behind].tolist()) == pytest.approx(expected, rel=1e-9)
            longer += behind - first > 1
    assert longer


@schemes
def test_gradients_are_those_of_small_differences(scheme: str) -> None:
    head, states = filled(scheme)
    labels = from_iob2(head.scheme, TARGETS.where(TARGETS != IGNORED, 0))
    scores = tuple(score.detach().requires_grad_() for score in head._scores(states))
    assert torch.autograd.gradcheck(lambda *own: negative_log_likelihood(*own, head.allowed, labels, LENGTHS), scores)


def test_what_is_not_allowed_gets_no_gradient() -> None:
    head, states = filled()
    head.loss(states, TARGETS).backward()
    assert head.transitions.grad is not None
    assert not head.transitions.grad[~head.allowed].any()


@schemes
@pytest.mark.parametrize("scale", [1.0, 30.0, 1e4])
def test_no_sequence_is_decoded_that_the_scheme_does_not_allow(scheme: str, scale: float) -> None:
    head, states = filled(scheme, torch.float32, scale)
    chosen = best_labels(*head._scores(states), head.allowed, LENGTHS)
    border = len(head.allowed) - 1
    for row, length in enumerate(LENGTHS.tolist()):
        steps = itertools.pairwise([border, *chosen[row, :length].tolist(), border]) if length else ()
        assert all(head.allowed[step] for step in steps)


@schemes
def test_far_out_everything_is_finite(scheme: str) -> None:
    head, states = filled(scheme, torch.float32, 1e4)
    loss = head.loss(states.requires_grad_(), TARGETS)
    loss.backward()
    assert loss.isfinite()
    assert all(one is not None and one.isfinite().all() for one in (states.grad, *(weight.grad for weight in head.parameters())))
    tags, likely = head.confident(states, LENGTHS)
    assert torch.equal(tags, head.decode(states, LENGTHS))
    assert likely.isfinite().all()


def test_ignored_positions_and_batch_mates_change_nothing() -> None:
    head, states = filled()
    changed = states.masked_fill((TARGETS == IGNORED).unsqueeze(2), 1e3).requires_grad_()
    loss = head.loss(changed, TARGETS)
    loss.backward()
    assert loss.item() == head.loss(states, TARGETS).item()
    assert changed.grad is not None
    assert not changed.grad[TARGETS == IGNORED].any()
    alone = [head.loss(states[row : row + 1], TARGETS[row : row + 1]).item() for row in range(len(TARGETS))]
    assert loss.item() == pytest.approx(sum(alone), abs=1e-12)
    short = head.marginals(states[1:2, :2], LENGTHS[1:2])
    torch.testing.assert_close(head.marginals(states, LENGTHS)[1:2, :2], short, rtol=0, atol=1e-12)


def test_nothing_to_tag() -> None:
    head, states = filled()
    for asked, targets in (
        (states, torch.full_like(TARGETS, IGNORED)),
        (states[:, :0], TARGETS[:, :0]),
        (states[:0], TARGETS[:0]),
    ):
        loss = head.loss(asked.requires_grad_(), targets)
        loss.backward()
        assert loss.item() == 0.0
        tags, likely = head.confident(asked, (targets != IGNORED).sum(1))
        assert tags.shape == likely.shape == targets.shape


def test_five_thousand_words_are_one_sentence_like_any_other() -> None:
    head, _ = filled(dtype=torch.float32)
    states, lengths = torch.randn(1, 5000, INPUTS), torch.tensor([5000])
    likely = head.marginals(states, lengths)
    torch.testing.assert_close(likely.sum(2), torch.ones(1, 5000), rtol=0, atol=1e-5)
    assert head.loss(states, head.decode(states, lengths)).item() > 0


def test_without_transitions_it_is_a_softmax_of_what_is_allowed() -> None:
    """With one type in IOB2 and no I in play, words know nothing of each other."""
    head = Crf(INPUTS, 3, scheme="IOB2").double()
    torch.nn.init.zeros_(head.transitions)
    with torch.no_grad():
        head.theta.bias[2] = -250.0  # no I
    states = torch.randn(1, 6, INPUTS, dtype=torch.float64)
    expected = head.theta(states).softmax(2)
    torch.testing.assert_close(marginals(*head._scores(states), head.allowed, torch.tensor([6])), expected, rtol=0, atol=1e-10)


def test_it_says_what_options_it_takes() -> None:
    assert options_of(Crf) == {"scheme": "BIOES"}
    with pytest.raises(RnnpipeError, match="network.head.scheme: 'BILOU' is not one of IOB1, IOB2, BIOES"):
        Crf(INPUTS, TAGS, scheme="BILOU")  # type: ignore[arg-type]
