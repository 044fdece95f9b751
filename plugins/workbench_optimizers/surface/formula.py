"""A formula in x and y, read from text. Python's parser makes the tree; what is not arithmetic is refused."""

from __future__ import annotations

import ast
import math

from ..texts import T
from . import expression as e
from .expression import Expression

FUNCTIONS = ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "abs")
CONSTANTS = {"pi": math.pi, "e": math.e}
LONGEST, DEEPEST = 300, 40


def parse(text: str) -> Expression:
    """The expression of a text such as `(1 - x)^2 + 100*(y - x^2)^2`; `^` and `**` are powers.

    Raises ValueError, with a marked text, for anything else than numbers, x, y, pi, e, + - * / ^ and `FUNCTIONS`.
    """
    if len(text) > LONGEST:
        raise ValueError(T("the formula is longer than {most} characters.", most=LONGEST))
    try:
        tree = ast.parse(text.strip().replace("^", "**"), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(T("this is no formula: {why}.", why=getattr(error, "msg", "") or str(error))) from error
    return _read(tree.body, 0)


def _read(node: ast.expr, depth: int) -> Expression:
    if depth > DEEPEST:
        raise ValueError(T("the formula is nested too deeply."))
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _number(value)
        case ast.Name(id=name):
            return _name(name)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return e.negative(_read(inner, depth + 1))
        case ast.UnaryOp(op=ast.UAdd(), operand=inner):
            return _read(inner, depth + 1)
        case ast.BinOp(left=left, op=op, right=right):
            return _operation(op, _read(left, depth + 1), _read(right, depth + 1))
        case ast.Call(func=ast.Name(id=name), args=[only], keywords=[]) if name in FUNCTIONS:
            return e.call(name, _read(only, depth + 1))
        case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
            raise ValueError(T("{name} takes one argument.", name=name))
        case ast.Call(func=ast.Name(id=name)):
            raise ValueError(T("there is no function {name}; there are: {known}.", name=name, known=_known()))
    raise ValueError(T("{part} is not arithmetic in x and y.", part=_written(node)))


def _number(value: float) -> Expression:
    try:
        number = float(value)
    except OverflowError:  # a whole number; one with a point or an exponent becomes infinite
        number = math.inf
    if math.isinf(number):
        raise ValueError(T("{part} is too large a number.", part=f"{str(value)[:12]}…"))
    return e.number(number)


def _name(name: str) -> Expression:
    if name in ("x", "y"):
        return e.X if name == "x" else e.Y
    if name in CONSTANTS:
        return e.number(CONSTANTS[name])
    raise ValueError(T("{name} is unknown: a formula knows x, y, pi and e.", name=name))


def _operation(op: ast.operator, a: Expression, b: Expression) -> Expression:
    match op:
        case ast.Add():
            return e.add(a, b)
        case ast.Sub():
            return e.subtract(a, b)
        case ast.Mult():
            return e.multiply(a, b)
        case ast.Div():
            return e.divide(a, b)
        case ast.Pow():
            return e.power(a, b)
    raise ValueError(T("a formula knows + - * / and ^ alone."))


def _written(node: ast.expr) -> str:
    return ast.unparse(node).replace("**", "^")


def _known() -> str:
    return ", ".join(FUNCTIONS)
