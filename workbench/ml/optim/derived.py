"""One optimizer made of a base and stages.

    base = torch.optim.Adam(model.named_parameters(), lr=1e-3, fused=True)
    optimizer = Derived(base, [Accumulate(batches=4), Decay(rate=0.01), Adaptation(), Piecewise(knots=((1000, 1),))])

An update runs through the phases in this order, and through the stages of a phase in the order of the list:

- gradient: micro-batches gather, gradients are clipped;
- direction: the base makes its step −γh, which decay, adaptation and lazy turn;
- rate: γ, or where the base's step is not proportional to it the step, is multiplied by ρ(t);
- weights: what is kept beside the weights follows them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.optim import Optimizer

from workbench.errors import UserError
from workbench.texts import T

from . import memory, params, rules
from .bases import BASES, Base
from .parts import Part, StandIn, call, large, split, step
from .stages import DIRECTIONS, WEIGHTS, Adaptation, Average, Decay, Direction, Gradients, Lazy, Weights

STAGES = "stages"
_ANEW = T("Start a new run instead.")


class Derived(Optimizer):
    """A torch optimizer that shares groups and state with its base, so that schedulers and scalers see one optimizer.

    base: any of torch.optim; one from elsewhere must treat its groups, and their tensors, independently. Where stages
    ask for names, make it from `model.named_parameters()`. updates: how often the weights were updated; micro-batches
    in between do not count. Raises UserError for stages that cannot be built upon this base.
    """

    def __init__(self, base: Optimizer, stages: Sequence[params.Stage]) -> None:
        self.specs = params.in_order(params.acting(stages))
        self.facts = facts_of(base)
        _check(base, self.facts, self.specs)
        super().__init__(base.param_groups, base.defaults)
        self.base = base
        self.made = [_settings(each) for each in base.param_groups]
        self.updates = 0
        of = {phase: [each for each in self.specs if each.phase == phase] for phase in params.PHASES}
        self.gradients = Gradients(of["gradient"])
        self.directions = [DIRECTIONS[each.kind](each) for each in of["direction"]]
        self.schedules = [each for each in of["rate"] if isinstance(each, params.Piecewise)]
        self.rates = [each for each in of["rate"] if isinstance(each, params.Rates)]
        self.weights = [WEIGHTS[each.kind](each) for each in of["weights"]]
        self._share()

    def _share(self) -> None:
        """One list of groups and one state for both; then the tensors are divided into parts."""
        self.param_groups, self.state, self.defaults = self.base.param_groups, self.base.state, self.base.defaults
        if self.facts is not None:
            memory.begin(self.base, self.facts)
        self.additive = self._additive_groups()
        self.tensors: list[Tensor] = []
        self.turning: list[list[Direction]] = []
        self.begins: dict[int, Decay] = {}
        self.shares: dict[int, float] = {}
        self.factors: list[float] = []
        self.aside: set[int] = set()
        self.resting: set[int] = set()
        for group in self.param_groups:
            names = group.get("param_names") or [""] * len(group["params"])
            for name, tensor in zip(names, group["params"], strict=True):
                self._plan(name, tensor, group)
        whole = self.facts is None or self.facts is BASES["LBFGS"]
        self.parts = split(self.param_groups, self.aside, self.resting, whole)
        self.bare = not (self.aside or self.resting or self.shares or self.schedules or self.directions)

    def _plan(self, name: str, tensor: Tensor, group: dict[str, Any]) -> None:
        """Which stages act on a tensor. Rows that rest under the base need no mask, unless decay moved them before."""
        number = len(self.tensors)
        turning = [each for each in self.directions if each.selects(name, tensor)]
        if any(isinstance(each, Lazy) and each.spec.mode == "state" for each in turning):
            self.resting.add(number)
            while turning and isinstance(turning[0], Lazy):
                turning = turning[1:]
        self.tensors.append(tensor)
        self.turning.append(turning)
        self.factors.append(math.prod(each.factor(name) for each in self.rates))
        if self._stands_in(number, group):
            self.aside.add(number)
            if large(tensor) and number not in self.resting and self._additive(group):
                self._begin_with_decay(number)
        elif share := sum(each.spec.rate for each in turning if isinstance(each, Decay)):
            self.shares[number] = share

    def _begin_with_decay(self, number: int) -> None:
        turning = self.turning[number]
        if turning and isinstance(turning[0], Decay):
            self.begins[number] = turning[0]
            del turning[0]

    def _stands_in(self, number: int, group: dict[str, Any]) -> bool:
        """Whether the step must be put aside before it is added: not for decay alone, which can act before the base."""
        decays = all(isinstance(each, Decay) for each in self.turning[number])
        if self.factors[number] != 1 or not decays or (self.schedules and not self._proportional):
            return True
        return bool(self.turning[number]) and not self._additive(group)

    @property
    def _proportional(self) -> bool:
        return self.facts is None or self.facts.proportional

    def _additive(self, group: dict[str, Any]) -> bool:
        return self.facts is not None and self.facts.additive and not group.get("weight_decay", 0)

    def _additive_groups(self) -> list[bool]:
        return [self._additive(group) for group in self.param_groups]

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """As torch's; the new tensors take the numbers after those that are there."""
        if "base" not in self.__dict__:  # torch's own constructor looks over the base's groups
            super().add_param_group(param_group)
            return
        self.base.add_param_group(param_group)
        self.made.append(_settings(self.base.param_groups[-1]))
        self._share()

    # ------------------------------------------------------------------------------------ a step

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None, *, weight: float = 1.0) -> Any:
        """Takes the gradients in, and updates the weights if they are due. Returns what the closure does.

        weight: of this micro-batch in the mean, e.g. how many samples or words it has. Accumulation takes gradients
        out of `.grad`, so a loop may clear them after every micro-batch or never. A scaler that skips a step for an
        infinite gradient leaves that micro-batch out; the window waits for another. Raises RuntimeError while the
        average is swapped in.
        """
        self._check_own_weights()
        if self.facts is BASES["LBFGS"]:
            return self._update(closure)
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        if self.gradients.take(self.tensors, weight):
            self._update()
            self.gradients.used(self.tensors)
        return loss

    @torch.no_grad()
    def flush(self) -> bool:
        """Updates with the micro-batches that have come so far, as at the end of the data; False if there are none."""
        self._check_own_weights()
        due = self.gradients.flush(self.tensors)
        if due:
            self._update()
            self.gradients.used(self.tensors)
        return due

    def _update(self, closure: Any = None) -> Any:
        if self.additive != self._additive_groups():  # a schedule of the base's own decay has begun or ended
            self._share()
        for kept in self.weights:
            if len(kept.kept) < len(self.tensors):
                kept.begin(list(enumerate(self.tensors)))
        result = self._move_all(closure) if self.bare else self._move_in_parts(closure)
        self.updates += 1
        for kept in self.weights:
            kept.end(self.updates)
        return result

    def _move_all(self, closure: Any) -> Any:
        """Nothing turns or scales the base's step: it moves everything at once, and what is kept follows."""
        result = step(self.base, closure)
        for kept in self._due():
            for part in self.parts:
                for bundle in part.bundles:
                    kept.follow(bundle, self.updates + 1)
        return result

    def _move_in_parts(self, closure: Any) -> Any:
        factor = 1.0
        for each in self.schedules:
            factor *= rules.piecewise(self.updates, each.knots)
        result = None
        for part in self.parts:
            result = self._move(part, factor, closure)
        return result

    def _due(self) -> list[Weights]:
        return [each for each in self.weights if each.due(self.updates + 1)]

    def _move(self, part: Part, factor: float, closure: Any) -> Any:
        """The base's step on a part; then bundle by bundle it is turned, scaled, added, and followed."""
        group, later = part.group, 1.0 if self._proportional else factor
        rate = group["lr"] * factor if self._proportional and factor != 1 else group["lr"]
        from_zero = self._additive(group)
        result = self._step(part, from_zero, rate, closure)
        due = self._due()
        for bundle in part.bundles if part.places or due else ():
            self._turn([each for each in bundle.places if each.weight.grad is not None], from_zero, rate, later)
            for kept in due:
                kept.follow(bundle, self.updates + 1)
        return result

    def _step(self, part: Part, from_zero: bool, rate: Any, closure: Any) -> Any:
        """The base moves the tensors, or what stands in for them."""
        places = [each for each in part.places if each.weight.grad is not None]
        for stage in self.directions:
            if isinstance(stage, Lazy):
                stage.prepare(self._chosen(stage, places))
        self._shrink(part, float(rate))
        if from_zero:
            self._begin(places, rate)
        targets = part.plain + [each.enter(self.base, from_zero) for each in places]
        try:
            return call(self.base, part.group, targets, rate, closure)
        finally:
            for place in places:
                place.release(self.base)

    def _begin(self, places: Sequence[StandIn], rate: Any) -> None:
        """The steps start at zero, those of large tensors with decay if that is first: one pass over memory less."""
        for place in places:
            if place.number in self.begins:
                self.begins[place.number].begin(place, float(rate))
        zeros = [each.step for each in places if each.step is not None and each.number not in self.begins]
        if zeros:
            torch._foreach_zero_(zeros)

    def _chosen(self, stage: Direction, places: Sequence[StandIn]) -> list[StandIn]:
        """Those whose step this stage turns."""
        return [each for each in places if each.step is not None and stage in self.turning[each.number]]

    def _shrink(self, part: Part, rate: float) -> None:
        """Decay before the base moves, of tensors without a step of their own to be turned: of several decays the
        sum, as a step would take them."""
        decaying: dict[float, list[Tensor]] = {}
        for number, tensor in part.items if self.shares else ():
            if number in self.shares and tensor.grad is not None:
                decaying.setdefault(self.shares[number], []).append(tensor)
        for share, weights in decaying.items():
            rules.decay(weights, weights, rate * share)

    def _turn(self, places: Sequence[StandIn], from_zero: bool, rate: Any, later: float) -> None:
        """What the base did becomes steps, which are turned, scaled and added."""
        for place in places if self.resting or not from_zero else ():
            place.settle(from_zero)
        for stage in self.directions:
            chosen = self._chosen(stage, places)
            if chosen:
                stage.turn(chosen, float(rate))
        moving = [each for each in places if each.step is not None]
        scales = [each.scale * self.factors[each.number] * later for each in moving]
        rules.move([each.weight for each in moving], [each.step for each in moving], scales)

    # --------------------------------------------------------------------------------- to be seen

    @property
    def ratios(self) -> dict[int, float]:
        """‖θ‖/‖h‖ of each adapted tensor in the last update, by its number."""
        return {
            number: ratio
            for each in self.directions
            if isinstance(each, Adaptation)
            for number, ratio in each.ratios.items()
        }

    def slow(self, number: int) -> Tensor | None:
        """Lookahead's slow weights of a tensor; None where there is no such stage, or no update yet."""
        return next((each.kept.get(number) for each in self.weights if not isinstance(each, Average)), None)

    # ------------------------------------------------------------------------------- the average

    @property
    def average(self) -> Average:
        """The stage that averages the weights. Raises UserError where there is none."""
        for each in self.weights:
            if isinstance(each, Average):
                return each
        raise UserError(T("This optimizer keeps no average of the weights."), T("Add the stage average."))

    @torch.no_grad()
    def swap_in(self) -> None:
        """The weights become their average. Raises RuntimeError if they are already."""
        self._check_own_weights()
        for number in self.average.kept:
            tensor = self.tensors[number]
            self.average.swapped[number] = tensor.detach().clone(memory_format=torch.preserve_format)
            tensor.copy_(self.average.value(number))

    @torch.no_grad()
    def swap_out(self) -> None:
        """The weights are themselves again. Nothing happens if they are."""
        for number, own in self.average.swapped.items():
            self.tensors[number].copy_(own)
        self.average.swapped = {}

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """The average in place of the weights, for an evaluation; where none is kept, the weights themselves."""
        if not any(isinstance(each, Average) for each in self.weights):
            yield
            return
        self.swap_in()
        try:
            yield
        finally:
            self.swap_out()

    def _check_own_weights(self) -> None:
        for each in self.weights:
            if isinstance(each, Average) and each.swapped:
                raise RuntimeError("the average of the weights is swapped in: swap it out first")

    # ------------------------------------------------------------------------------------- state

    def state_dict(self) -> dict[str, Any]:
        """The base's, and under "stages" what the stages keep; as torch's it refers to the tensors themselves."""
        own = {
            "base": type(self.base).__name__,
            "made": self.made,
            "kinds": [each.kind for each in self.specs],
            "updates": self.updates,
            "gradients": self.gradients.state(),
            "weights": [each.state() for each in self.weights],
        }
        return {**self.base.state_dict(), STAGES: own}

    @torch.no_grad()
    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Takes up exactly where `state_dict()` was taken. Without stages it also takes the state of the base alone.

        A setting with which this optimizer was made otherwise than that one stays as it was made: a fork may have
        another. Raises UserError for the state of other stages, or of another base.
        """
        base = {name: value for name, value in state_dict.items() if name != STAGES}
        own = state_dict.get(STAGES, {})
        self._check_origin(own, base)
        self.base.load_state_dict(base)
        self._keep_settings(own.get("made", self.made))
        self._share()
        memory.restore_types(self.base, self.tensors, base["state"])
        if own:
            self._restore_own(own)

    def _check_origin(self, own: dict[str, Any], base: dict[str, Any]) -> None:
        """own: what the state says beside its base's; nothing of a base alone."""
        name = type(self.base).__name__
        theirs, kinds, ours = own.get("base", name), own.get("kinds", []), [each.kind for each in self.specs]
        if not memory.alike(theirs, name) or kinds != ours:
            names = {"theirs": " + ".join([theirs, *kinds]), "ours": " + ".join([name, *ours])}
            raise UserError(T("This state belongs to {theirs}, not to {ours}.", **names), _ANEW)
        if missing := memory.missing(base["param_groups"], self.facts):
            text = T("This state is of another optimizer than {base}: it has no {names}.", base=name, names=missing)
            raise UserError(text, _ANEW)

    def _keep_settings(self, theirs: Sequence[dict[str, Any]]) -> None:
        """What differs in how the two were made is ours; what has changed since, as a rate does, is the state's."""
        for group, ours, other in zip(self.base.param_groups, self.made, theirs, strict=True):
            group.update({name: value for name, value in ours.items() if name in other and value != other[name]})

    def _restore_own(self, own: dict[str, Any]) -> None:
        self.updates = own["updates"]
        self.gradients.restore(own["gradients"], self.tensors)
        for each, kept in zip(self.weights, own["weights"], strict=True):
            each.restore(kept, self.tensors, self.updates)

    def __getstate__(self) -> dict[str, Any]:
        return dict(self.__dict__)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        self._share()


def facts_of(base: Optimizer) -> type[Base] | None:
    """What is known of the base; None for one that is not torch's own."""
    name = type(base).__name__
    return BASES.get(name) if type(base) is getattr(torch.optim, name, None) else None


def _check(base: Optimizer, facts: type[Base] | None, stages: Sequence[params.Stage]) -> None:
    why = params.refusal(facts, stages)
    if why is not None:
        raise UserError(why)
    if base.defaults.get("differentiable"):
        raise UserError(T("Stages cannot be built upon an optimizer that is itself differentiated."))
    asks = any(isinstance(each, params.Named | params.Rates) and each.asks_names for each in stages)
    if asks and "param_names" not in base.param_groups[0]:
        raise UserError(
            T("Stages choose tensors by name, but this optimizer knows no names."),
            T("Make it from model.named_parameters()."),
        )


def _settings(group: dict[str, Any]) -> dict[str, Any]:
    """Of a parameter group all but its tensors."""
    return {name: value for name, value in group.items() if name not in ("params", "param_names")}
