import xml.etree.ElementTree as ElementTree

from rnnpipe.report.svg.words import Box, word_map


def test_labels_of_crowded_points_do_not_hide_each_other():
    words = [(f"word{index}", index % 3, index // 3) for index in range(9)]
    crowded = [*words, ("far", 100, 100)]
    svg = ElementTree.fromstring(word_map(crowded))
    boxes = []
    for text in svg.iter("text"):
        x, y, width = float(text.get("x")), float(text.get("y")), 6.6 * len(text.text)
        left = x - {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")] * width
        boxes.append(Box(left, y - 10, left + width, y + 3))
    assert len(boxes) == len(crowded)
    assert not any(box.outside() for box in boxes)
    assert max(one.overlap(other) for index, one in enumerate(boxes) for other in boxes[:index]) < 15


def test_words_are_escaped():
    assert "<b>" not in word_map([("<b>", 0, 0), ("c", 1, 1)])
