"""A panel of text: Markdown, or HTML or plain where the job says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QFrame, QTextBrowser

from workbench.events import Event
from workbench.texts import Text
from workbench.tool import Panel
from workbench.ui.panels.base import PanelWidget, Say
from workbench.ui.panels.beside import Beside
from workbench.ui.source import Source


class TextPanel(PanelWidget):
    """The newest text of a stream. data: `format` "markdown" (default), "html" or "plain"."""

    def __init__(self, panel: Panel, say: Say) -> None:
        super().__init__(panel, say)
        self.pages = Beside(_Page)
        self.show_content(self.pages)

    def draw(self, sources: Sequence[Source]) -> None:
        """Sets the texts that changed."""
        self.pages.label(sources, self.look)
        for page, source in zip(self.pages.widgets, sources, strict=False):
            page.take(source.frame(self.panel.stream), self.say)

    def themed(self) -> None:
        """Makes the texts take their new colours."""
        for page in self.pages.widgets:
            page.shown = None
        self.draw(self.sources)

    def rows(self) -> list[list[Any]]:
        """One row per source."""
        texts = [page.toPlainText() for page in self.pages.widgets]
        return [["source", "text"], *([s.label, text] for s, text in zip(self.sources, texts, strict=False))]


class _Page(QTextBrowser):
    """One source's text. It opens no links by itself: a job's text could point anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(10)
        self.shown: tuple[str, str] | None = None

    def loadResource(self, kind: int, name: Any) -> Any:  # noqa: ARG002, N802
        """Nothing: a text brings no files along, and the window opens none for it."""
        return None

    def take(self, event: Event | None, say: Say) -> None:
        """Shows the text of a frame, where the reader was before."""
        data: Mapping[str, Any] = event.data if event else {}
        wanted = (str(data.get("format", "markdown")), _worded(data.get("text", ""), say))
        if wanted == self.shown:
            return
        self.shown, place = wanted, self.verticalScrollBar().value()
        setters = {"html": self.setHtml, "plain": self.setPlainText}
        setters.get(wanted[0], self.setMarkdown)(wanted[1])
        self.verticalScrollBar().setValue(place)


def _worded(text: Any, say: Say) -> str:
    return say(Text.from_json(text)) if isinstance(text, Mapping) else str(text)
