"""Where training samples come from."""

from __future__ import annotations

import torch
from torch import Tensor

from workbench.ml.data import Images, Mixture

Data = Images | Mixture


class Source:
    """Draws training samples as the networks see them: images as they are, points over their scale."""

    def __init__(self, data: Data, device: str, labelled: bool = False) -> None:
        self.device = device
        self.labels: Tensor | None = None
        if isinstance(data, Mixture):
            self.scale = data.scale
            self.pool, self.spread = data.centres.to(device) / self.scale, data.sigma / self.scale
        else:
            self.scale, self.spread = 1.0, 0.0
            self.pool = data.train.to(device)
            self.labels = data.labels.to(device) if labelled else None

    def draw(self, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor | None]:
        """Samples (n, *shape), drawn with replacement, and their labels (n,) if these count."""
        rows = torch.randint(len(self.pool), (n,), generator=generator, device=self.device)
        x = self.pool[rows]
        if self.spread:
            x = x + self.spread * torch.randn(x.shape, generator=generator, device=self.device)
        return x, None if self.labels is None else self.labels[rows]

    def classes(self, n: int, generator: torch.Generator) -> Tensor:
        """Labels (n,), as frequent as in the data."""
        assert self.labels is not None
        return self.labels[torch.randint(len(self.labels), (n,), generator=generator, device=self.device)]
