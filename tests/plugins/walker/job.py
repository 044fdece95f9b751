"""The walk itself."""

from __future__ import annotations

import ctypes
import os
import time

import torch

from workbench.api import Context, UserError, domain

from . import Settings

T = domain("walker")


def run(params: Settings, context: Context) -> None:
    """Moves 200 points at random; reports their spread, and where they are when asked."""
    x = torch.zeros(200, 2)
    momentum = torch.zeros_like(x)
    context.track(x=x, momentum=momentum)
    for step in context.steps(params.steps):
        momentum.mul_(0.9).add_(torch.randn_like(x))
        if params.fault == "nan" and step == params.fault_at and context.params.lr > 0.006:
            x *= float("nan")
        x += context.params.lr * momentum
        context.scalars({"spread": x.std(), "mean/x": x[:, 0].mean(), "time/now": time.perf_counter()})
        if context.wants("here"):
            with context.aside():
                context.points("here", x + 0.0 * torch.randn(200, 2), distance=x.norm(dim=1))
        if step % 10 == 0:
            context.rows("milestones", [{"step": step, "spread": float(x.std())}])
        if step % 20 == 0:
            context.checkpoint()
        if params.fault not in ("", "nan") and step == params.fault_at:
            _fail(params.fault)
        if params.pause:
            time.sleep(params.pause)
    context.scalars({"final/spread": x.std()})


def _fail(fault: str) -> None:
    if fault == "raise":
        raise ZeroDivisionError("planted")
    if fault == "user":
        raise UserError(T("Planted: {n} is too many.", n=3), remedy=T("Take fewer."), field="lr")
    if fault == "exit":
        os._exit(3)
    if fault == "segfault":
        ctypes.string_at(0)
    while True:
        time.sleep(1)
