"""What every tool must do, of the laboratory and the learning curves."""

from __future__ import annotations

from workbench.testing.contract import ToolContract

LAMB = [{"kind": "adaptation", "exclude": []}, {"kind": "lookahead"}, {"kind": "average"}]


class TestLaboratory(ToolContract):
    tool = "optimizers"
    quick = {
        "steps": 50, "compare": "prefixes", "map": {"side": 20, "steps": 30},
        "optimizer": {"base": {"kind": "adam", "lr": 0.05}, "stages": LAMB},
    }  # fmt: skip
    change = {"start": [0.5, 0.5]}
    slow = {"map": {"side": 400, "steps": 2000}}
    optional_streams = frozenset(f"beside/{k}" for k in range(4, 7))
    """As many as there are variants."""


class TestCurves(ToolContract):
    tool = "optimizer-curves"
    quick = {
        "steps": 11, "batch": 8, "every": 5, "task": "words",
        "optimizer": {"base": {"kind": "adam"}, "stages": [{"kind": "accumulate", "batches": 2}, *LAMB]},
    }  # fmt: skip


class TestOrder(ToolContract):
    tool = "optimizer-order"
    quick = {"updates": 2}
