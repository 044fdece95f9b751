"""The chains that are put beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from workbench.api import Remark
from workbench.ml.optim.params import Optimizer

from .texts import T

Beside = Literal["nothing", "base", "without", "prefixes"]


def variants(chain: Optimizer, compare: Beside, others: Sequence[Optimizer], most: int) -> list[tuple[str, Optimizer]]:
    """Names and chains: the chain itself first, then those beside it, at most so many."""
    named = _beside(chain, compare, others)[:most]
    return [("chain", chain), *((f"{k} {name}", each) for k, (name, each) in enumerate(named, 1))]


def crowded(chain: Optimizer, compare: Beside, others: Sequence[Optimizer], most: int) -> list[Remark]:
    """What a form says of chains for which there is no room among the variants."""
    names = "; ".join(name for name, _ in _beside(chain, compare, others)[most:])
    text = T("Beside the chain there is room for {most}. Left out: {names}.", most=most, names=names)
    return [Remark(("compare", "others"), text)] if names else []


def _beside(chain: Optimizer, compare: Beside, others: Sequence[Optimizer]) -> list[tuple[str, Optimizer]]:
    made = [] if compare == "nothing" else BESIDE[compare](chain)
    return [*made, *((described(each), each) for each in others)]


def _base(chain: Optimizer) -> list[tuple[str, Optimizer]]:
    return [(described(with_stages(chain, ())), with_stages(chain, ()))] if chain.acting else []


def _without(chain: Optimizer) -> list[tuple[str, Optimizer]]:
    kept = [(k, each) for k, each in enumerate(chain.acting)]
    return [(f"− {each.kind}", with_stages(chain, [s for j, s in kept if j != k])) for k, each in kept]


def _prefixes(chain: Optimizer) -> list[tuple[str, Optimizer]]:
    cut = [with_stages(chain, chain.acting[:k]) for k in range(len(chain.acting))]
    return [(described(each), each) for each in cut]


BESIDE = {"base": _base, "without": _without, "prefixes": _prefixes}


def with_stages(chain: Optimizer, stages: Sequence[object]) -> Optimizer:
    """The same base under other stages."""
    return Optimizer.model_validate({"base": chain.base, "stages": tuple(stages)})


def described(chain: Optimizer) -> str:
    """Base and stages by name: adam + decay + lookahead."""
    return " + ".join([chain.base.kind, *(each.kind for each in chain.acting)])
