"""Laws: what is drawn from a law gives it back; sums agree with plain addition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench_corpus.looking.laws import Law, harmonic, heaps, spaced, zipf


@given(st.floats(0, 3), st.integers(1, 60_000))
def test_harmonic_is_the_sum(s: float, n: int) -> None:
    """Whether added one by one or by Euler and Maclaurin."""
    assert harmonic(s, n) == pytest.approx(float((np.arange(1.0, n + 1) ** -s).sum()), rel=1e-11)


@given(st.floats(0.3, 2.5), st.integers(50, 20_000), st.floats(1e3, 1e9))
def test_exact_zipf_is_found(s: float, n: int, tokens: float) -> None:
    """Counts that follow the law exactly give its exponent, its scale and r² = 1."""
    counts = tokens * np.arange(1.0, n + 1) ** -s / harmonic(s, n)
    law = zipf(counts)
    assert law.exponent == pytest.approx(-s, abs=1e-5)
    assert law.scale == pytest.approx(counts[0], rel=1e-3)
    assert law.r2 > 1 - 1e-6


@pytest.mark.parametrize("s", [0.8, 1.0, 1.3])
def test_drawn_zipf_is_found(s: float) -> None:
    """200 000 tokens drawn from a law over 2000 types: the exponent to 2 %."""
    rng = np.random.default_rng(0)
    ranks = np.arange(1.0, 2001)
    drawn = rng.multinomial(200_000, ranks**-s / harmonic(s, 2000))
    law = zipf(np.sort(drawn[drawn > 0])[::-1])
    assert law.exponent == pytest.approx(-s, rel=0.02)


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=60).map(lambda each: sorted(each, reverse=True)))
def test_no_other_exponent_is_likelier(counts: list[int]) -> None:
    """The estimate is the maximum: nearby exponents have a smaller likelihood."""
    ranks = np.arange(1.0, len(counts) + 1)
    found = -zipf(counts).exponent

    def likelihood(s: float) -> float:
        return float(np.asarray(counts) @ (-s * np.log(ranks) - np.log(harmonic(s, len(counts)))))

    for other in (found - 0.05, found + 0.05):
        assert likelihood(found) >= likelihood(other) - 1e-9 * sum(counts) or not 0 <= other <= 20


@given(st.floats(0.1, 1), st.floats(0.5, 100))
def test_exact_heaps_is_found(beta: float, k: float) -> None:
    """Points on the law give it back."""
    n = np.geomspace(10, 1e7, 30)
    assert heaps(n, k * n**beta) == Law(pytest.approx(k), pytest.approx(beta), pytest.approx(1))  # type: ignore[arg-type]


def test_heaps_says_when_it_explains_little() -> None:
    """r² is the ordinary one of the logarithms."""
    rng = np.random.default_rng(0)
    n = np.geomspace(10, 1e6, 200)
    noisy = 5 * n**0.5 * np.exp(rng.normal(0, 3, 200))
    assert heaps(n, noisy).r2 == pytest.approx(np.corrcoef(np.log(n), np.log(noisy))[0, 1] ** 2)


@given(st.integers(1, 10**9), st.integers(2, 300))
def test_spaced_ranks(n: int, most: int) -> None:
    """Different, rising, from 1 to n, no more than asked for."""
    ranks = spaced(n, most)
    assert ranks[0] == 1
    assert ranks[-1] == n
    assert len(ranks) <= most
    assert (np.diff(ranks) > 0).all()


def test_too_little_is_refused() -> None:
    """One type has no slope, nor has one point."""
    with pytest.raises(ValueError, match="two types"):
        zipf([5])
    with pytest.raises(ValueError, match="two points"):
        heaps([10, 10], [3, 4])
