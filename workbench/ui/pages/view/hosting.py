"""What a view has of the window: `workbench.ui.view.Host`, for the page of a tool."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from workbench.ui.pages.view.page import ViewPage

R = TypeVar("R")


class ViewHost:
    """See `workbench.ui.view.Host`; one for each view."""

    def __init__(self, page: ViewPage) -> None:
        self._page = page
        self._gone = False
        self._speech = page.host.speech
        self._domain = page.found.package

    @property
    def path(self) -> Path | None:
        """See `Host`."""
        return self._page.paper.path

    @property
    def dark(self) -> bool:
        """See `Host`."""
        return self._page.host.theme.dark

    def say(self, text: str) -> str:
        """See `Host`."""
        return self._speech.say(text, self._domain)

    def bind(self, target: QObject, setter: str, text: str) -> None:
        """See `Host`."""
        self._speech.bind(target, setter, text, self._domain)

    def start(self, **values: Any) -> None:
        """See `Host`."""
        for path, value in values.items():
            self._page.form.put(path, value)
        self._page.when_ready(lambda: self._page.ask("start"))

    def background(
        self, work: Callable[[], R], done: Callable[[R], object], failed: Callable[[Exception], object] | None = None
    ) -> None:
        """See `Host`."""
        lane = f"view/{self._page.tool.id}"  # the document is saved meanwhile
        self._page.host.background.do(work, self._unless_gone(done), self._unless_gone(failed or self.fail), lane=lane)

    def leave(self) -> None:
        """The view makes way for another: what it waits for is answered to nobody."""
        self._gone = True

    def _unless_gone(self, answer: Callable[[Any], object]) -> Callable[[Any], object]:
        return lambda found: None if self._gone else answer(found)

    def open(self, path: Path) -> None:
        """See `Host`."""
        self._page.open(path)

    def tell(self, text: str, remedy: str = "") -> None:
        """See `Host`."""
        self._page.bar.say(text, remedy)

    def fail(self, error: Exception) -> None:
        """See `Host`."""
        self._page.complain(error)

    def recall(self, name: str, default: Any = None) -> Any:
        """See `Host`."""
        return self._page.host.remembered.get(self._key(name), default)

    def remember(self, name: str, value: Any) -> None:
        """See `Host`."""
        self._page.host.remembered.put(self._key(name), value)

    def _key(self, name: str) -> str:
        return f"view/{self._page.tool.id}/{name}"
