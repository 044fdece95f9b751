"""Stages together, upon real optimizers: what commutes and what does not, names, schedulers, scalers, closures."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.optim import lr_scheduler

from workbench.ml.optim import bases, params
from workbench.ml.optim.build import build
from workbench.ml.optim.derived import Derived
from workbench.ml.optim.params import (
    CLASHES,
    Accumulate,
    Adaptation,
    Average,
    Clip,
    Decay,
    Factor,
    Lazy,
    Lookahead,
    Optimizer,
    Piecewise,
    Rates,
    Stage,
)

STAGES: dict[str, Stage] = {
    "accumulate": Accumulate(batches=3),
    "clip": Clip(limit=0.3),
    "decay": Decay(rate=0.5, exclude=()),
    "adaptation": Adaptation(exclude=()),
    "lazy": Lazy(mode="update", include=()),
    "piecewise": Piecewise(knots=((0, 0.5), (4, 2.0))),
    "rates": Rates(factors=(Factor(pattern="first", factor=0.25),)),
    "lookahead": Lookahead(every=2),
    "average": Average(decay=0.6),
}
PAIRS = [
    (one, other) for one, other in itertools.combinations(STAGES, 2) if STAGES[one].phase == STAGES[other].phase
]  # fmt: skip


class Net(nn.Module):
    """A table, of which some rows are never asked for, and two layers, one of them called a norm."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.embed = nn.Embedding(6, 4, dtype=torch.float64)
        self.first = nn.Linear(4, 3, dtype=torch.float64)
        self.norm = nn.LayerNorm(3, dtype=torch.float64)

    def forward(self, words: Tensor) -> Tensor:
        result: Tensor = self.norm(torch.tanh(self.first(self.embed(words))))
        return result


def backward(model: nn.Module, words: Tensor, scaler: torch.amp.GradScaler | None = None) -> Tensor:
    loss: Tensor = (model(words) - 0.5).square().sum()
    torch.autograd.backward(scaler.scale(loss) if scaler else loss)
    return loss.detach()


def words(n: int, seed: int) -> Iterator[Tensor]:
    drawn = torch.Generator().manual_seed(seed)
    return (torch.randint(0, 4, (5,), generator=drawn) for _ in range(n))


def optimizer_of(model: nn.Module, *stages: Stage, base: bases.Base | None = None) -> Any:
    return build(Optimizer(base=base or bases.Adam(lr=0.05), stages=stages), model.named_parameters())


def trained(stages: Sequence[Stage], seed: int, n: int = 9) -> tuple[list[Tensor], list[Tensor]]:
    """The weights after n micro-batches, and their average where one is kept."""
    model = Net(seed)
    optimizer = optimizer_of(model, *stages)
    for batch in words(n, seed):
        optimizer.zero_grad()
        backward(model, batch)
        optimizer.step()
    own = [each.detach().clone() for each in model.parameters()]
    if any(isinstance(each, Average) for each in stages):
        optimizer.swap_in()
    return own, [each.detach().clone() for each in model.parameters()]


def alike(one: Any, other: Any) -> bool:
    pairs = zip(itertools.chain(*one), itertools.chain(*other), strict=True)
    return all(torch.allclose(a, b, rtol=1e-9, atol=1e-11) for a, b in pairs)


# ------------------------------------------------------------------------------------ commuting


@pytest.mark.parametrize("pair", PAIRS)
@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_pairs_of_a_phase_commute_save_those_that_are_marked(pair: tuple[str, str], seed: int) -> None:
    one, other = (STAGES[each] for each in pair)
    same = alike(trained((one, other), seed), trained((other, one), seed))
    assert same is (frozenset(pair) not in CLASHES)


@settings(max_examples=10, deadline=None)
@given(
    kind=st.sampled_from(["decay", "adaptation", "lazy", "piecewise", "rates", "lookahead"]), seed=st.integers(0, 99)
)
def test_two_of_a_kind_commute(kind: str, seed: int) -> None:
    """Which is why no stage is marked as clashing with its like."""
    more: dict[str, Stage] = {
        "clip": Clip(limit=0.7),
        "decay": Decay(rate=0.1, exclude=("first",)),
        "adaptation": Adaptation(exclude=("embed",)),
        "lazy": Lazy(mode="update", include=("embed",)),
        "piecewise": Piecewise(knots=((3, 1.0),)),
        "rates": Rates(factors=(Factor(pattern="bias", factor=3.0),)),
        "lookahead": Lookahead(every=3, pull=0.8),
    }
    same = alike(trained((STAGES[kind], more[kind]), seed), trained((more[kind], STAGES[kind]), seed))
    assert same is (frozenset({kind}) not in CLASHES)


def test_every_pair_of_a_phase_is_tried() -> None:
    assert {each.phase for each in STAGES.values()} == set(params.PHASES)
    assert {pair for pair in CLASHES if len(pair) > 1} <= {frozenset(pair) for pair in PAIRS}
    kinds = {each.model_fields["kind"].default for each in Stage.__subclasses__() if "kind" in each.model_fields}
    assert {kind for kind in kinds if isinstance(kind, str)} <= STAGES.keys()


@settings(max_examples=10, deadline=None)
@given(stages=st.permutations(list(STAGES.values())), seed=st.integers(0, 99))
def test_only_the_order_of_the_marked_pairs_matters(stages: list[Stage], seed: int) -> None:
    """Given in any order, the chain is that of the phases, in which unmarked neighbours may change places."""
    by_phase = [each for phase in params.PHASES for each in stages if each.phase == phase]
    for at, (one, other) in enumerate(itertools.pairwise(by_phase)):
        if one.phase == other.phase and frozenset({one.kind, other.kind}) not in CLASHES:
            by_phase[at : at + 2] = [other, one]
    assert alike(trained(stages, seed), trained(by_phase, seed))


# ----------------------------------------------------------------------------- names by patterns

NAMES = ["embed.weight", "first.weight", "first.bias", "norm.weight", "norm.bias"]
PATTERNS: list[tuple[dict[str, Any], set[str]]] = [
    ({"exclude": ()}, set(NAMES)),
    ({}, {"embed.weight", "first.weight"}),  # norms and biases are left out unless somebody says otherwise
    ({"include": (r"^first\.",), "exclude": ()}, {"first.weight", "first.bias"}),
    ({"include": ("weight$",), "exclude": ("embed|norm",)}, {"first.weight"}),
    ({"include": ("embed", "bias"), "exclude": ("norm",)}, {"embed.weight", "first.bias"}),
    ({"include": ("First",), "exclude": ()}, set()),  # a pattern minds capitals …
    ({"include": ("(?i)First",), "exclude": ()}, {"first.weight", "first.bias"}),  # … unless it says that it does not
    ({"include": ("irst.w",), "exclude": ()}, {"first.weight"}),
]


@pytest.mark.parametrize(("named", "expected"), PATTERNS)
@pytest.mark.parametrize("alone", [True, False])
def test_patterns_choose_the_weights_that_decay(named: dict[str, Any], expected: set[str], alone: bool) -> None:
    """With a gradient of zero a weight moves by decay alone; also where the step has to be put aside."""
    model = Net()
    with torch.no_grad():
        model.first.bias.fill_(1.0)
        model.norm.bias.fill_(1.0)
    before = {name: each.detach().clone() for name, each in model.named_parameters()}
    rest = () if alone else (Rates(factors=(Factor(pattern=".", factor=0.5),)),)
    optimizer = optimizer_of(model, Decay(rate=0.5, **named), *rest, base=bases.SGD(lr=0.1))
    for each in model.parameters():
        each.grad = torch.zeros_like(each)
    optimizer.step()
    assert {name for name, each in model.named_parameters() if not torch.equal(each, before[name])} == expected
    kept = 1 - 0.1 * 0.5 * (1 if alone else 0.5)
    for name in expected:
        torch.testing.assert_close(model.get_parameter(name).detach(), kept * before[name], rtol=1e-12, atol=0)


@pytest.mark.parametrize(("named", "expected"), PATTERNS)
def test_patterns_choose_the_tensors_that_are_adapted(named: dict[str, Any], expected: set[str]) -> None:
    model = Net()
    optimizer = optimizer_of(model, Adaptation(**named))
    for batch in words(2, 0):
        optimizer.zero_grad()
        backward(model, batch)
        optimizer.step()
    assert {NAMES[number] for number in optimizer.ratios} == expected


def test_names_survive_parameter_groups() -> None:
    """Each group has its own list; numbers go on counting through all of them."""
    model = Net()
    groups = [
        {"params": list(model.first.named_parameters(prefix="first")), "lr": 0.1},
        {"params": list(model.norm.named_parameters(prefix="norm")), "lr": 0.0},
    ]
    before = {name: each.detach().clone() for name, each in model.named_parameters()}
    optimizer = Derived(torch.optim.SGD(groups), [Decay(rate=0.5, include=("weight",), exclude=())])
    for each in model.parameters():
        each.grad = torch.zeros_like(each)
    optimizer.step()
    assert {name for name, each in model.named_parameters() if not torch.equal(each, before[name])} == {"first.weight"}


# --------------------------------------------------------------------------- torch's own schedules

ALL = (Accumulate(batches=2), Clip(limit=1.0), Decay(rate=0.1), Adaptation(), Lookahead(every=2), Average(decay=0.5))
Make = Callable[[torch.optim.Optimizer], Any]
SCHEDULES: dict[str, Make] = {
    "LambdaLR": lambda o: lr_scheduler.LambdaLR(o, lambda t: 1 / (1 + t)),
    "MultiplicativeLR": lambda o: lr_scheduler.MultiplicativeLR(o, lambda _: 0.9),
    "StepLR": lambda o: lr_scheduler.StepLR(o, 2, 0.5),
    "MultiStepLR": lambda o: lr_scheduler.MultiStepLR(o, [2, 5], 0.5),
    "ConstantLR": lambda o: lr_scheduler.ConstantLR(o, 0.5, 3),
    "LinearLR": lambda o: lr_scheduler.LinearLR(o, 0.2, 1.0, 4),
    "ExponentialLR": lambda o: lr_scheduler.ExponentialLR(o, 0.8),
    "PolynomialLR": lambda o: lr_scheduler.PolynomialLR(o, 6),
    "CosineAnnealingLR": lambda o: lr_scheduler.CosineAnnealingLR(o, 5),
    "CosineAnnealingWarmRestarts": lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 3),
    "CyclicLR": lambda o: lr_scheduler.CyclicLR(o, 0.01, 0.1, 2, cycle_momentum=True),
    "OneCycleLR": lambda o: lr_scheduler.OneCycleLR(o, 0.1, 12),
    "SequentialLR": lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.ConstantLR(o, 0.1, 3), lr_scheduler.ExponentialLR(o, 0.9)], [3]
    ),
    "ChainedScheduler": lambda o: lr_scheduler.ChainedScheduler(
        [lr_scheduler.StepLR(o, 2, 0.5), lr_scheduler.ExponentialLR(o, 0.9)]
    ),
    "ReduceLROnPlateau": lambda o: lr_scheduler.ReduceLROnPlateau(o, patience=1),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_of_torch_sets_the_same_rates_as_on_the_base(name: str) -> None:
    ours, plain = Net(), Net()
    base = bases.SGD(lr=0.05, momentum=0.9)
    both = optimizer_of(ours, *ALL, base=base), torch.optim.SGD(plain.parameters(), lr=0.05, momentum=0.9)
    schedules = [SCHEDULES[name](each) for each in both]
    rates: list[list[float]] = [[], []]
    for batch in words(10, 0):
        for model, optimizer, schedule, seen in zip((ours, plain), both, schedules, rates, strict=True):
            optimizer.zero_grad()
            backward(model, batch)
            optimizer.step()
            schedule.step(*([1.0] if name == "ReduceLROnPlateau" else []))
            seen.append(optimizer.param_groups[0]["lr"])
    assert rates[0] == rates[1]
    assert len(set(rates[0])) > 1
    assert both[0].updates == 5


# -------------------------------------------------------------------------- scalers and closures


@settings(max_examples=8, deadline=None)
@given(kinds=st.lists(st.sampled_from(list(STAGES)), unique=True, max_size=6), seed=st.integers(0, 99))
def test_a_scaler_changes_no_chain(kinds: list[str], seed: int) -> None:
    """Powers of two are taken out again without a trace, with `unscale_` before the step or without."""
    results = []
    for scale in (None, 2.0**10):
        model = Net(seed)
        optimizer = optimizer_of(model, *(STAGES[kind] for kind in kinds))
        scaler = torch.amp.GradScaler("cpu", init_scale=scale or 1.0, enabled=scale is not None)
        for number, batch in enumerate(words(9, seed)):
            optimizer.zero_grad()
            backward(model, batch, scaler)
            if number % 2:
                scaler.unscale_(optimizer)
            scaler.step(optimizer)
            scaler.update()
        results.append([[each.detach() for each in model.parameters()]])
    assert alike(*results)


@settings(max_examples=8, deadline=None)
@given(kinds=st.lists(st.sampled_from(list(STAGES)), unique=True, max_size=6), seed=st.integers(0, 99))
def test_a_closure_is_the_same_as_a_backward_before_the_step(kinds: list[str], seed: int) -> None:
    closed = Net(seed)
    optimizer = optimizer_of(closed, *(STAGES[kind] for kind in kinds))
    losses = []
    for batch in words(9, seed):

        def closure(batch: Tensor = batch) -> Tensor:
            optimizer.zero_grad()
            return backward(closed, batch)

        losses.append(float(optimizer.step(closure)))
    plain, _ = trained([STAGES[kind] for kind in kinds], seed)
    assert all(map(torch.equal, plain, (each.detach() for each in closed.parameters())))
    assert len(losses) == 9


@pytest.mark.parametrize("alone", [True, False])
def test_two_decays_add_up_wherever_they_act(alone: bool) -> None:
    model = Net()
    before = model.first.weight.detach().clone()
    rest = () if alone else (Rates(factors=(Factor(pattern=".", factor=1.0), Factor(pattern="norm", factor=0.5))),)
    decays = (Decay(rate=0.5, exclude=()), Decay(rate=0.25, include=("first",), exclude=()))
    optimizer = optimizer_of(model, *decays, *rest, base=bases.SGD(lr=0.1))
    for each in model.parameters():
        each.grad = torch.zeros_like(each)
    optimizer.step()
    torch.testing.assert_close(model.first.weight.detach(), (1 - 0.1 * 0.75) * before, rtol=1e-12, atol=0)


def test_a_window_of_micro_batches_without_weight_moves_nothing() -> None:
    model = Net()
    before = [each.detach().clone() for each in model.parameters()]
    optimizer = optimizer_of(model, Accumulate(batches=2), base=bases.SGD(lr=0.1))
    for _ in range(2):
        for each in model.parameters():
            each.grad = torch.ones_like(each)
        optimizer.step(weight=0.0)
    assert optimizer.updates == 1
    assert all(torch.equal(each, old) for each, old in zip(model.parameters(), before, strict=True))
