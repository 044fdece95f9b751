"""A context that runs a job in the test itself and keeps what it reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from workbench_gan.params import GAN
from workbench_gan.train import run


class Recorder:
    """What a job needs of `workbench.context.Context`. looking: whether every stream is wanted, or none."""

    device = "cpu"

    def __init__(self, params: Any, folder: Path, data: Any, looking: bool = True) -> None:
        self.params, self.folder, self.data, self.looking = params, folder, data, looking
        self.last: dict[str, float] = {}
        self.series: list[dict[str, float]] = []
        self.frames: dict[str, Any] = {}
        self.pictures: dict[str, list[Any]] = {}
        self.notices: list[str] = []
        self.step = 0
        self.tracked: dict[str, Any] = {}

    def chosen(self, _offer: Any) -> Any:
        return self.data

    def track(self, **stateful: Any) -> None:
        self.tracked = stateful

    def steps(self, n: int) -> Iterator[int]:
        for self.step in range(1, n + 1):
            yield self.step

    def wants(self, _stream: str, every: int = 1) -> bool:  # noqa: ARG002
        return self.looking

    @contextmanager
    def aside(self, *modules: nn.Module) -> Iterator[None]:
        before = [(buffer, buffer.clone()) for module in modules for buffer in module.buffers()]
        with torch.random.fork_rng(devices=[]):
            yield
        for buffer, value in before:
            buffer.copy_(value)

    def scalars(self, values: dict[str, Any] | None = None, **more: Any) -> None:
        found = {name: float(value) for name, value in ((values or {}) | more).items()}
        self.series.append(found)
        self.last |= found

    def images(self, stream: str, images: Any) -> None:
        self.frames[stream] = images
        self.pictures.setdefault(stream, []).append(images)

    def points(self, stream: str, xy: Any) -> None:
        self.frames[stream] = xy

    def field(self, stream: str, values: Any, _x: Any, _y: Any) -> None:
        self.frames[stream] = values

    def bars(self, stream: str, heights: Any, edges: Any = None, labels: Any = (), names: Any = ()) -> None:  # noqa: ARG002
        self.frames[stream] = heights

    def progress(self, *_: Any) -> None:
        pass

    def notice(self, text: str) -> None:
        self.notices.append(text)

    def sync(self) -> None:
        pass

    def cache(self, key: str, build: Callable[[Path], None]) -> Path:
        path = self.folder / key
        if not path.exists():
            build(path)
        return path

    def artifact(self, name: str, _kind: str, write: Callable[[Path], None]) -> str:
        write(self.folder / name)
        return name


Make = Callable[..., Recorder]


@pytest.fixture
def trained(tmp_path: Path) -> Make:
    """trained(data, looking=True, **values): a run of the trainer on one thread, from its first to its last line."""

    def make(record: Any, looking: bool = True, **values: Any) -> Recorder:
        torch.set_num_threads(1)
        params = GAN.model_validate(values)
        context = Recorder(params, tmp_path, record, looking)
        run(params, context)  # type: ignore[arg-type]
        return context

    return make
