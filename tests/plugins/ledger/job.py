"""The training itself: dropout and random data, so that random states matter as much as weights do."""

from __future__ import annotations

import os
import time

import torch
from torch import nn

from workbench.api import Context

from . import Settings
from .tasks import waited


def run(params: Settings, context: Context) -> None:
    """Fits a small network to noise. A line of the ledger is a step and when it was reported."""
    model = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 1))
    opt = torch.optim.Adam(model.parameters())
    context.track(model=model, opt=opt)
    ledger = os.open(params.ledger or os.devnull, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for step in context.steps(params.steps):
        loss = model(torch.randn(16, 8)).square().mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
        context.scalars(loss=loss, weight=size(model))
        context.rows("steps", [{"step": step}])
        os.write(ledger, f"{step} {time.time()}\n".encode())
        if step % 50 == 0:
            context.checkpoint()
        time.sleep(params.pause)
    if params.workers:
        spread(params, context)
    evaluate(params.evaluation, context)
    context.scalars({"final/weight": size(model)})


def size(model: nn.Module) -> torch.Tensor:
    """The mean size of all weights."""
    return torch.cat([each.detach().flatten() for each in model.parameters()]).abs().mean()


def spread(params: Settings, context: Context) -> None:
    """Evaluates over processes of its own, whose results are kept."""
    tasks = [(number, 0.1) for number in range(12)]
    total = sum(result for _, result in context.map(waited, tasks, params.workers, keep="squares"))
    context.scalars({"final/squares": total})


def evaluate(seconds: float, context: Context) -> None:
    """Takes its time, and looks now and then whether it should go on."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.02)
        context.sync()
