"""A linear chain of labels: the sum over all label sequences of a sentence, its gradient, and the best of them.

A sequence y of a sentence of T words scores Σ_t e[t, y_t] + Σ_t a[y_t-1, y_t], the border before its first word and behind its
last one among the y: row L of `transitions` leads from the border to the first label, column L from the last label to it.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from rnnpipe.heads.viterbi import best_paths

LIMIT, TINY = 600.0, 1e-300
"""Nats by which a label of a word may lie below the best one, more is taken for as much; and the least share of a label in the
sums up to a word, far below e to that. Within these float64 is exact."""


def negative_log_likelihood(emissions: Tensor, transitions: Tensor, allowed: Tensor, labels: Tensor, lengths: Tensor) -> Tensor:
    """Return log Σ_y exp(score of y), y the allowed sequences, less the score of the given one: nats, shape (B,), 0 of no words.

    Both ways along the chain are gone in the forward pass, side by side; what remains of the backward pass are products.

    Parameters
    ----------
    emissions : Tensor of shape (B, T, L), dtype=float64
        e; anything behind a sentence's end.
    transitions : Tensor of shape (L + 1, L + 1), dtype=float64
        a.
    allowed : Tensor of shape (L + 1, L + 1), dtype=bool
        Whether a label may follow another one; from each there must be a way to the border.
    labels : Tensor of shape (B, T), dtype=int64
        An allowed sequence for each sentence; any labels behind its end.
    lengths : Tensor of shape (B,), dtype=int64
        Words of each sentence, in [0, T].
    """
    if not labels.numel():
        return emissions.sum((1, 2)) + 0.0 * transitions.sum()
    return _Likelihood.apply(emissions, transitions, allowed, labels, lengths)  # type: ignore[no-any-return,no-untyped-call]


@torch.no_grad()
def marginals(emissions: Tensor, transitions: Tensor, allowed: Tensor, lengths: Tensor) -> Tensor:
    """Return the probability of each label at each word, all sequences considered, shape (B, T, L); 0 behind a sentence's end.

    The arguments are those of `negative_log_likelihood`.
    """
    if not emissions.numel():
        return emissions
    return _Chain(emissions, transitions, allowed, lengths, both=True).marginals


@torch.no_grad()
def label_probabilities(
    emissions: Tensor, transitions: Tensor, allowed: Tensor, lengths: Tensor, labels: Tensor, goes_on: Tensor
) -> Tensor:
    """Return the probability of each given label, where `goes_on` given the label before it, all sequences considered: (B, T).

    So the product over words that go on from the first of them is the probability that all of them have these labels. `labels`
    and `goes_on` are (B, T), the latter False at first words; the other arguments are those of `negative_log_likelihood`.
    """
    if not emissions.numel():
        return emissions.new_zeros(labels.shape)
    chain = _Chain(emissions, transitions, allowed, lengths, both=True)
    alone = chain.marginals.gather(2, labels.unsqueeze(2))[..., 0]
    steps = chain.inner[labels[:, :-1]] * chain.backward[:, 1:]  # (B, T - 1, L)
    after = F.pad(steps.gather(2, labels[:, 1:].unsqueeze(2))[..., 0] / steps.sum(2), (1, 0))
    return torch.where(goes_on, after, alone)


@torch.no_grad()
def best_labels(emissions: Tensor, transitions: Tensor, allowed: Tensor, lengths: Tensor) -> Tensor:
    """Return the allowed sequence of each sentence with the highest score: (B, T), dtype=int64, 0 behind a sentence's end.

    The arguments are those of `negative_log_likelihood`. It is found on the CPU: a GPU would wait for each of many small steps.
    """
    steps = transitions.masked_fill(~allowed, -torch.inf)
    found = best_paths(*(tensor.cpu().numpy() for tensor in (emissions, steps, lengths)))
    return torch.from_numpy(found).to(emissions.device)


def _inside(steps: Tensor, lengths: Tensor) -> Tensor:
    return torch.arange(steps.shape[1], device=lengths.device) < lengths.unsqueeze(1)


class _Chain:
    """The sums up to each word, from the front and, if `both`, from the end: products of matrices, not sums of exponentials.

    Each word's sums are divided by their total, so that they stay near 1 over any number of words.
    """

    def __init__(self, emissions: Tensor, transitions: Tensor, allowed: Tensor, lengths: Tensor, both: bool) -> None:
        rows, _, labels = emissions.shape
        self.allowed, self.inside, self.last = allowed, _inside(emissions, lengths), (lengths - 1).clamp_min(0)
        top = emissions.amax(2, keepdim=True)
        own = (emissions - top).clamp_min(-LIMIT)
        highest = transitions[allowed].max()
        factors = (transitions - highest).exp() * allowed
        self.inner, first, end = factors[:labels, :labels], factors[labels, :labels], factors[:labels, labels]
        words, steps, starts = own.exp().unsqueeze(0), self.inner.unsqueeze(0), first.view(1, 1, labels)
        if both:
            words = torch.cat([words, self._reversed(words[0]).unsqueeze(0)])  # (2, B, T, L)
            steps, starts = torch.stack([self.inner, self.inner.T]), torch.stack([first, end]).unsqueeze(1)
        sums: list[Tensor] = []
        totals = []
        for word in words.unbind(2):
            now = torch.bmm(sums[-1], steps).mul_(word) if sums else word * starts
            totals.append(now.sum(-1, keepdim=True))
            sums.append(now.div_(totals[-1]).clamp_min_(TINY))
        found, self.totals = torch.stack(sums, 2), torch.stack(totals, 2)[0].log()  # (1 or 2, B, T, L), (B, T, 1)
        final = found[0, torch.arange(rows, device=lengths.device), self.last] @ end
        whole = ((self.totals + top)[..., 0] * self.inside).sum(1) + final.log()
        self.log_partition = (whole + highest * (lengths + 1)).where(lengths > 0, 0.0)
        if both:
            self.forward, self.backward = found[0].log(), self._reversed(found[1])  # the word's own factor is in each of them
            products = self.forward + self.backward.log() - own
            self.shared = products.logsumexp(2, keepdim=True)
            self.marginals = (products - self.shared).exp() * self.inside.unsqueeze(2)

    def _reversed(self, values: Tensor) -> Tensor:
        """Return (B, T, L) with each sentence from its end to its beginning; behind its end stands anything."""
        order = (self.last.unsqueeze(1) - torch.arange(values.shape[1], device=self.last.device)) % values.shape[1]
        return values.gather(1, order.unsqueeze(2).expand_as(values))

    def transition_counts(self, weights: Tensor) -> Tensor:
        """Return how often each transition is expected, the sentences weighed: (L + 1, L + 1)."""
        labels = len(self.inner)
        counts = weights.new_zeros(labels + 1, labels + 1)
        rows = torch.arange(len(weights), device=weights.device)
        counts[labels, :labels] = weights @ self.marginals[:, 0]
        counts[:labels, labels] = weights @ self.marginals[rows, self.last]
        share = (self.forward[:, :-1] - self.totals[:, 1:] - self.shared[:, 1:]).clamp_max(LIMIT).exp()
        before = (share * weights.view(-1, 1, 1) * self.inside[:, 1:, None]).reshape(-1, labels)
        after = self.backward[:, 1:].reshape(-1, labels)
        counts[:labels, :labels] = self.inner * (before.T @ after)
        return counts * self.allowed


class _Likelihood(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, emissions: Tensor, transitions: Tensor, allowed: Tensor, labels: Tensor, lengths: Tensor) -> Tensor:
        chain = _Chain(emissions, transitions, allowed, lengths, both=any(ctx.needs_input_grad))
        border = len(transitions) - 1
        path = F.pad(labels.where(chain.inside, border), (1, 1), value=border)
        path = path[:, :-1] * len(transitions) + path[:, 1:]  # (B, T + 1): places in the matrix of transitions
        taken = _inside(path, lengths + (lengths > 0))
        ctx.chain, ctx.labels, ctx.path, ctx.taken = chain, labels.unsqueeze(2), path, taken
        emitted = (emissions.gather(2, ctx.labels)[..., 0] * chain.inside).sum(1)
        return chain.log_partition - emitted - (transitions.take(path) * taken).sum(1)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, weights: Tensor) -> tuple[Tensor | None, ...]:
        chain: _Chain = ctx.chain
        by_emission = chain.marginals.scatter_add(2, ctx.labels, -chain.inside.unsqueeze(2).to(weights.dtype))
        counts = chain.transition_counts(weights)
        by_transition = counts.flatten().index_add(0, ctx.path.flatten(), -(weights.unsqueeze(1) * ctx.taken).flatten())
        return by_emission * weights.view(-1, 1, 1), by_transition.view_as(counts), None, None, None
