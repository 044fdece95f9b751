"""An expression as a tape: operations in order, each distinct one once, on numbers and on arrays of any kind alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .arithmetic import Operations
from .expression import Expression, derivative

MOST = 16  # whole exponents up to which a power is multiplied out
Step = tuple[Callable[..., Any], int, int]


class Tape:
    """Several expressions worked out together. operations: by `Expression.op`, for what x and y are."""

    def __init__(self, outputs: Sequence[Expression], operations: Operations) -> None:
        self._operations = operations
        self._places: dict[Expression, int] = {Expression("x"): 0, Expression("y"): 1}
        self._values: list[Any] = [None, None]
        self.steps: list[Step] = []
        self._done: dict[Step, int] = {}
        for each in outputs:
            self._constants(each)
        self._outputs = [self._place(each) for each in outputs]

    def _constants(self, e: Expression) -> None:
        """Numbers come before all that is worked out."""
        if e.op == "number" and e not in self._places:
            self._places[e] = len(self._values)
            self._values.append(e.value)
        for each in e.args:
            self._constants(each)

    def _place(self, e: Expression) -> int:
        if e in self._places:
            return self._places[e]
        if e.op == "^" and (whole := _whole(e.args[1])):
            place = self._product(self._place(e.args[0]), whole)
        else:
            inner = [self._place(each) for each in e.args]
            place = self._add(self._operations[e.op], *inner)
        self._places[e] = place
        return place

    def _product(self, base: int, n: int) -> int:
        """The place of a power by squaring: exact to a rounding each, and quick on arrays."""
        multiply, result = self._operations["*"], -1
        while n:
            if n & 1:
                result = base if result < 0 else self._add(multiply, result, base)
            n >>= 1
            if n:
                base = self._add(multiply, base, base)
        return result

    def _add(self, operation: Callable[..., Any], a: int, b: int = -1) -> int:
        step = (operation, a, b)
        if step not in self._done:
            self.steps.append(step)
            self._done[step] = len(self._values) + len(self.steps) - 1
        return self._done[step]

    def __call__(self, x: Any, y: Any) -> list[Any]:
        """The values of the outputs at (x, y); a constant output is a float whatever x and y are."""
        values = self._values.copy()
        values[0], values[1] = x, y
        for operation, a, b in self.steps:
            values.append(operation(values[a]) if b < 0 else operation(values[a], values[b]))
        return [values[each] for each in self._outputs]


def _whole(exponent: Expression) -> int:
    """A whole exponent that is worth multiplying out, else 0."""
    n = exponent.number
    return int(n) if n is not None and n == int(n) and 2 <= n <= MOST else 0


def gradient(e: Expression) -> list[Expression]:
    """de/dx and de/dy."""
    return [derivative(e, "x"), derivative(e, "y")]
