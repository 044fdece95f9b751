"""A handle may set a field inside a list of variants: that of the first element of a kind."""

from __future__ import annotations

from workbench import fields
from workbench.checks import faults_of_tool
from workbench.ml.optim.params import Optimizer
from workbench.params import P, Params
from workbench.tool import Handle, Layer, Panel, Tool
from workbench.ui.forms.state import State
from workbench.ui.pages.values import flat, located


class Trainer(Params):
    """A tool's parameters with a list of variants in a group."""

    optimizer: Optimizer = P({}, "Optimizer")


STAGES = [{"kind": "decay", "rate": 0.1}, {"kind": "piecewise", "knots": [[3, 1.0]]}, {"kind": "decay", "rate": 0.2}]


def faults(param: str, gesture: str = "knots") -> list[str]:
    panel = Panel("p", parts=(Layer("lines", "x"), Handle(gesture, param)))  # type: ignore[arg-type]
    return [str(each) for each in faults_of_tool(Tool("t", "T", Trainer, run=".m:f", panels=(panel,)), "json")]


def test_a_declaration_may_name_an_element_by_its_kind() -> None:
    assert not [each for each in faults("optimizer.stages.piecewise.knots") if "panel" in each]
    assert any("does not exist" in each for each in faults("optimizer.stages.piecewise.rate"))
    assert any("cannot set" in each for each in faults("optimizer.stages.decay.rate"))


def test_its_value_is_that_of_the_first_of_the_kind_and_its_path_is_found() -> None:
    values = fields.record(fields.validate(Trainer, {"optimizer": {"stages": STAGES}}))
    named = dict(flat(values))
    assert named["optimizer.stages.piecewise.knots"] == [[3.0, 1.0]]
    assert named["optimizer.stages.decay.rate"] == 0.1
    assert located(values, "optimizer.stages.piecewise.knots") == "optimizer.stages.2.knots"
    assert located(values, "optimizer.stages.decay.rate") == "optimizer.stages.0.rate"
    assert located(values, "optimizer.base.lr") == "optimizer.base.lr"
    assert located(values, "optimizer.stages.lookahead.pull") == "optimizer.stages.lookahead.pull"


def test_what_a_handle_sets_there_is_set_in_the_form() -> None:
    state = State(Trainer)
    state.replace({"optimizer": {"stages": STAGES}})
    values = fields.record(fields.validate(Trainer, state.values))
    state.put(located(values, "optimizer.stages.piecewise.knots"), [[0, 0.5], [7, 1.0]])
    assert not state.wrong
    assert fields.validate(Trainer, state.values).optimizer.stages[2].knots == ((0, 0.5), (7, 1.0))  # type: ignore[union-attr]
