"""What was found before is not asked for again, and takes bounded memory."""

from rnnpipe.common.remembered import Remembered


def test_each_word_is_asked_for_once_until_too_many_are_kept() -> None:
    asked = []

    def find(word: str) -> int:
        asked.append(word)
        return len(word)

    lengths = Remembered(find, most=2)
    assert [lengths[word] for word in ("a", "bb", "a", "bb")] == [1, 2, 1, 2]
    assert asked == ["a", "bb"]
    assert lengths["ccc"] == 3
    assert dict(lengths) == {"ccc": 3}
    assert lengths["a"] == 1
