"""What an expression can do, on Python's floats."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

Operations = Mapping[str, Callable[..., Any]]


def sign(a: float) -> float:
    """−1, 0 or 1."""
    return float((a > 0) - (a < 0))


PLAIN: Operations = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "neg": operator.neg,
    "^": math.pow, "sin": math.sin, "cos": math.cos, "tan": math.tan, "exp": math.exp, "log": math.log,
    "sqrt": math.sqrt, "tanh": math.tanh, "abs": abs, "sign": sign,
}  # fmt: skip
"""By `Expression.op`. They raise ArithmeticError or ValueError where there is no result."""
