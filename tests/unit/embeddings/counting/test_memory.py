import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.common.errors import RnnpipeError
from rnnpipe.embeddings.counting.memory import plan_counting, plan_merging


@given(memory=st.integers(64, 4096), words=st.integers(4, 3_000_000), threads=st.integers(1, 64))
def test_plans_are_within_reason_or_say_what_is_enough(memory: int, words: int, threads: int) -> None:
    for plan, least in ((plan_counting, 1), (plan_merging, 2)):
        try:
            amount, used = plan(memory, words, threads)
        except RnnpipeError as error:
            found = re.search(r"give (\d+) or more", str(error))
            assert found
            enough = int(found[1])
            assert enough > memory
            assert plan(enough, words, threads)[1] >= 1
            continue
        assert amount >= least
        assert 1 <= used <= threads
        assert plan(2 * memory, words, threads)[1] >= used


def test_threads_change_no_run() -> None:
    assert len({plan_counting(256, 400_000, threads)[0] for threads in (1, 2, 8, 64)}) == 1


@pytest.mark.parametrize(("memory", "threads"), [(2048, 8), (256, 8), (64, 4)])
def test_a_common_vocabulary_leaves_room_for_threads(memory: int, threads: int) -> None:
    assert plan_counting(memory, 56_000, 8)[1] == threads
    assert plan_merging(memory, 56_000, 2)[1] == 2


def test_places_in_the_stream_stay_within_int32() -> None:
    assert plan_counting(1_000_000, 1000, 1)[0] == 2**30
