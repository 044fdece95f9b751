"""Strategies: valid values for any model of parameters, and models with fields of any kind."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel, create_model

from workbench.params import P, Params
from workbench.ui.forms.kinds import Kind, kind_of_field

TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=6)


def values_of(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of a model's fields, each with a value that it takes."""
    unset = {"version", "kind", "secret", "weights"}
    fields = {name: value_of(kind_of_field(info)) for name, info in model.model_fields.items() if name not in unset}
    return st.fixed_dictionaries({}, optional=fields)


def value_of(kind: Kind) -> st.SearchStrategy[Any]:
    """A value of a kind, plain as a form holds it."""
    found = _value_of(kind)
    return st.none() | found if kind.optional else found


def _value_of(kind: Kind) -> st.SearchStrategy[Any]:
    if kind.name in ("number", "integer"):
        return _number(kind)
    if kind.name == "vector":
        return st.tuples(*map(value_of, kind.items)).map(list)
    if kind.name in ("numbers", "list"):
        return st.lists(value_of(kind.items[0]), min_size=kind.least, max_size=min(kind.most or 3, 3))
    if kind.name == "group":
        return values_of(kind.models[""])
    if kind.name == "variant":
        return st.one_of(*(_member(name, model) for name, model in kind.models.items()))
    simple: dict[str, st.SearchStrategy[Any]] = {
        "switch": st.booleans(),
        "choice": st.sampled_from(kind.options or (None,)),
        "json": TEXT | st.lists(st.integers(), max_size=2),
        "array": st.none() | st.just([[True, False]]),
        "artifact": st.sampled_from(["", "run:a1/model", "x.safetensors"]),
    }
    return simple.get(kind.name, TEXT.filter(lambda text: "\\" not in text and "/" not in text))


def _number(kind: Kind) -> st.SearchStrategy[Any]:
    bounds = kind.bounds
    if kind.name == "integer":
        low, high = bounds.low, bounds.high
        return st.integers(None if low is None else int(low), None if high is None else min(int(high), 2**60)).filter(
            bounds.holds
        )
    return st.floats(bounds.low, bounds.high, allow_nan=False, allow_infinity=False).filter(bounds.holds)


def _member(name: str, model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    return values_of(model).map(lambda values: {"kind": name, **values})


FIELDS: list[tuple[Any, Any]] = [
    (int, P(3, ge=0, le=100)),
    (float, P(0.5, gt=0)),
    (bool, P(False)),
    (str, P("text")),
    (float | None, P(None, lt=5)),
    (tuple[float, float], P((0.0, 1.0))),
    (tuple[int, ...], P((1, 2))),
    (tuple[str, ...], P(())),
    (tuple[tuple[float, float], ...], P(((0.0, 0.0),))),
    (int | None, P(2)),
]


@st.composite
def models_and_values(draw: st.DrawFn, depth: int = 0) -> tuple[type[Params], dict[str, Any]]:
    """A model out of drawn fields, a group among them, and values for it."""
    chosen = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=5))
    fields: dict[str, Any] = {f"f{number}": field for number, field in enumerate(chosen)}
    if depth == 0 and draw(st.booleans()):
        inner, _ = draw(models_and_values(depth=1))
        fields["group"] = (inner, P({}))
    model = create_model("Drawn", __base__=Params, **fields)
    return model, draw(values_of(model))
