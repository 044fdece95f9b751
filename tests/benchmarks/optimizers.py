"""What stages cost: `python -m tests.benchmarks.optimizers --json`.

Processor time of one torch thread, for an update of 100 square matrices, of 0.1 and of 10 million numbers together; an
update is a fifth of five, for lookahead acts at every fifth. All rivals run in turn, so that each repeat gives a ratio
to torch's fused AdamW of the same moment; figures are medians of the repeats, [lower quartile, upper quartile] beside
them. Peers, where they are installed: LAMB and lookahead of timm and pytorch_optimizer; `peer_ratio` is our time for
the same divided by that of the fastest, the worst of all.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from workbench.ml.optim import bases
from workbench.ml.optim.build import build
from workbench.ml.optim.params import (
    Accumulate,
    Adaptation,
    Average,
    Clip,
    Decay,
    Lazy,
    Lookahead,
    Optimizer,
    Piecewise,
)

Figures = dict[str, Any]
TENSORS, CYCLE = 100, 5
SIDES = {"100k": 32, "10m": 320}
DECAY, ADAPTATION, RATE = Decay(rate=0.01), Adaptation(), Piecewise(knots=((1000, 1.0),))
CHAINS: dict[str, Sequence[Any]] = {
    "none": (),
    "clip": (Clip(),),
    "accumulate": (Accumulate(batches=1),),
    "decay": (DECAY,),
    "adaptation": (ADAPTATION,),
    "lazy": (Lazy(mode="update", include=()),),
    "piecewise": (RATE,),
    "lookahead": (Lookahead(),),
    "average": (Average(),),
    "lamb": (DECAY, ADAPTATION),
    "chain": (DECAY, ADAPTATION, RATE, Lookahead()),
    "chain_ema": (DECAY, ADAPTATION, RATE, Lookahead(), Average()),
}


def matrices(side: int) -> list[tuple[str, Tensor]]:
    """Weights with gradients, by name."""
    torch.manual_seed(0)
    made = [(f"{number}.weight", torch.randn(side, side, requires_grad=True)) for number in range(TENSORS)]
    for _, each in made:
        each.grad = torch.randn_like(each)
    return made


def ours(side: int, stages: Sequence[Any]) -> Callable[[], None]:
    """A cycle of updates; where accumulation takes the gradients they are put back."""
    named = matrices(side)
    gradients = [each.grad for _, each in named]
    optimizer = build(Optimizer(base=bases.Adam(), stages=tuple(stages)), named)
    if not any(isinstance(each, Accumulate) for each in stages):
        return theirs(optimizer)

    def cycle() -> None:
        for _ in range(CYCLE):
            for (_, each), gradient in zip(named, gradients, strict=True):
                each.grad = gradient
            optimizer.step()

    return cycle


def theirs(optimizer: torch.optim.Optimizer) -> Callable[[], None]:
    """A cycle of updates of any optimizer."""

    def cycle() -> None:
        for _ in range(CYCLE):
            optimizer.step()

    return cycle


PEERS: dict[str, tuple[str, Callable[[Any, list[Tensor]], torch.optim.Optimizer]]] = {
    "timm.lamb": ("timm.optim.lamb", lambda m, w: m.Lamb(w, weight_decay=0.01, max_grad_norm=None)),
    "timm.lookahead": ("timm.optim.lookahead", lambda m, w: m.Lookahead(torch.optim.Adam(w, fused=True), k=5)),
    "pytorch_optimizer.lamb": ("pytorch_optimizer", lambda m, w: m.Lamb(w, weight_decay=0.01)),
    "pytorch_optimizer.lookahead": ("pytorch_optimizer", lambda m, w: m.Lookahead(torch.optim.Adam(w, fused=True))),
}


def peers(side: int) -> tuple[dict[str, Callable[[], None]], dict[str, str]]:
    """The same stages of others, by name; and of those that do not import, why."""
    found: dict[str, Callable[[], None]] = {}
    missing: dict[str, str] = {}
    for name, (module, make) in PEERS.items():
        try:
            found[name] = theirs(make(imported(module), tensors(side)))
        except ImportError as error:
            missing[name] = str(error).splitlines()[0]
    return found, missing


def imported(module: str) -> Any:
    """A module. Of timm without what its packages import by themselves: torchvision, which its optimizers do not need.

    Raises ImportError where it is not installed.
    """
    if module.startswith("timm") and "timm" not in sys.modules:
        found = importlib.util.find_spec("timm")
        places = found.submodule_search_locations if found else None
        for name, below in (("timm", ""), ("timm.optim", "optim")) if places else ():
            sys.modules[name] = package = ModuleType(name)
            package.__path__ = [str(Path(place) / below) for place in places or ()]
    return importlib.import_module(module)


def tensors(side: int) -> list[Tensor]:
    return [each for _, each in matrices(side)]


def measure(rivals: dict[str, Callable[[], None]], repeats: int) -> dict[str, list[float]]:
    """Milliseconds of processor time for an update of each, one for every repeat; all rivals run once in a repeat."""
    spent: dict[str, list[float]] = {name: [] for name in rivals}
    for turn in range(repeats + 1):
        for name, run in rivals.items():
            start = time.process_time()
            run()
            if turn:  # the first is to warm up
                spent[name].append(1e3 * (time.process_time() - start) / CYCLE)
    return spent


def quartiles(values: Sequence[float]) -> tuple[float, list[float]]:
    """The median, and the quartiles beside it."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return round(middle, 3), [round(low, 3), round(high, 3)]


def ratio(one: Sequence[float], other: Sequence[float]) -> tuple[float, list[float]]:
    """Of the times of two rivals, repeat by repeat."""
    return quartiles([a / b for a, b in zip(one, other, strict=True)])


def benchmark(sizes: Sequence[str], repeats: int) -> Figures:
    """Milliseconds, ratios to fused AdamW, and the ratios that are asked for."""
    report: Figures = {"threads": torch.get_num_threads(), "torch": torch.__version__, "repeats": repeats}
    worst: list[tuple[float, list[float]]] = []
    for size in sizes:
        others, report["missing"] = peers(SIDES[size])
        rivals = {"adamw": theirs(torch.optim.AdamW(tensors(SIDES[size]), fused=True))}
        rivals |= {name: ours(SIDES[size], stages) for name, stages in CHAINS.items()} | others
        spent = measure(rivals, repeats if size == "10m" else 10 * repeats)
        report[size] = {
            "milliseconds": {name: quartiles(each) for name, each in spent.items()},
            "ratio": {name: ratio(each, spent["adamw"]) for name, each in spent.items()},
            "peer_ratio": peer_ratios(spent),
        }
        for name in ("chain", "chain_ema"):
            report[f"{name}_ratio_{size}"], report[f"{name}_ratio_{size}_quartiles"] = report[size]["ratio"][name]
        worst += report[size]["peer_ratio"].values()
    report["peer_ratio"], report["peer_ratio_quartiles"] = max(worst, default=(None, None))
    return report


def peer_ratios(spent: dict[str, list[float]]) -> dict[str, tuple[float, list[float]]]:
    """Our times divided by those of the fastest peer, where there is one."""
    found = {}
    for kind in ("lamb", "lookahead"):
        rivals = [each for name, each in spent.items() if name.endswith(f".{kind}")]
        if rivals:
            found[kind] = ratio(spent[kind], min(rivals, key=statistics.median))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object, on one line")
    parser.add_argument("--sizes", nargs="+", choices=SIDES, default=list(SIDES))
    parser.add_argument("--repeats", type=int, default=15, help="of the large size; of the small one ten times as many")
    given = parser.parse_args()
    torch.set_num_threads(1)
    report = benchmark(given.sizes, given.repeats)
    print(json.dumps(report, indent=None if given.json else 2))  # noqa: T201


if __name__ == "__main__":
    main()
