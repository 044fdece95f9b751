"""Arrays that do not fit each other are refused where the job reports them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from .sources import Fake


@pytest.mark.parametrize(
    ("kind", "arguments", "said"),
    [
        ("lines", {"x": np.zeros(3), "y": np.zeros((2, 4))}, r"s\.x: an array of shape \(4\) is needed, not \(3,\)"),
        ("lines", {"x": np.zeros((3, 1)), "y": np.zeros(3)}, r"s\.x: .* not \(3, 1\)"),
        ("lines", {"x": 0.0, "y": 1.0}, r"s\.y: .* \(n\) or \(k, n\) is needed, not \(\)"),
        ("lines", {"x": np.zeros(3), "y": np.zeros(3), "low": np.zeros((1, 3))}, r"s\.low: .* \(3\) is needed"),
        ("bars", {"heights": np.zeros((2, 3)), "edges": np.zeros(3)}, r"s\.edges: .* \(4\) is needed, not \(3,\)"),
        ("bars", {"heights": np.zeros((1, 2, 3))}, r"s\.heights: .* not \(1, 2, 3\)"),
    ],
)
def test_they_are_named(kind: str, arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        getattr(Fake().report, kind)("s", **arguments)
