import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.report.sections import vector_figures
from rnnpipe.report.svg.canvas import WIDTH
from rnnpipe.report.svg.words import STEPS, STRONGEST, FeatureCell, heat_map

VALUES = st.floats(-3, 3)


def drawn(words, features, cells):
    return ElementTree.fromstring(heat_map(words, features, cells))


def boxes(svg):
    """Return kind and share of colour of the table's cells; those of the scale come last and are left out."""
    found = [(box.get("class"), int(re.search(r"(\d+)%", box.get("style"))[1])) for box in svg.iter("rect")]
    return found[: -(2 * STEPS + 1)]


@given(st.dictionaries(st.tuples(st.sampled_from("fg"), st.sampled_from("abc")), st.tuples(VALUES, VALUES)))
def test_every_pair_has_its_number_its_known_value_or_a_dash(values):
    svg = drawn("abc", "fg", {pair: FeatureCell(*both) for pair, both in values.items()})
    assert len(boxes(svg)) == len(values)
    assert sum(text.text == "–" for text in svg.iter("text")) == 6 - len(values)
    assert sum(text.get("class") == "value known" for text in svg.iter("text")) == len(values)
    assert all(float(box.get("x")) >= 0 and float(box.get("x")) + float(box.get("width")) <= WIDTH for box in svg.iter("rect"))


@pytest.mark.parametrize(
    ("predicted", "kind", "share"),
    [(1.0, "above", STRONGEST), (0.5, "above", STRONGEST / 2), (-0.5, "below", STRONGEST / 2), (-9.0, "below", STRONGEST)],
)
def test_colour_tells_sign_and_size(predicted, kind, share):
    assert boxes(drawn(["w"], ["f"], {("f", "w"): FeatureCell(predicted, 1.0)})) == [(f"heat {kind}", share)]


def test_cells_stand_under_their_word_and_beside_their_feature():
    svg = drawn(["a", "b"], ["f", "g"], {("f", "b"): FeatureCell(-0.93, -1.0), ("g", "a"): FeatureCell(0.25, 0.5)})
    places = {text.text: (float(text.get("x")), float(text.get("y"))) for text in svg.iter("text")}
    assert places["−0.93"][0] == places["(−1)"][0] == places["b"][0]
    assert places["0.25"][0] == places["(0.5)"][0] == places["a"][0]
    assert abs(places["−0.93"][1] - places["f"][1]) < abs(places["−0.93"][1] - places["g"][1])


def test_heat_map_shows_the_table_of_the_stage(workspace):
    entry = next(entry for entry in workspace.measure().embeddings if entry.name == "glove-features")
    svg = ElementTree.fromstring(vector_figures.features(entry).svg)
    texts = [text.text for text in svg.iter("text")]
    assert texts[:8] == ["man", "woman", "boy", "girl", "king", "queen", "apple", "orange"]
    assert [name for name in texts if name in ("gender", "royalty", "age", "edible")] == ["gender", "royalty", "age", "edible"]
    assert texts.count("−0.93") == 3 + 2  # three male words, two young ones
    assert texts.count("(−1)") == 5
