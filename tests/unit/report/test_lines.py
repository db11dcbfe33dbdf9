import math
import re
import xml.etree.ElementTree as ElementTree
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnpipe.report.svg.canvas import HEIGHT, WIDTH, Scale, apart, span, tick_label
from rnnpipe.report.svg.lines import Line, line_chart
from rnnpipe.report.svg.rows import Row, dot_chart

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), max_size=20), st.booleans())
def test_a_chart_is_well_formed_and_stays_within_its_frame(points, logarithmic):
    svg = ElementTree.fromstring(line_chart([Line(tuple(points), "c0", dots=True)], "x", "y", logarithmic=logarithmic))
    for circle in svg.iter("circle"):
        assert 0 <= float(circle.get("cx")) <= WIDTH
        assert 0 <= float(circle.get("cy")) <= HEIGHT


@given(NUMBERS, NUMBERS)
def test_ticks_are_few_and_within_the_range(one, other):
    low, high = span([one, other])
    ticks = Scale(low, high, 0, 100).ticks()
    assert len(ticks) <= 8
    slack = 1e-6 * max(1.0, abs(low), abs(high))
    assert all(low - slack <= tick <= high + slack for tick in ticks)


def test_a_logarithmic_axis_has_whole_decades():
    scale = Scale(*span([3e-5, 0.2], logarithmic=True), 100, 0, logarithmic=True)
    assert (scale.low, scale.high) == pytest.approx((1e-5, 1.0))
    assert [tick_label(tick, logarithmic=True) for tick in scale.ticks()] == ["10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"]


def test_points_that_cannot_be_drawn_are_left_out():
    assert "<polyline" not in line_chart([Line(((1, 0.0),), "c0")], "x", "y", logarithmic=True)
    assert span([math.nan, math.inf]) == (0.0, 1.0)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20))
def test_logarithmic_axes_leave_out_what_has_no_logarithm(points):
    svg = ElementTree.fromstring(
        line_chart([Line(tuple(points), "c0", dots=True)], "x", "y", logarithmic=True, logarithmic_x=True)
    )
    assert len(list(svg.iter("circle"))) == sum(x > 0 and y > 0 for x, y in points)


def test_equal_factors_are_equal_steps_on_a_logarithmic_axis():
    points = ((1_000.0, 5.0), (10_000.0, 5.0), (100_000.0, 5.0))
    svg = line_chart([Line(points, "c0", dots=True)], "x", "y", logarithmic_x=True)
    first, second, third = (float(circle.get("cx")) for circle in ElementTree.fromstring(svg).iter("circle"))
    assert second - first == pytest.approx(third - second, abs=0.2)
    assert "10⁴" in svg


def test_points_that_are_not_joined_are_dots_alone():
    svg = line_chart([Line(((1, 2.0), (2, 3.0)), "c0", joined=False)], "x", "y")
    assert (svg.count("<circle"), svg.count("<polyline")) == (2, 0)


def test_epochs_have_whole_ticks():
    assert Scale(0.9, 2.1, 0, 100).ticks(9, whole=True) == [1, 2]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.floats(1, 9))
def test_names_stand_apart_in_their_order_and_within_the_drawing(wanted, gap):
    places = apart(wanted, gap, 0, 100)
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in places)
    ordered = sorted(zip(wanted, places, strict=True))
    for (low, lower), (high, higher) in pairwise(ordered):
        assert low == high or higher - lower >= gap - 1e-6
    assert min(abs(one - other) for one, other in combinations([*places, -1e9], 2)) >= gap - 1e-6


def test_a_curve_is_named_at_its_end_and_a_ring_marks_a_point():
    line = Line(((1, 2.0), (2, 3.0)), "c3", label="a name that is far too long for the margin", ring=2)
    svg = line_chart([line, Line(((1, 2.0), (2, 2.0)), "c1")], "x", "y")
    assert svg.count('<text class="end') == 1
    assert "a name that is far to…" in svg
    ring, name = re.search(r'class="ring c3" cx="([\d.]+)"', svg), re.search(r'class="end c3" x="([\d.]+)"', svg)
    assert float(ring[1]) < float(name[1]) < WIDTH


def test_a_row_has_its_dot_its_spread_and_what_stands_beside():
    svg = dot_chart([Row("a", 90.0, "90.0", 2.0, 85.0, strong=True), Row("b", 80.0, "80.0")], "accuracy %", [(95.0, "possible")])
    assert (svg.count('class="dot'), svg.count('class="ring'), svg.count('class="line')) == (2, 1, 1)
    assert svg.count("strong") == 2
    assert ">possible</text>" in svg
    ElementTree.fromstring(svg)
