"""What every job's context has, whether it is a long job's or a live tool's: parameters, products, a way aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.jobs.mailbox import Mailbox
from workbench.jobs.pool import Pool
from workbench.jobs.products import Products
from workbench.jobs.report import Recording, Reporter
from workbench.jobs.screen import Screen
from workbench.jobs.spec import Spec
from workbench.params import Params
from workbench.registry import Registry


class BaseContext(Reporter):
    """The part of `workbench.context.Context` that does not depend on how a job is stepped."""

    def __init__(
        self, spec: Spec, params: Params, registry: Registry, recorder: Recording, screen: Screen, mailbox: Mailbox
    ) -> None:
        super().__init__(recorder, screen, spec.folder)
        self.params = params
        self.device = spec.device
        self.deferring = spec.device != "cpu"
        self.handlers: dict[str, Callable[..., object]] = {}
        self.spec = spec
        self.registry = registry
        self.mailbox = mailbox
        self._products = Products(spec, registry, self)

    def sync(self) -> None:
        """See `Context.sync`."""
        raise NotImplementedError

    def on(self, action: str, handler: Callable[..., object]) -> None:
        """See `Context.on`."""
        self.handlers[action] = handler

    def aside(self, *modules: Any) -> AbstractContextManager[None]:
        """See `Context.aside`."""
        return _aside()(*modules)

    def map(
        self, f: Callable[[Any], Any], tasks: Iterable[Any], workers: int = 0, keep: str = ""
    ) -> Iterator[tuple[Any, Any]]:
        """See `Context.map`."""
        return Pool(self, f, workers or self.spec.cores, keep).run(tasks)

    def artifact(self, name: str, kind: str, write: Callable[[Path], object]) -> str:
        """See `Context.artifact`."""
        return self._products.artifact(name, kind, write)

    def load(self, reference: str) -> Any:
        """See `Context.load`."""
        return self._products.load(reference, self.params)

    def chosen(self, offer: Any) -> Any:
        """See `Context.chosen`."""
        return self._products.chosen(offer)

    def cache(self, key: str, build: Callable[[Path], object]) -> Path:
        """See `Context.cache`."""
        return self._products.cache(key, build)


@cache
def _aside() -> Callable[..., AbstractContextManager[None]]:
    """Looked up once: every frame that a job shows needs it."""
    found: Callable[..., AbstractContextManager[None]] = import_module("workbench.ml.aside").Aside
    return found
