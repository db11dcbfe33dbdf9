"""What the processes of a training carry from step to step, as one value that any number of them can go on from.

Each process has its own rows of the stream (`share_of`: every n-th row from its rank on), so a checkpoint holds the states of
all rows in their order.
"""

from __future__ import annotations

from torch import Tensor, distributed

from rnnpipe.layers.recurrent import State


def gathered(state: State | None, rows: int) -> State | None:
    """Return the state of all processes' rows; of one process its own. To be called by all of them.

    The stream has `rows` rows. Of more processes those that have none read the first one too, and what they carry is left out.
    """
    if state is None or not distributed.is_initialized() or distributed.get_world_size() == 1:
        return state
    parts: list[list[Tensor]] = [[] for _ in range(distributed.get_world_size())]
    distributed.all_gather_object(parts, [tensor.cpu() for tensor in state])
    return tuple(_interleaved(tensors)[:, :rows] for tensors in zip(*parts, strict=True))


def own_rows(state: State | None, rank: int, processes: int) -> State | None:
    """Return a process' own rows of a `gathered` state."""
    if state is None:
        return None
    rows = slice(rank, None, processes) if rank < state[0].shape[1] else slice(1)
    return tuple(tensor[:, rows] for tensor in state)


def detached(state: State) -> State:
    """Return a state that no gradient flows through."""
    return tuple(tensor.detach() for tensor in state)


def _interleaved(parts: tuple[Tensor, ...]) -> Tensor:
    """Put rows back into the order that `share_of` took them from: (P, B/n, H) of n processes -> (P, B, H)."""
    first = parts[0]
    rows = sum(part.shape[1] for part in parts)
    whole = first.new_zeros(first.shape[0], rows, first.shape[2])
    for rank, part in enumerate(parts):
        own = whole[:, rank :: len(parts)]
        own.copy_(part[:, : own.shape[1]])
    return whole
