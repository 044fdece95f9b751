"""Made `optim_golden.json` once, with optax 0.2.8: `python tests/ml/make_optim_golden.py`, where optax is installed.

Fifty steps in float64 from start(i) = cos(i) with gradient(θ, t) = θ/2 + sin(i + t), i counting the numbers of both
tensors, (3, 4) and (5,).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jax
import numpy as np
import optax

STEPS, SIZES = 50, {"matrix": (3, 4), "vector": (5,)}


def start() -> dict[str, Any]:
    flat = np.cos(np.arange(17.0))
    return {"matrix": flat[:12].reshape(3, 4), "vector": flat[12:]}


def gradient(weights: dict[str, Any], t: int) -> dict[str, Any]:
    count = np.arange(17.0)
    wave = {"matrix": count[:12].reshape(3, 4), "vector": count[12:]}
    return {name: each / 2 + np.sin(wave[name] + t) for name, each in weights.items()}


def lamb() -> dict[str, Any]:
    weights = jax.tree.map(jax.numpy.asarray, start())
    rule = optax.lamb(0.01, b1=0.9, b2=0.999, eps=1e-6, weight_decay=0.1)
    state = rule.init(weights)
    for t in range(STEPS):
        updates, state = rule.update(gradient(weights, t), state, weights)
        weights = optax.apply_updates(weights, updates)
    return dict(weights)


def lookahead() -> dict[str, Any]:
    weights = optax.LookaheadParams.init_synced(jax.tree.map(jax.numpy.asarray, start()))
    rule = optax.lookahead(optax.sgd(0.1), sync_period=5, slow_step_size=0.5)
    state = rule.init(weights)
    for t in range(STEPS):
        updates, state = rule.update(gradient(weights.fast, t), state, weights)
        weights = optax.apply_updates(weights, updates)
    return dict(weights.fast)


if __name__ == "__main__":
    jax.config.update("jax_enable_x64", True)
    golden = {
        made.__name__: {name: np.asarray(each).ravel().tolist() for name, each in made().items()}
        for made in (lamb, lookahead)
    }
    golden["optax"] = optax.__version__
    Path(__file__).with_name("optim_golden.json").write_text(json.dumps(golden, indent=1) + "\n", "utf-8")
