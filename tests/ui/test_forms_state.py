"""What a form holds, without widgets: only what was set; what the others take; nothing typed is lost."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import model_validator

from workbench import fields
from workbench.discovery import discover
from workbench.params import Group, Offered, P, Params
from workbench.settings import Places, Settings
from workbench.ui.forms.kinds import classify, kind_of_field
from workbench.ui.forms.state import New, State

from .forms_sample import Sample
from .forms_values import models_and_values, values_of


def state_of(values: dict[str, Any] | None = None, model: type[Params] = Sample) -> State:
    state = State(model)
    state.replace(values or {})
    return state


def test_kinds() -> None:
    kinds = {name: kind_of_field(info).name for name, info in Sample.model_fields.items()}
    assert kinds == {
        "version": "integer", "seed": "integer", "rate": "number", "decay": "number", "size": "number",
        "steps": "integer", "smooth": "switch", "note": "text", "loss": "choice", "slack": "number", "cut": "number",
        "centre": "vector", "sizes": "numbers", "secret": "integer", "depth": "integer", "picture": "array",
        "table": "file", "folder": "folder", "model": "artifact", "free": "json", "head": "group", "spare": "group",
        "optimizer": "variant", "chain": "list", "vectors": "list", "words": "list",
    }  # fmt: skip
    assert kind_of_field(Sample.model_fields["centre"]).items[0].bounds.high == 100
    assert classify(Annotated[Any, Offered("dataset/none")]).name == "json"
    assert classify(int | str).name == "json"
    assert classify(dict[str, float]).name == "json"


@pytest.mark.parametrize("name", Sample.model_fields)
def test_a_blank_is_valid(name: str) -> None:
    kind = kind_of_field(Sample.model_fields[name])
    assert kind.name in ("array", "json") or not fields.problems(Sample, {name: kind.blank()})


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(models_and_values())
def test_values_come_back_as_they_were_given(drawn: tuple[type[Params], dict[str, Any]]) -> None:
    model, values = drawn
    state = state_of(values, model)
    assert state.values == values
    assert not state.wrong
    assert state.taken == fields.validate(model, values)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(values_of(Sample))
def test_every_value_is_shown(values: dict[str, Any]) -> None:
    state = state_of(values)
    for name in Sample.model_fields:
        shown = state.shown(name)
        if name in values and not isinstance(values[name], dict):
            assert shown == values[name]
        elif name not in values:
            assert shown == getattr(state.taken, name)


def test_recipes_that_follow_the_data_go_on_applying() -> None:
    gan = discover(Places.of(), Settings()).tools["gan"].tool.params
    state = state_of({}, gan)
    assert (state.shown("steps"), state.member_at("data")) == (4000, "digits")
    state.choose("data", "ring8")
    state.put("optimizer.base.lr", 0.5)
    state.check()
    assert (state.shown("steps"), state.shown("optimizer.hold"), state.shown("optimizer.base.lr")) == (6000, 0.5, 0.5)
    assert state.shown("optimizer.base.betas") == (0.0, 0.99)
    assert state.values == {"data": {"kind": "ring8"}, "optimizer": {"base": {"kind": "adam", "lr": 0.5}}}
    assert state.seconds < 0.002
    state.clear("optimizer.base")
    state.check()
    assert state.values == {"data": {"kind": "ring8"}}
    assert state.shown("optimizer.base.lr") == 3e-3


def test_a_fault_hides_no_other_value() -> None:
    state = state_of({"rate": "abc", "head": {"stages": 2, "weights": [1.0]}, "steps": 7})
    assert {path for path, _ in state.wrong} == {"rate", "head"}
    assert (state.shown("rate"), state.shown("steps"), state.shown("decay")) == ("abc", 7, 0.999)
    assert (state.shown("head.stages"), state.shown("head.tuned")) == (2, 0.5)


def test_what_is_set_to_what_it_would_take_makes_no_difference() -> None:
    complete = Sample(steps=5).model_dump()
    state = state_of(complete)
    assert [name for name in complete if state.differs(name)] == ["steps"]
    assert not state.differs("optimizer.rate")
    state.put("optimizer.rate", 0.5)
    state.put("rate", "abc")
    state.check()
    assert [name for name in complete if state.differs(name)] == ["rate", "steps", "optimizer"]
    assert state.differs("optimizer.rate")
    assert not state.differs("optimizer.betas")
    assert state_of({"count": 5}, Needed).differs("count")


def test_what_makes_a_difference_is_known_once_it_was_found_out() -> None:
    state = state_of({"steps": 5})
    assert (state.knows("rate"), state.knows("steps")) == (True, False)
    assert state.differs("steps")
    assert state.knows("steps")
    state.put("steps", 6)
    state.check()
    assert not state.knows("steps")


def test_a_recipe_decides_what_makes_a_difference() -> None:
    gan = discover(Places.of(), Settings()).tools["gan"].tool.params
    state = state_of({"data": {"kind": "ring8"}, "steps": 6000}, gan)
    assert not state.differs("steps")
    state.put("steps", 4000)
    state.check()
    assert state.differs("steps")


class Needed(Params):
    """Fields without a default."""

    count: int = P(..., "Count", ge=3)
    other: float = P(0.25, "Other")


def test_a_missing_value_is_missed_and_the_others_are_shown() -> None:
    state = State(Needed)
    assert state.wrong == [("count", "a value is needed.")]
    assert (state.shown("count"), state.shown("other")) == (None, 0.25)


def test_a_member_keeps_what_was_typed() -> None:
    state = state_of()
    state.put("optimizer.rate", 0.5)
    state.choose("optimizer", "clip")
    state.put("optimizer.limit", 3.0)
    state.choose("optimizer", "adam")
    state.check()
    assert state.shown("optimizer.rate") == 0.5
    state.choose("optimizer", "clip")
    state.check()
    assert state.shown("optimizer.limit") == 3.0


def test_a_members_bare_name_chooses_it() -> None:
    state = state_of({"optimizer": "clip", "chain": ["adam"]})
    assert state.values == {"optimizer": {"kind": "clip"}, "chain": [{"kind": "adam"}]}
    state.put("optimizer", "adam")
    assert state.member_at("optimizer") == "adam"


def test_an_optional_field_keeps_its_value_while_it_is_off() -> None:
    state = state_of({"cut": 0.25, "spare": {"stages": 4}})
    for path, value in (("cut", 0.25), ("spare.stages", 4)):
        top = path.partition(".")[0]
        state.switch(top, False)
        state.check()
        assert state.shown(top) is None
        state.switch(top, True)
        state.check()
        assert state.shown(path) == value


def test_a_zero_comes_back_when_its_field_is_switched_on_again() -> None:
    class Shifted(Params):
        shift: float | None = P(5.0)
        name: str | None = P("none")

    state = state_of({"shift": 0.0, "name": ""}, Shifted)
    for path, value in (("shift", 0.0), ("name", "")):
        state.switch(path, False)
        state.switch(path, True)
        state.check()
        assert state.shown(path) == value


def test_switched_on_a_field_without_default_gets_a_valid_blank() -> None:
    state = state_of()
    state.switch("cut", True)
    state.check()
    assert not state.wrong
    assert state.shown("cut") == 1.0


def test_an_element_takes_what_was_put_aside_along() -> None:
    state = state_of()
    state.put("chain.1.rate", 0.125)
    state.choose("chain.1", "clip")
    state.reorder("chain", [1, 0])
    state.choose("chain.0", "adam")
    state.check()
    assert state.shown("chain.0.rate") == 0.125
    state.reorder("chain", [1, New({"kind": "clip"})])
    state.check()
    assert [each["kind"] for each in state.values["chain"]] == ["clip", "clip"]
    assert not state.wrong


def test_an_element_can_be_put_before_anything_was_set() -> None:
    state = state_of()
    state.put("vectors.1.0", -3.0)
    state.put("centre.1", 2.0)
    state.check()
    assert state.values == {"vectors": [[1.0, 0.0], [-3.0, 1.0]], "centre": [0.0, 2.0]}


class Tree(Group):
    """A group that may hold itself."""

    weight: float = P(1.0, "Weight")
    below: Tree | None = P(None, "Below")


def test_a_model_may_hold_itself() -> None:
    class Forest(Params):
        tree: Tree = P({}, "Tree")

    state = State(Forest)
    state.put("tree.below.below.weight", 2.0)
    state.check()
    assert state.shown("tree.below.below.weight") == 2.0
    assert state.shown("tree.below.weight") == 1.0


class Entry(Group):
    word: str = P(..., "Word", min_length=1)
    times: int | None = P(None, "Times", ge=0)

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"word": value} if isinstance(value, str) else value


class Book(Params):
    first: Entry = P("one", "First")
    entries: tuple[Entry, ...] = P((), "Entries")


def test_what_was_written_in_short_keeps_its_text_when_more_is_said_of_it() -> None:
    state = state_of({"first": "alpha", "entries": ["beta", {"word": "gamma"}, "delta"]}, Book)
    for path, value in (("first.times", 1), ("entries.0.times", 2), ("entries.2.word", "epsilon")):
        state.put(path, value)
        state.check()
    assert not state.wrong
    assert state.values == {
        "first": {"word": "alpha", "times": 1},
        "entries": [{"word": "beta", "times": 2}, {"word": "gamma"}, {"word": "epsilon"}],
    }


def test_a_group_that_nobody_set_begins_empty() -> None:
    state = state_of({}, Book)
    state.put("first.word", "zeta")
    assert state.values == {"first": {"word": "zeta"}}
