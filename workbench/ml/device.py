"""The device that torch computes on. Worker and jobs use this module by name."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from workbench.errors import UserError
from workbench.texts import T


def choose(wish: str) -> str:
    """The torch device for `wish`; "auto" is the first GPU, else the CPU. Raises UserError for one not there."""
    if wish == "auto":
        return "cuda:0" if torch.cuda.is_available() else "cpu"
    try:
        torch.empty(0, device=wish)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        raise UserError(
            T("This machine offers no device {device}.", device=wish),
            remedy=T("Use cpu, or see what `workbench doctor` finds. ({why})", why=str(error).splitlines()[0]),
            field="device",
        ) from error
    return wish


def prepare(threads: int) -> None:
    """Fixes the number of threads, and kernels that give the same result each time."""
    torch.set_num_threads(threads)
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.deterministic = True


def fetch(scalars: Sequence[Tensor]) -> list[float]:
    """The values of many 0-d tensors of one device with one transfer."""
    values: list[float] = torch.stack([each.detach().double() for each in scalars]).tolist()
    return values
