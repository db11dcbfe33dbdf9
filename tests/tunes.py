"""Tunes of any notes, which need not be beautiful."""

from hypothesis import strategies as st

from rnnpipe.music.notes import LENGTHS, SIGNATURES, Note
from rnnpipe.music.tune import Tune

NOTES = st.builds(Note, st.integers(-14, 20), st.sampled_from((-1, 0, 1)), st.integers(1, 16))
TUNES = st.builds(
    Tune,
    st.sampled_from(sorted(LENGTHS)),
    st.sampled_from(sorted(SIGNATURES)),
    st.lists(st.lists(NOTES, min_size=1, max_size=6).map(tuple), min_size=1, max_size=9).map(tuple),
)
