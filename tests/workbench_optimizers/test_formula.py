"""Formulas: what is read, what is refused, and derivatives against torch's."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from workbench_optimizers.flight.many import TENSORS
from workbench_optimizers.lab.params import Lab
from workbench_optimizers.lab.scan import scan
from workbench_optimizers.surface.arithmetic import PLAIN
from workbench_optimizers.surface.formula import parse
from workbench_optimizers.surface.places import Beale, Formula, Quadratic, Rastrigin, Rosenbrock, Saddle
from workbench_optimizers.surface.tape import Tape, gradient

from workbench import fields

NAMES = ("sin", "cos", "tanh", "exp", "abs", "sqrt", "log")
ATOMS = st.sampled_from(["x", "y", "2", "0.5", "pi", "1e-1", "3"])
FORMULAS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(NAMES), inner).map("{0[0]}({0[1]})".format),
        st.tuples(inner, st.sampled_from(["2", "3", "-1", "0.5", "x"])).map("({0[0]})^({0[1]})".format),
        inner.map("-({})".format),
    ),
    max_leaves=8,
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(text=FORMULAS, x=st.floats(0.2, 2), y=st.floats(-2, 2))
def test_values_are_pythons_and_gradients_torchs(text: str, x: float, y: float) -> None:
    """An oracle of its own: Python evaluates the text, torch differentiates it."""
    a, b = (torch.tensor(each, dtype=torch.float64, requires_grad=True) for each in (x, y))
    known = {"x": a, "y": b, "pi": math.pi} | {name: _of_any(name) for name in NAMES}
    try:
        e = parse(text)
        found = Tape([e, *gradient(e)], PLAIN)(x, y)
        there = eval(text.replace("^", "**"), {"__builtins__": {}}, known)
    except (ArithmeticError, ValueError):
        assume(False)
    value = torch.as_tensor(there, dtype=torch.float64)
    assume(all(isinstance(each, float) and math.isfinite(each) and abs(each) < 1e6 for each in found))
    assert found[0] == pytest.approx(float(value.detach()), rel=1e-9, abs=1e-9)
    if value.requires_grad:
        slopes = torch.autograd.grad(value, (a, b), allow_unused=True)
        assume(all(each is None or bool(each.isfinite()) for each in slopes))
        for ours, theirs in zip(found[1:], slopes, strict=True):
            assert ours == pytest.approx(0.0 if theirs is None else float(theirs), rel=1e-6, abs=1e-9)
    many = Tape([e], TENSORS)(torch.full((3,), x, dtype=torch.float64), torch.full((3,), y, dtype=torch.float64))[0]
    assert torch.as_tensor(many, dtype=torch.float64).flatten()[0].item() == pytest.approx(found[0], rel=1e-9, abs=1e-9)


def _of_any(name: str) -> object:
    return lambda v: getattr(torch, name)(torch.as_tensor(v, dtype=torch.float64))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x +", "no formula"),
        ("", "no formula"),
        ("z + 1", "z is unknown"),
        ("__import__('os')", "no function __import__"),
        ("x.real", "not arithmetic"),
        ("[x for x in y]", "not arithmetic"),
        ("(lambda: 1)()", "not arithmetic"),
        ("'a' * 9", "not arithmetic"),
        ("True + x", "not arithmetic"),
        ("x if y else 1", "not arithmetic"),
        ("x // 2", "alone"),
        ("x << 2", "alone"),
        ("sin(x, y)", "one argument"),
        ("gamma(x)", "no function gamma"),
        ("9" * 299, "longer"),
        ("x" * 400, "longer"),
        ("-" * 60 + "x", "deeply"),
        ("(" * 150 + "x" + ")" * 149, "no formula"),
        ("1/0 + x", "no value"),
        ("9^9^9^9", "no value"),
        ("x^1e999", "too large"),
        ("x^(1e300*1e300)", "no value"),
        ("x = 2", "no formula"),
    ],
)
def test_what_is_no_formula_is_refused_at_its_field(text: str, said: str) -> None:
    if said == "longer" and len(text) < 300:
        said = ""  # a long number is a number, if a float can hold it
    problems = fields.problems(Lab, {"surface": {"kind": "formula", "formula": text}})
    if said:
        (path, problem), *_ = problems
        assert path == "surface.formula"
        assert said in str(problem)


@pytest.mark.parametrize(
    ("surface", "minima"),
    [
        (Quadratic(), [(0.0, 0.0)]),
        (Rosenbrock(), [(1.0, 1.0)]),
        (Beale(), [(3.0, 0.5)]),
        (Saddle(), [(0.0, -math.sqrt(2)), (0.0, math.sqrt(2))]),
        (Formula(formula="(x^2 - 1)^2 + y^2"), [(-1.0, 0.0), (1.0, 0.0)]),
        (Formula(formula="x + y"), []),
        (Formula(formula="abs(x)"), []),
    ],
)
def test_the_minima_are_found(surface: Formula, minima: list[tuple[float, float]]) -> None:
    found = scan(surface).minima
    wanted = torch.tensor(minima, dtype=torch.float64).reshape(-1, 2)
    assert found.shape == wanted.shape
    assert all(bool(((found - each).abs().max(1).values < 1e-3).any()) for each in wanted)


def test_the_egg_box_has_its_121_minima_and_the_lowest_is_the_origin() -> None:
    found = scan(Rastrigin()).minima
    assert len(found) == 121
    assert found[0].abs().max() < 1e-3


@pytest.mark.parametrize(
    ("surface", "low", "place"),
    [
        (Saddle(), -0.5, (0.0, math.sqrt(2))),
        (Formula(formula="(x - 0.123456)^2 + 1000000*(y - 0.654321)^2"), 0.0, (0.123456, 0.654321)),
        (Formula(formula="(x - 0.00003)^2 + y^2", half=1e-4), 0.0, (0.00003, 0.0)),
    ],
)
def test_minima_are_exact(surface: Formula, low: float, place: tuple[float, float]) -> None:
    """Were the lowest height known too high, a path would seem to arrive before it does."""
    known = scan(surface)
    assert known.low == pytest.approx(low, abs=1e-15)
    assert known.minima[-1].tolist() == pytest.approx(place, rel=1e-9, abs=1e-15)


def test_of_more_minima_than_are_looked_at_the_lowest_are_known() -> None:
    """Nearly six hundred, the higher up the lower."""
    found = scan(Formula(formula="cos(30*x) + cos(30*y) - 0.1*y")).minima
    assert found[0, 1] > 2.4
