"""The article's four examples (Su Jianlin, archives/7094), exported as Python and run beside torch's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LambdaLR

from workbench.ml.optim.export import to_python
from workbench.ml.optim.params import Optimizer
from workbench.ml.optim.presets import EXAMPLES

Schedule = Callable[[int], float]


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first, self.norm, self.last = nn.Linear(4, 5), nn.LayerNorm(5), nn.Linear(5, 2)
        self.double()

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.last(torch.tanh(self.norm(self.first(x))))
        return result


def batches(n: int, size: int = 6) -> Iterator[Tensor]:
    drawn = torch.Generator().manual_seed(1)
    return (torch.randn(size, 4, generator=drawn, dtype=torch.float64) for _ in range(n))


def trained(net: Net, optimizer: Any, data: Iterator[Tensor], schedule: Schedule | None = None) -> Net:
    """schedule: what torch's own scheduler is to do after each step."""
    scheduler = LambdaLR(optimizer, schedule) if schedule else None
    for x in data:
        optimizer.zero_grad()
        torch.autograd.backward((net(x) - x[:, :2].sin()).square().mean())
        optimizer.step()
        if scheduler:
            scheduler.step()
    return net


def exported(id: str) -> tuple[Net, Any]:
    """A network, and the optimizer that the exported text makes for it."""
    (example,) = [each for each in EXAMPLES if each.id == id]
    space: dict[str, Any] = {}
    exec(compile(to_python(Optimizer.model_validate(example.values)), id, "exec"), space)
    net = Net()
    return net, space["make_optimizer"](net)


def adam(net: Net) -> torch.optim.Optimizer:
    return torch.optim.Adam(net.parameters(), lr=0.001)


def adamw(net: Net) -> torch.optim.Optimizer:
    """Norms and biases are left out."""
    matrices = [net.first.weight, net.last.weight]
    others = [net.first.bias, net.norm.weight, net.norm.bias, net.last.bias]
    return torch.optim.AdamW([{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0}], 0.001)


def up_and_down(t: int) -> float:
    """{1000: 1, 2000: 0.1}: from 0 to 1, down to a tenth, constant."""
    return t / 1000 if t < 1000 else max(0.1, 1 - 0.9 * (t - 1000) / 1000)


def warm_up(t: int) -> float:
    """{1000: 1}."""
    return min(1.0, t / 1000)


@pytest.mark.parametrize(
    ("id", "theirs", "schedule", "steps"),
    [("adamw", adamw, None, 50), ("adamlr", adam, up_and_down, 2100), ("adamwlr", adamw, warm_up, 1100)],
)
def test_decay_and_schedules_are_torchs(
    id: str, theirs: Callable[[Net], torch.optim.Optimizer], schedule: Schedule | None, steps: int
) -> None:
    net, optimizer = exported(id)
    ours, plain = trained(net, optimizer, batches(steps)), Net()
    trained(plain, theirs(plain), batches(steps), schedule)
    for a, b in zip(ours.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-8, atol=1e-10)


def test_ten_micro_batches_are_one_batch_of_ten_times_the_size() -> None:
    net, optimizer = exported("adamga")
    large = list(batches(5, size=60))
    trained(net, optimizer, (part for each in large for part in each.chunk(10)))
    plain = Net()
    trained(plain, adam(plain), iter(large))
    assert optimizer.updates == 5
    for a, b in zip(net.parameters(), plain.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-8, atol=1e-10)
