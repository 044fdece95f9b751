"""The description of an optimizer: torch's own fields, phases, refusals, presets, and the Python that it turns into."""

from __future__ import annotations

import inspect
import itertools
import json
import subprocess
import sys
from typing import Any, get_args

import pytest
import torch
from torch import nn

from workbench.fields import ParameterError, problems, record, validate
from workbench.ml.optim import bases
from workbench.ml.optim.build import build
from workbench.ml.optim.export import to_python
from workbench.ml.optim.params import (
    CLASHES,
    KINDS,
    Accumulate,
    Adaptation,
    AnyStage,
    Average,
    Clip,
    Decay,
    Factor,
    Lazy,
    Lookahead,
    Optimizer,
    Piecewise,
    Rates,
    clashes,
)
from workbench.ml.optim.presets import EXAMPLES
from workbench.params import Example, kind_of, members_of
from workbench.texts import Text, translate

TORCH = {
    name: each
    for name, each in vars(torch.optim).items()
    if inspect.isclass(each) and issubclass(each, torch.optim.Optimizer) and each is not torch.optim.Optimizer
}


def test_a_declaration_may_import_it() -> None:
    """No torch, no numpy: a plugin names the form at discovery."""
    code = "import sys, workbench.ml.optim.export, workbench.ml.optim.presets; "
    code += "print(*{'torch', 'numpy'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


# ---------------------------------------------------------------------------------------- bases


def test_every_optimizer_of_torch_is_a_base() -> None:
    assert bases.BASES.keys() == TORCH.keys()


@pytest.mark.parametrize("name", TORCH)
def test_fields_and_defaults_are_torchs(name: str) -> None:
    theirs = inspect.signature(TORCH[name]).parameters
    for field, value in bases.BASES[name]().model_dump(exclude={"kind"}).items():
        assert theirs[field].default == value, field


@pytest.mark.parametrize("name", TORCH)
def test_torch_has_a_fused_kernel_where_it_is_said(name: str) -> None:
    assert bases.BASES[name].fused is ("fused" in inspect.signature(TORCH[name]).parameters)


# --------------------------------------------------------------------------------------- stages


def made(*stages: Any, base: Any = "adam") -> Optimizer:
    return validate(Optimizer, {"base": base, "stages": list(stages)})


def made_of(example: Example) -> Optimizer:
    return Optimizer.model_validate(example.values)


def test_validation_keeps_phases_in_order_and_the_order_within() -> None:
    wanted = ["lookahead", "adaptation", "average", "piecewise", "decay", "clip", "accumulate"]
    kinds = [each.kind for each in made(*({"kind": kind} for kind in wanted)).stages]
    assert kinds == ["clip", "accumulate", "adaptation", "decay", "piecewise", "lookahead", "average"]


def test_it_comes_back_from_its_record() -> None:
    for example in EXAMPLES:
        wanted = made_of(example)
        assert validate(Optimizer, json.loads(json.dumps(record(wanted)))) == wanted


def test_a_schedule_is_also_read_from_a_dictionary() -> None:
    (stage,) = made({"kind": "piecewise", "knots": {"2000": 0.1, "1000": 1}}).stages
    assert isinstance(stage, Piecewise)
    assert stage.knots == ((1000, 1), (2000, 0.1))


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"stages": [{"kind": "decay", "exclude": ["("]}]}, "regular expression"),
    ({"stages": [{"kind": "rates", "factors": [{"pattern": "*"}]}]}, "regular expression"),
    ({"stages": [{"kind": "piecewise", "knots": [[1, 1], [1, 2]]}]}, "same update"),
    ({"stages": [{"kind": "piecewise", "knots": []}]}, "at least one element"),
    ({"stages": [{"kind": "accumulate"}, {"kind": "accumulate"}]}, "only once"),
    ({"stages": [{"kind": "average"}, {"kind": "average"}]}, "only once"),
    ({"base": "lbfgs", "stages": [{"kind": "accumulate"}]}, "several times"),
    ({"base": "lbfgs", "stages": [{"kind": "lookahead"}]}, "curvature"),
    ({"base": "muon", "stages": [{"kind": "lazy", "mode": "state"}]}, "mode update"),
    ({"base": "adafactor", "stages": [{"kind": "lazy", "mode": "state"}]}, "mode update"),
    ({"base": "sparseadam", "stages": [{"kind": "lazy"}]}, "by itself"),
    ({"base": {"kind": "sgd", "nesterov": True}}, "momentum above 0"),
    ({"base": {"kind": "sgd", "nesterov": True, "momentum": 0.9, "dampening": 0.1}}, "no dampening"),
    ({"base": {"kind": "adafactor", "d": 0.5}}, "at least 1"),
]


@pytest.mark.parametrize(("values", "words"), WRONG)
def test_what_cannot_be_is_said_in_a_sentence(values: dict[str, Any], words: str) -> None:
    ((_, text), *_) = problems(Optimizer, values)
    assert isinstance(text, Text)
    assert words in str(text)
    with pytest.raises(ParameterError):
        validate(Optimizer, values)


def test_a_stage_is_called_by_name_in_the_readers_language() -> None:
    ((_, text), *_) = problems(Optimizer, {"base": "lbfgs", "stages": [{"kind": "decay"}]})
    assert "权重衰减" in translate(text, "zh_CN")
    assert {kind_of(each) for each in members_of(get_args(AnyStage)[0])} == set(KINDS)


def test_pairs_that_do_not_commute_are_marked_wherever_they_stand() -> None:
    stages = made(Decay(), Adaptation(), Piecewise(), Decay(), Lookahead(), Average()).stages
    assert [(each.first, each.second) for each in clashes(stages)] == [(0, 1), (1, 2), (4, 5)]


def test_only_stages_of_one_phase_can_clash() -> None:
    stages = [Accumulate(), Clip(), Decay(), Adaptation(), Lazy(), Lookahead(), Average()]
    phases = {each.kind: each.phase for each in stages}
    for pair in CLASHES:
        assert len({phases[kind] for kind in pair}) == 1


# ------------------------------------------------------------------------------------- as Python


def model() -> nn.Module:
    torch.manual_seed(0)
    parts = {"embed": nn.Embedding(5, 4), "first": nn.Linear(4, 4), "norm": nn.LayerNorm(4), "last": nn.Linear(4, 1)}
    return nn.Sequential().append(nn.ModuleDict(parts)).double()


def trained(optimizer: torch.optim.Optimizer, made_of: nn.Module) -> list[torch.Tensor]:
    drawn = torch.Generator().manual_seed(0)
    for _ in range(12):
        for each in made_of.parameters():
            each.grad = torch.randn(each.shape, generator=drawn, dtype=each.dtype)
        optimizer.step()
    return [each.detach() for each in made_of.parameters()]


MANY = Optimizer(
    base=bases.SGD(lr=0.1, momentum=0.9, nesterov=True),
    stages=(
        Accumulate(batches=3), Clip(limit=0.5), Lazy(mode="update"), Decay(rate=0.2, include=("weight",)), Adaptation(),
        Piecewise(knots=((2, 1.0), (4, 0.5))), Rates(factors=(Factor(pattern="last", factor=0.5),)),
        Lookahead(every=2), Average(decay=0.9, start="zero"),
    ),
)  # fmt: skip
PLAIN = [Optimizer(base=member()) for member in bases.BASES.values() if member.elementwise and not member.sparse]


@pytest.mark.parametrize("description", [MANY, *PLAIN, *map(made_of, EXAMPLES)])
def test_the_exported_text_makes_the_same_optimizer(description: Optimizer) -> None:
    space: dict[str, Any] = {}
    text = to_python(description)
    exec(compile(text, "exported", "exec"), space)
    one, other = model(), model()
    theirs = trained(space["make_optimizer"](one), one)
    ours = trained(build(description, other.named_parameters()), other)
    assert all(map(torch.equal, theirs, ours))
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(EXAMPLES, 2)), ids=lambda each: each.id)
def test_no_two_examples_are_the_same(one: Any, other: Any) -> None:
    assert made_of(one) != made_of(other)
