"""A tensor that says that it is on a GPU, so that its scalars are fetched together and later."""

import torch

from workbench.api import Context

from . import Settings


class Far(torch.Tensor):
    @property
    def is_cuda(self) -> bool:  # type: ignore[override]
        return True


def run(params: Settings, context: Context) -> None:
    x = torch.ones(3)
    context.track(x=x)
    for step in context.steps(params.steps):
        x *= 1 - context.params.lr
        if step == params.bad and context.params.lr == params.lr:
            x *= float("nan")
        context.scalars(size=x.mean().as_subclass(Far))
        if step % 5 == 0:
            context.checkpoint()
