"""What stages cost: `python -m tests.benchmarks.optimizers --json`.

Processor time of one torch thread, for an update of 100 square matrices, of 0.1 and of 10 million numbers together;
the least of interleaved repeats, as a ratio to torch's fused AdamW. An update is a fifth of five, for lookahead acts
at every fifth. Peers, where they are installed: LAMB and lookahead of timm and pytorch_optimizer; `peer_ratio` is our
time for the same divided by that of the fastest, the worse of the two.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
from collections.abc import Callable, Sequence
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
    """A cycle of updates; gradients stay, or are put back where accumulation takes them."""
    named = matrices(side)
    gradients = [each.grad for _, each in named]
    optimizer = build(Optimizer(base=bases.Adam(), stages=tuple(stages)), named)

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


def peers(side: int) -> tuple[dict[str, Callable[[], None]], dict[str, str]]:
    """The same stages of others, by name; and of those that do not import, why."""
    makers: dict[str, tuple[str, Callable[[Any], torch.optim.Optimizer]]] = {
        "timm.lamb": ("timm.optim.lamb", lambda m: m.Lamb(tensors(side), max_grad_norm=None, always_adapt=True)),
        "pytorch_optimizer.lamb": ("pytorch_optimizer", lambda m: m.Lamb(tensors(side), weight_decay=0.01)),
        "pytorch_optimizer.lookahead": (
            "pytorch_optimizer", lambda m: m.Lookahead(torch.optim.Adam(tensors(side), fused=True)),
        ),
    }  # fmt: skip
    found: dict[str, Callable[[], None]] = {}
    missing: dict[str, str] = {}
    for name, (module, make) in makers.items():
        try:
            found[name] = theirs(make(importlib.import_module(module)))
        except (ImportError, RuntimeError) as error:  # a torchvision of another build raises the latter
            missing[name] = str(error).splitlines()[0]
    return found, missing


def tensors(side: int) -> list[Tensor]:
    return [each for _, each in matrices(side)]


def measure(rivals: dict[str, Callable[[], None]], repeats: int) -> dict[str, float]:
    """Milliseconds of processor time for an update of each, the least of interleaved repeats."""
    least = dict.fromkeys(rivals, float("inf"))
    for turn in range(repeats + 1):
        for name, run in rivals.items():
            start = time.process_time()
            run()
            if turn:  # the first is to warm up
                least[name] = min(least[name], time.process_time() - start)
    return {name: round(1e3 * each / CYCLE, 3) for name, each in least.items()}


def benchmark(sizes: Sequence[str], repeats: int) -> Figures:
    """Milliseconds, ratios to fused AdamW, and the ratios that are asked for."""
    report: Figures = {"threads": torch.get_num_threads(), "torch": torch.__version__}
    for size in sizes:
        side = SIDES[size]
        others, report["missing"] = peers(side)
        rivals = {"adamw": theirs(torch.optim.AdamW(tensors(side), fused=True))}
        rivals |= {name: ours(side, stages) for name, stages in CHAINS.items()} | others
        spent = measure(rivals, repeats)
        report[size] = {"milliseconds": spent, "ratio": {k: round(v / spent["adamw"], 2) for k, v in spent.items()}}
        report[f"chain_ratio_{size}"] = report[size]["ratio"]["chain"]
        report[f"chain_ema_ratio_{size}"] = report[size]["ratio"]["chain_ema"]
        report[f"peer_ratio_{size}"] = peer_ratio(spent)
    worst = [report[f"peer_ratio_{size}"] for size in sizes if report[f"peer_ratio_{size}"] is not None]
    report["peer_ratio"] = max(worst, default=None)
    return report


def peer_ratio(spent: dict[str, float]) -> float | None:
    """Our time divided by the fastest peer's, where it is worst; None without peers."""
    ratios = []
    for kind in ("lamb", "lookahead"):
        rivals = [each for name, each in spent.items() if name.endswith(f".{kind}")]
        ratios += [spent[kind] / min(rivals)] if rivals else []
    return round(max(ratios), 2) if ratios else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object, on one line")
    parser.add_argument("--sizes", nargs="+", choices=SIDES, default=list(SIDES))
    parser.add_argument("--repeats", type=int, default=15)
    given = parser.parse_args()
    torch.set_num_threads(1)
    report = benchmark(given.sizes, given.repeats)
    print(json.dumps(report, indent=None if given.json else 2))  # noqa: T201


if __name__ == "__main__":
    main()
