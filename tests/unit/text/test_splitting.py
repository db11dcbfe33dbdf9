import numpy as np

from rnnpipe.text.splitting import Words, number_word, split_words

DATA = np.frombuffer(b"a b ab ba abc a ab ", np.uint8)
PLACES = [(0, 1), (2, 3), (4, 6), (7, 9), (10, 13), (14, 15), (16, 18)]


def test_words_of_equal_hash_stay_apart() -> None:
    for hashed in (np.uint64(0), np.uint64(2**64 - 1)):
        words = Words.with_room(8, 64)
        assert [number_word(DATA, begin, end, hashed, words) for begin, end in PLACES] == [0, 1, 2, 3, 4, 0, 2]
        grown = words.grown(0)
        assert [number_word(DATA, begin, end, hashed, grown) for begin, end in PLACES] == [0, 1, 2, 3, 4, 0, 2]
        assert grown.tokens() == [b"a", b"b", b"ab", b"ba", b"abc"]


def test_a_full_table_says_where_to_go_on() -> None:
    numbers, offsets = np.empty(10, np.int32), np.empty(10, np.int64)
    words = Words.with_room(2, 64)
    assert split_words(DATA, 0, words, numbers, offsets) == (4, 2, 0)
    assert split_words(DATA, 4, words.grown(0), numbers, offsets) == (14 - 4, 2, 0)
    little = Words.with_room(8, 3)
    assert split_words(DATA, 0, little, numbers, offsets) == (4, 2, 0)
