"""Formulas as pictures: TeX between $…$ or $$…$$ in a text, drawn in a thread, in the text's colour and size.

What cannot be drawn stays as it was written.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import import_module
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QObject, QRectF, QRunnable, Qt, QThreadPool, Signal
from PySide6.QtGui import QFont as Font
from PySide6.QtGui import QFontInfo, QFontMetricsF, QImage, QPainter, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QToolTip

SCHEME = "formula"
_FORMULA = re.compile(r"(?P<code>```.*?```|`[^`\n]*`)|(?<!\\)\$\$(?P<block>.+?)\$\$|(?<![\\\w$])\$(?=\S)"
                      r"(?P<line>[^$\n]+?)(?<=\S)\$(?![\w$])", re.DOTALL)  # fmt: skip
_SHARP = 2.0
"""Pixels of a picture per pixel of the screen, so that it is sharp on fine screens too."""
_MOST = 512
"""Pictures that are kept."""
_LARGER = 1.12
"""Times the text's size: formulas are set in a lighter face."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Wish:
    """A formula as it is wanted. size: pixels; x_height: of the letters around it; block: in a line of its own."""

    tex: str
    size: float
    colour: str
    x_height: float
    block: bool


_drawn: dict[Wish, QImage | None] = {}
"""What was drawn, by any panel; None for what cannot be."""


class Post(QObject):
    """Brings pictures from the threads that drew them. It outlives every panel: one may go while its formulas are being
    drawn, and a signal of its own would then be gone before its thread has ended."""

    came = Signal(object, object)


@cache
def _post() -> Post:
    return Post()


class Formulas(QObject):
    """Those of one panel. `ready` when formulas were drawn that were not there yet."""

    ready = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._asked: set[Wish] = set()
        self._shown: dict[str, Wish] = {}
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._post = _post()
        self._post.came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def replaced(self, text: str, font: Font, colour: str, picture: Callable[[str], str]) -> str:
        """The text with the formulas that are drawn as pictures. picture: what stands for the one with this name."""
        if "$" not in text:
            return text
        size, x_height = QFontInfo(font).pixelSize() * _LARGER, QFontMetricsF(font).xHeight()

        def put(found: re.Match[str]) -> str:
            if found["code"]:
                return found[0]
            wish = Wish((found["block"] or found["line"]).strip(), size, colour, x_height, bool(found["block"]))
            if self._image(wish) is None:
                return found[0]
            name = f"{SCHEME}:{len(self._shown)}"
            self._shown[name] = wish
            return f"\n\n{picture(name)}\n\n" if wish.block else picture(name)

        self._shown.clear()
        return _FORMULA.sub(put, text)

    def html(self, text: str, font: Font, colour: str) -> str:
        """A plain text as rich text, with its formulas, for what takes no pictures by name; one without stays plain."""
        marked = self.replaced(text, font, colour, "\0{}\0".format)
        if "\0" not in marked:
            return text
        parts = marked.split("\0")
        return "".join(self._embedded(part) if k % 2 else escape(part) for k, part in enumerate(parts))

    def _embedded(self, name: str) -> str:
        image, bytes_ = _drawn[self._shown[name]], QBuffer()
        if image is None:
            return ""
        image.save(bytes_, "PNG")  # type: ignore[call-overload]
        size = f'width="{image.width() / _SHARP:.0f}" height="{image.height() / _SHARP:.0f}"'
        data = bytes_.data().toBase64().toStdString()
        return f'<img src="data:image/png;base64,{data}" {size} style="vertical-align: middle">'

    def image(self, name: str) -> QImage | None:
        """The picture of this name in the text that was last replaced."""
        wish = self._shown.get(name)
        return None if wish is None else _drawn.get(wish)

    def _image(self, wish: Wish) -> QImage | None:
        if wish not in _drawn and wish not in self._asked:
            self._asked.add(wish)
            self._pool.start(_Drawing(wish, self._post))
        return _drawn.get(wish)

    def _take(self, wish: Wish, image: QImage | None) -> None:
        """Of what was drawn for any panel, what this one asked for."""
        if wish not in self._asked:
            return
        self._asked.discard(wish)
        if len(_drawn) >= _MOST:
            _drawn.clear()
        _drawn[wish] = image
        if not self._asked:
            self.ready.emit()


class Spelled(QLabel):
    """A label that shows the formulas in its text, `spell`, and in its tip, `spell_tip`."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(**properties)
        self._text = self._tip = ""
        self._formulas = Formulas(self)
        self._formulas.ready.connect(self._show)

    @property
    def formulated(self) -> bool:
        """Whether its text has formulas."""
        return "$" in self._text

    def spell(self, text: str) -> None:
        """Shows a text."""
        self._text = text
        self._show()

    def spell_tip(self, text: str) -> None:
        """Shows a text when the mouse rests on it."""
        self._tip = text
        self._show()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Formulas have the colour of their text, and its size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and "$" in self._text + self._tip:
            self._show()

    def _show(self) -> None:
        ink, tip = self.palette().color(self.foregroundRole()).name(), QToolTip.palette().toolTipText().color().name()
        if self._text:
            self.setText(self._formulas.html(self._text, self.font(), ink))
        self.setToolTip(self._formulas.html(self._tip, QToolTip.font(), tip))


class _Drawing(QRunnable):
    def __init__(self, wish: Wish, post: Post) -> None:
        super().__init__()
        self._wish, self._post = wish, post

    def run(self) -> None:
        """In the thread."""
        try:
            image = draw(self._wish)
        except Exception:
            log.info("no formula: %s", self._wish.tex, exc_info=True)
            image = None
        self._post.came.emit(self._wish, image)


def draw(wish: Wish) -> QImage:
    """A formula as a picture whose middle, aligned with the text's, puts it on the text's line. Not for the window's
    thread. Raises what the formula is wrong about."""
    found: Any = _typesetter().Latex(wish.tex, size=wish.size, color=wish.colour, inline=not wish.block)
    svg = QSvgRenderer(QByteArray(found.svg().encode()))
    box = svg.viewBoxF()
    above, below = _padded(-box.top(), box.bottom(), wish.x_height)
    image = QImage(
        round(box.width() * _SHARP), round((above + below) * _SHARP), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.scale(_SHARP, _SHARP)
    svg.render(painter, QRectF(0, above + box.top(), box.width(), box.height()))
    painter.end()
    image.setDevicePixelRatio(_SHARP)
    return image


def _padded(above: float, below: float, x_height: float) -> tuple[float, float]:
    """How far it must reach above and below its base line. Qt puts a picture's middle a quarter of the height of an x
    above the line of the text."""
    quarter = x_height / 4
    half = max(above - quarter, below + quarter)
    return half + quarter, half - quarter


def _typesetter() -> Any:
    """It brings fonts: only texts with formulas need them."""
    module = import_module("ziamath")
    module.config.svg2 = False  # Qt draws no symbols
    return module


def place(document: QTextDocument) -> None:
    """Puts formulas on the lines of the text."""
    cursor = QTextCursor(document)
    block = document.begin()
    while block.isValid():
        found = block.begin()
        while not found.atEnd():
            fragment = found.fragment()
            form = fragment.charFormat().toImageFormat()
            if form.isValid() and form.name().startswith(f"{SCHEME}:"):
                form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
                cursor.setPosition(fragment.position())
                cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(form)
            found += 1
        block = block.next()
