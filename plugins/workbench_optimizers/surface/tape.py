"""An expression as a tape: operations in order, each distinct one once, on numbers and on arrays of any kind alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .arithmetic import Operations
from .expression import Expression, X, Y, derivative

MOST = 16  # whole exponents up to which a power is multiplied out


class Tape:
    """Several expressions worked out together. operations: by `Expression.op`, for what x and y are.

    The tape is written as a function of Python and compiled, which takes a fifth of the time that it takes to go
    through a list. Of what a person has typed nothing stands in it: operations and numbers are called by our own names.

    function: the tape itself, for those who call it at every step.
    """

    def __init__(self, outputs: Sequence[Expression], operations: Operations) -> None:
        self._names: dict[Expression, str] = {X: "x", Y: "y"}
        self._known: dict[str, Any] = {"__builtins__": {}, "power": operations["^"], **operations}
        self._lines: dict[str, str] = {}
        found = ", ".join([self._name(each) for each in outputs])
        body = "".join(f"    {name} = {text}\n" for text, name in self._lines.items())
        exec(compile(f"def tape(x, y):\n{body}    return [{found}]\n", "<formula>", "exec"), self._known)
        self.function: Callable[[Any, Any], list[Any]] = self._known["tape"]

    def __call__(self, x: Any, y: Any) -> list[Any]:
        """The values of the outputs at (x, y); a constant output is a float whatever x and y are."""
        return self.function(x, y)

    def _name(self, e: Expression) -> str:
        """What the value of an expression is called; what it takes is written before."""
        name = self._names.get(e)
        if name is None:
            name = self._names[e] = self._number(e.value) if e.op == "number" else self._worked_out(e)
        return name

    def _number(self, value: float) -> str:
        name = f"n{len(self._known)}"
        self._known[name] = value
        return name

    def _worked_out(self, e: Expression) -> str:
        if e.op == "^" and (whole := _whole(e.args[1])):
            return self._product(self._name(e.args[0]), whole)
        inner = [self._name(each) for each in e.args]
        match e.op:
            case "+" | "-" | "*" | "/":
                return self._line(f" {e.op} ".join(inner))
            case "neg":
                return self._line(f"-{inner[0]}")
            case "^":
                return self._line(f"power({', '.join(inner)})")
        return self._line(f"{e.op}({inner[0]})")

    def _product(self, base: str, n: int) -> str:
        """The name of a power by squaring: exact to a rounding each, and quick on arrays."""
        result = ""
        while n:
            if n & 1:
                result = self._line(f"{result} * {base}") if result else base
            n >>= 1
            if n:
                base = self._line(f"{base} * {base}")
        return result

    def _line(self, text: str) -> str:
        """The name of what is worked out so."""
        return self._lines.setdefault(text, f"v{len(self._lines)}")


def _whole(exponent: Expression) -> int:
    """A whole exponent that is worth multiplying out, else 0."""
    n = exponent.number
    return int(n) if n is not None and n == int(n) and 2 <= n <= MOST else 0


def gradient(e: Expression) -> list[Expression]:
    """de/dx and de/dy."""
    return [derivative(e, "x"), derivative(e, "y")]
