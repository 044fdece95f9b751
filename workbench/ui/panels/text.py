"""A panel of text: Markdown, or HTML or plain where the job says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QFrame, QTextBrowser

from workbench.events import Event
from workbench.texts import Text
from workbench.tool import Handle, Panel
from workbench.ui.formulas import Formulas, place
from workbench.ui.panels.base import PanelWidget, Say
from workbench.ui.panels.beside import Beside
from workbench.ui.source import Source

_MOST, _WORD = 200_000, 20_000
"""Characters that are shown; in one word, up to which a text is formatted."""


class TextPanel(PanelWidget):
    """The newest text of a stream. data: `format` "markdown" (default), "html" or "plain".

    TeX between $…$ or $$…$$ is shown as a formula, unless the text is plain. A text that would hold the window up is
    shown as it is written, and not to its end. Handle: `select`, of links "#…" the text after the sign.
    """

    kinds = frozenset({"text"})

    def __init__(self, panel: Panel, say: Say) -> None:
        super().__init__(panel, say)
        self.pages = Beside(self._page)
        self.show_content(self.pages)

    def _page(self) -> _Page:
        page = _Page()
        page.formulas.ready.connect(self.themed)
        page.anchorClicked.connect(self._chosen)
        return page

    def _chosen(self, link: QUrl) -> None:
        for part in self.panel.parts:
            if isinstance(part, Handle) and part.gesture == "select" and link.hasFragment():
                self.edited.emit(part.param, link.fragment(QUrl.ComponentFormattingOption.FullyDecoded))

    def draw(self, sources: Sequence[Source]) -> None:
        """Sets the texts that changed."""
        self.pages.label(sources, self.look)
        for page, source in zip(self.pages.widgets, sources, strict=False):
            page.take(self.frame(source), self.say, self.look.text.name())

    def themed(self) -> None:
        """Makes the texts take their new colours."""
        for page in self.pages.widgets:
            page.shown = None
        self.draw(self.sources)

    def rows(self) -> list[list[Any]]:
        """One row per source."""
        texts = [page.shown[1] if page.shown else "" for page in self.pages.widgets]
        return [["source", "text"], *([s.label, text] for s, text in zip(self.sources, texts, strict=False))]


class _Page(QTextBrowser):
    """One source's text. It opens no links by itself: a job's text could point anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(10)
        self.formulas = Formulas(self)
        self.shown: tuple[str, str] | None = None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """The panel's menu."""
        event.ignore()

    def loadResource(self, kind: int, name: Any) -> Any:  # noqa: ARG002, N802
        """Formulas. A text brings no files along, and the window opens none for it."""
        return self.formulas.image(name.toString())

    def take(self, event: Event | None, say: Say, colour: str) -> None:
        """Shows the text of a frame, where the reader was before."""
        data: Mapping[str, Any] = event.data if event else {}
        wanted = (str(data.get("format", "markdown")), _worded(data.get("text", ""), say))
        if wanted == self.shown:
            return
        self.shown, place = wanted, self.verticalScrollBar().value()
        self._set(*wanted, colour)
        self.verticalScrollBar().setValue(place)

    def _set(self, form: str, text: str, colour: str) -> None:
        heavy = _is_heavy(text)
        self.setLineWrapMode(self.LineWrapMode.NoWrap if heavy else self.LineWrapMode.WidgetWidth)
        if form == "plain" or heavy:
            self.setPlainText(text if len(text) <= _MOST else text[: _MOST - 1] + "…")
            return
        html = form == "html"
        image = '<img src="{}">' if html else "![…]({})"  # Qt passes over a picture without a name
        self.document().clear()  # forgets the pictures of the text before
        shown = self.formulas.replaced(text, self.font(), colour, image.format)
        (self.setHtml if html else self.setMarkdown)(shown)
        place(self.document())


def _is_heavy(text: str) -> bool:
    """Whether laying it out would hold the window up: Qt's time grows with the square of a word's length."""
    return len(text) > _MOST or (len(text) > _WORD and max(map(len, text.split()), default=0) > _WORD)


def _worded(text: Any, say: Say) -> str:
    return say(Text.from_json(text)) if isinstance(text, Mapping) else str(text)
