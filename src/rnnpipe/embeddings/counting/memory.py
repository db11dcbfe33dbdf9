"""How counting shares out its memory, `memory_mb` of the parameters."""

from __future__ import annotations

from collections.abc import Callable

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.counting.runs import ENTRY_BYTES

BLOCK_ENTRIES = 2**18
"""Entries that a thread takes on at a time, if no row is longer."""
TOKEN_BYTES = 20
"""Of a token while it is counted, at most: id, border and two positions in the stream, where all documents have one word."""
MOST_TOKENS = 2**30
"""Counted at a time: positions in the stream are int32."""
SCRATCH_BYTES = 13
"""Of a word, for each thread: `rows.new_scratch`."""
TABLE_BYTES = 48
"""Of a word, once: where rows begin, how long they are, and what bounds them."""
MERGED_BYTES = 3 * ENTRY_BYTES
"""Of an entry while runs are merged: as read, added up, as written."""
MOST_RUNS = 256
"""Added up at a time: each keeps two files mapped."""


def plan_counting(memory_mb: int, words: int, threads: int) -> tuple[int, int]:
    """Return how many tokens to count at a time (whatever the threads), and how many threads, `threads` at most, have room.

    Half of the memory is for the tokens, three eighths for tables and threads; the rest is for what the allocator loses.

    Raises
    ------
    RnnpipeError
        One thread has no room for tables of so many words.
    """
    memory = memory_mb * 2**20
    block = max(words, BLOCK_ENTRIES) * ENTRY_BYTES

    def needed(threads: int) -> int:
        return words * (TABLE_BYTES + threads * SCRATCH_BYTES) + (threads + 1) * block

    room = min(memory // 2 // TOKEN_BYTES, MOST_TOKENS)
    return room, _most_threads(threads, needed, memory * 3 // 8, memory_mb, words)


def plan_merging(memory_mb: int, words: int, threads: int) -> tuple[int, int]:
    """Return how many runs to add up at a time, at least 2, and how many threads, `threads` at most, have room.

    Raises
    ------
    RnnpipeError
        One thread has no room for tables of so many words.
    """
    memory = memory_mb * 2**20 * 3 // 4

    def needed(threads: int, runs: int = 2) -> int:
        block = max(words * runs, BLOCK_ENTRIES) * MERGED_BYTES
        return words * (8 * runs + TABLE_BYTES + threads * SCRATCH_BYTES) + (threads + 1) * block

    threads = _most_threads(threads, needed, memory, memory_mb, words)
    runs = 2
    while needed(threads, runs + 1) <= memory and runs < MOST_RUNS:
        runs += 1
    return runs, threads


def _most_threads(threads: int, needed: Callable[[int], int], memory: int, memory_mb: int, words: int) -> int:
    if needed(1) > memory:
        enough = -(-memory_mb * needed(1) // memory)
        raise RnnpipeError(f"cooccurrence.memory_mb: {memory_mb} is too little for {words} words; give {enough} or more")
    while needed(threads) > memory:
        threads -= 1
    return threads
