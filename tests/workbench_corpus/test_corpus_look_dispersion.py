"""Dispersion: examples from the literature, and what must hold of any table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from workbench_corpus.looking.dispersion import Dispersion


def of(table: Any, sizes: Any) -> Dispersion:
    """The measures of a dense table, parts × words, given cell by cell."""
    table = np.asarray(table)
    found = Dispersion(sizes, table.sum(0))
    parts, words = np.nonzero(table)
    found.add(parts, words, table[parts, words])
    return found


def one(counts: list[int], sizes: list[int]) -> tuple[float, float, float]:
    """D, DP and DPnorm of a single word."""
    found = of([[each] for each in counts], sizes)
    return float(found.juilland()[0]), float(found.dp()[0]), float(found.dp_norm()[0])


def test_gries_2008_the_letter_a() -> None:
    """S. Th. Gries 2008, the small corpus of five lines: the letter a, 1 to 5 times; D = .785, DP = .18."""
    lines = ["bamnibeup", "basatbewqn", "bcagabesta", "baghabeaat", "bahaabeaxat"]
    d, dp, norm = one([line.count("a") for line in lines], [len(line) for line in lines])
    assert d == pytest.approx(0.785, abs=5e-4)
    assert dp == pytest.approx(0.18, abs=5e-4)
    assert norm == pytest.approx(0.18 / 0.82, abs=5e-4)


def test_carroll_1970_five_equal_parts() -> None:
    """J. B. Carroll 1970: frequencies 0, 4, 3, 2, 1 in equal parts; D = .6464."""
    assert one([0, 4, 3, 2, 1], [100] * 5)[0] == pytest.approx(0.6464, abs=5e-5)


def test_lijffijt_gries_2012_normalised() -> None:
    """J. Lijffijt & S. Th. Gries 2012, p. 148: 2, 1, 0 in equal parts; DPnorm = .5."""
    assert one([2, 1, 0], [3, 3, 3])[2] == pytest.approx(0.5)


def test_lyne_1985_allemand() -> None:
    """A. A. Lyne 1985, ALLEMAND in tenths of unequal size; D = 0.6038797 as the R package tlda prints it."""
    sizes = [8143, 8058, 8271, 8125, 7959, 7941, 8146, 8001, 8003, 7930]
    assert one([2, 0, 1, 1, 3, 0, 3, 0, 0, 0], sizes)[0] == pytest.approx(0.6038797, abs=5e-8)


TABLES = arrays(np.int64, st.tuples(st.integers(2, 8), st.integers(1, 6)), elements=st.integers(0, 30))


@given(TABLES, st.data())
def test_as_written_in_the_papers(table: np.ndarray, data: Any) -> None:
    """The sums over cells are the papers' formulas over all parts, and lie in 0 … 1."""
    sizes = table.sum(1) + data.draw(arrays(np.int64, len(table), elements=st.integers(1, 50)))
    found = of(table, sizes)
    shares, totals = sizes / sizes.sum(), table.sum(0)
    for word in np.flatnonzero(totals):
        rates = table[:, word] / sizes
        d = 1 - rates.std() / rates.mean() / np.sqrt(len(sizes) - 1)
        dp = np.abs(table[:, word] / totals[word] - shares).sum() / 2
        assert found.juilland()[word] == pytest.approx(np.clip(d, 0, 1), abs=1e-6)
        assert found.dp()[word] == pytest.approx(dp, abs=1e-12)
        assert found.dp_norm()[word] == pytest.approx(dp / (1 - shares.min()), abs=1e-12)
    for missing in np.flatnonzero(totals == 0):
        assert np.isnan([found.juilland()[missing], found.dp()[missing], found.dp_norm()[missing]]).all()


@given(TABLES)
def test_order_and_pieces_do_not_matter(table: np.ndarray) -> None:
    """Cells may come one by one, backwards."""
    sizes = table.sum(1) + 5
    found = Dispersion(sizes, table.sum(0))
    for part, word in reversed(np.argwhere(table)):
        found.add([part], [word], [table[part, word]])
    whole = of(table, sizes)
    for measure in ("juilland", "dp", "dp_norm"):
        np.testing.assert_allclose(getattr(found, measure)(), getattr(whole, measure)(), atol=1e-7)


def test_extremes_and_what_has_no_meaning() -> None:
    """Even is 1 and 0; all in the smallest part is 0 and 1; empty parts count for nothing; one part says nothing."""
    assert one([3, 6, 9], [10, 20, 30]) == pytest.approx((1, 0, 0), abs=1e-6)
    assert one([0, 0, 7], [30, 30, 20])[1:] == pytest.approx((0.75, 1))
    assert one([0, 4, 0], [10, 10, 10])[0] == pytest.approx(0, abs=1e-7)
    assert one([2, 0, 1], [10, 0, 10]) == pytest.approx(one([2, 1], [10, 10]))
    assert np.isnan(one([4], [10])).all()
