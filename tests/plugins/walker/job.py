"""The walk itself."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from importlib import import_module
from typing import Any

import numpy as np

from workbench.api import Context, Evidence, UserError, Verdict, domain, paired

from . import Settings

T = domain("walker")


def run(params: Settings, context: Context) -> None:
    """Moves 200 points at random; reports their spread, and where they are when asked."""
    x = np.zeros((200, 2), np.float32)
    momentum = np.zeros_like(x)
    context.track(x=x, momentum=momentum)
    context.on("home", lambda: x.fill(0))
    context.rows("place", [{"process": os.getpid(), "thread": threading.current_thread().name}])
    for step in context.steps(params.steps):
        momentum *= 0.9
        momentum += np.random.randn(*x.shape)
        if params.fault == "nan" and step == params.fault_at and context.params.lr > 0.006:
            x *= np.nan
        x += context.params.lr * momentum
        context.scalars({"spread": x.std(), "mean/x": x[:, 0].mean(), "time/now": time.perf_counter()})
        if context.wants("here"):
            with context.aside():
                context.points("here", x + 0.0 * np.random.randn(*x.shape), distance=np.linalg.norm(x, axis=1))
        if step % 10 == 0:
            context.rows("milestones", [{"step": step, "spread": float(x.std())}])
        if step % 20 == 0:
            context.checkpoint()
        if params.fault not in ("", "nan") and step == params.fault_at:
            _fail(params.fault)
        if params.pause:
            time.sleep(params.pause)
    context.scalars({"final/spread": x.std()})


def verdict(evidence: Evidence, context: Context) -> Verdict:
    """Compares the final spread, paired by seed."""
    gain = paired(evidence.metric("fast", "spread"), evidence.metric("slow", "spread"))
    context.lines("curves", *_curves(evidence))
    return Verdict(
        "held" if gain.low > 0 else "inconclusive", T("The spread grew by {gain}.", gain=gain.mean), {"gain": gain}
    )


def _curves(evidence: Evidence) -> tuple[Any, Any]:
    curves = [evidence.trials(arm)[0].scalars("spread") for arm in ("slow", "fast")]
    return curves[0]["step"], [each["value"] for each in curves]


def _fail(fault: str) -> None:
    if fault == "raise":
        raise ZeroDivisionError("planted")
    if fault == "user":
        raise UserError(T("Planted: {n} is too many.", n=3), remedy=T("Take fewer."), field="lr")
    if fault == "memory":
        import_module("torch").ones(2**31)
    if fault == "exit":
        os._exit(3)
    if fault == "segfault":
        ctypes.string_at(0)
    while True:
        time.sleep(1)
