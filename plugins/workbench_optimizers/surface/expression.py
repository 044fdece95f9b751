"""Expressions in x and y as trees: made simple while they are built, differentiated, put into a tape."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from ..texts import T
from .arithmetic import PLAIN


@dataclass(frozen=True)
class Expression:
    """A number, a variable, or an operation on others. op: "number", "x", "y", "+", "-", "*", "/", "^", "neg", or a
    function's name.
    """

    op: str
    args: tuple[Expression, ...] = ()
    value: float = 0.0

    @property
    def number(self) -> float | None:
        """Its value if it is a number."""
        return self.value if self.op == "number" else None


def number(value: float) -> Expression:
    """A constant."""
    return Expression("number", value=float(value))


X, Y, ZERO, ONE, TWO = Expression("x"), Expression("y"), number(0), number(1), number(2)


def _made(op: str, *args: Expression) -> Expression:
    """The operation; its value where all that it works on are numbers. Raises ValueError where there is none."""
    numbers = [each.number for each in args]
    if None in numbers:
        return Expression(op, args)
    try:
        return _finite(PLAIN[op](*numbers))
    except (ArithmeticError, ValueError) as error:
        raise ValueError(T("a part of the formula without x and y has no value.")) from error


def _finite(value: float) -> Expression:
    """The number. Raises OverflowError where it is too large to be one: `*` of Python says nothing then."""
    if not isfinite(value):
        raise OverflowError
    return number(value)


def add(a: Expression, b: Expression) -> Expression:
    """a + b."""
    if a == ZERO:
        return b
    return a if b == ZERO else _made("+", a, b)


def subtract(a: Expression, b: Expression) -> Expression:
    """a − b."""
    if a == ZERO:
        return negative(b)
    return a if b == ZERO else _made("-", a, b)


def negative(a: Expression) -> Expression:
    """−a."""
    if a.op == "neg":
        return a.args[0]
    return _made("neg", a)


def multiply(a: Expression, b: Expression) -> Expression:
    """a · b, with numbers in front and gathered there."""
    if ZERO in (a, b):
        return ZERO
    if b.op == "number" and a.op != "number":
        a, b = b, a
    if a.op == "number" and b.op == "*" and b.args[0].op == "number":
        a, b = number(a.value * b.args[0].value), b.args[1]
    return b if a == ONE else _made("*", a, b)


def divide(a: Expression, b: Expression) -> Expression:
    """a / b."""
    if a == ZERO and b != ZERO:
        return ZERO
    return a if b == ONE else _made("/", a, b)


def power(a: Expression, b: Expression) -> Expression:
    """a to the power of b."""
    if b == ONE:
        return a
    return ONE if b == ZERO else _made("^", a, b)


def call(name: str, a: Expression) -> Expression:
    """A function of one argument."""
    return _made(name, a)


# ------------------------------------------------------------------------------------ derivatives


def derivative(e: Expression, variable: str) -> Expression:
    """de/dx or de/dy. The derivative of abs at 0 is 0."""
    if not e.args:
        return ONE if e.op == variable else ZERO
    inner = [derivative(each, variable) for each in e.args]
    if all(each == ZERO for each in inner):
        return ZERO
    if len(inner) == 1:
        return multiply(_outer(e.op, e.args[0]), inner[0])
    return _of_two(e.op, *e.args, *inner)


def _of_two(op: str, a: Expression, b: Expression, da: Expression, db: Expression) -> Expression:
    if op in "+-":
        return add(da, db) if op == "+" else subtract(da, db)
    if op == "*":
        return add(multiply(da, b), multiply(a, db))
    if op == "/":
        return divide(subtract(multiply(da, b), multiply(a, db)), power(b, TWO))
    by_base = multiply(multiply(b, power(a, subtract(b, ONE))), da)
    if db == ZERO:
        return by_base
    by_exponent = multiply(multiply(power(a, b), call("log", a)), db)
    return add(by_base, by_exponent)


def _outer(name: str, a: Expression) -> Expression:
    """The derivative of a function, at its argument."""
    match name:
        case "neg":
            return number(-1)
        case "sin":
            return call("cos", a)
        case "cos":
            return negative(call("sin", a))
        case "tan":
            return divide(ONE, power(call("cos", a), TWO))
        case "exp":
            return call("exp", a)
        case "log":
            return divide(ONE, a)
        case "sqrt":
            return divide(number(0.5), call("sqrt", a))
        case "tanh":
            return subtract(ONE, power(call("tanh", a), TWO))
        case "abs":
            return call("sign", a)
        case _:  # sign
            return ZERO
