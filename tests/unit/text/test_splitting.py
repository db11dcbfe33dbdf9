import numpy as np

from rnnpipe.text.splitting import Words, number_words, split_words

TEXT = b" a b  ab ba abcdefghi abcdefghj \n\n a ab\tabcdefghi"
DATA = np.frombuffer(TEXT + b"\n", np.uint8)


def found(data, within: bool = False):
    """Return keys, begins and ends of the words, and the documents' ends."""
    keys, begins, ends, offsets = np.empty(30, np.uint64), *(np.empty(30, np.int64) for _ in range(3))
    words, documents, goes_on = split_words(data, within, (keys, begins, ends), offsets)
    return (keys[:words], begins[:words], ends[:words]), offsets[:documents].tolist(), goes_on


def test_words_and_documents_are_found() -> None:
    (keys, begins, ends), offsets, within = found(DATA)
    assert [TEXT[begin:end] for begin, end in zip(begins, ends, strict=True)] == TEXT.split()
    assert keys[:3].tolist() == [ord("a"), ord("b"), ord("a") * 256 + ord("b")]
    assert (offsets, within) == ([6, 9], False)
    assert found(DATA[:-1])[1:] == ([6], True)
    assert found(DATA[-1:], within=True)[1:] == ([0], False)
    assert found(DATA[-1:])[1:] == ([], False)


def test_long_words_of_equal_hash_stay_apart() -> None:
    text = b"abcdefghi abcdefghj abcdefghij "
    data = np.frombuffer(text, np.uint8)
    keys, begins, ends = found(data)[0]
    words, numbers = Words.with_room(8, 64), np.empty(3, np.int32)
    for table in (words, words.grown(0)):
        assert number_words(data, (np.full_like(keys, 7), begins, ends), 0, table, numbers) == 3
        assert numbers.tolist() == [0, 1, 2]
        assert table.tokens() == text.split()


def test_short_words_of_equal_key_differ_in_length() -> None:
    words = Words.with_room(8, 64)
    data = np.frombuffer(b"\x00a a \x00\x00a a \x00 ", np.uint8)
    numbers = np.empty(5, np.int32)
    assert number_words(data, found(data)[0], 0, words, numbers) == 5
    assert numbers.tolist() == [0, 1, 2, 1, 3]


def test_a_full_table_says_where_to_go_on() -> None:
    numbers, all_found = np.zeros(9, np.int32), found(DATA)[0]
    words = Words.with_room(2, 64)
    assert number_words(DATA, all_found, 0, words, numbers) == 2
    words = words.grown(0)
    assert number_words(DATA, all_found, 2, words, numbers) == 4
    words = words.grown(0)
    assert number_words(DATA, all_found, 4, words, numbers) == 9
    assert numbers.tolist() == [0, 1, 2, 3, 4, 5, 0, 2, 4]
    assert words.counts[:6].tolist() == [2, 1, 2, 1, 2, 1]
    assert number_words(DATA, all_found, 0, Words.with_room(8, 3), numbers) == 2
