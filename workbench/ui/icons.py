"""Icons, drawn in the colours of the theme: paths on a 24 × 24 grid, and a tool's own sign."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

PATHS = {
    "start": '<path d="M7 4.5v15l12-7.5z" fill="{c}" stroke-linejoin="round"/>',
    "pause": '<path d="M8 5v14M16 5v14" stroke-width="3"/>',
    "step": '<path d="M6 5v14l9-7z" fill="{c}" stroke-linejoin="round"/><path d="M18.5 5v14"/>',
    "slow": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "stop": '<rect x="6" y="6" width="12" height="12" rx="1.5" fill="{c}"/>',
    "keep": '<path d="M6 4h12v16l-6-4.5L6 20z" stroke-linejoin="round"/>',
    "menu": '<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3.2"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "float": '<path d="M9 5H5v14h14v-4M13 5h6v6M19 5l-8 8"/>',
    "full": '<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"/>',
    "up": '<path d="M12 19V6M6 11l6-6 6 6"/>',
    "down": '<path d="M12 5v13M6 13l6 6 6-6"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5"/>',
    "log": '<path d="M6 3h9l4 4v14H6zM9 11h7M9 15h7" stroke-linejoin="round"/>',
    "bad": '<path d="M12 3.5L2.5 20h19zM12 10v4.5M12 17v.5" stroke-linejoin="round"/>',
    "note": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7v.5"/>',
    "experiment": '<path d="M9.5 3.5h5M10.5 3.5v6L5 19a1 1 0 0 0 1 1.5h12a1 1 0 0 0 1-1.5l-5.5-9.5v-6M7.5 15h9" '
    'stroke-linejoin="round"/>',
    "again": '<path d="M19 12a7 7 0 1 1-2.2-5.1M17 3v4.2h-4.2"/>',
    "settings": '<path d="M4 7h9M18 7h2M4 12h2M11 12h9M4 17h8M17 17h3"/><circle cx="15.5" cy="7" r="2.2"/>'
    '<circle cx="8.5" cy="12" r="2.2"/><circle cx="14.5" cy="17" r="2.2"/>',
}
"""By name: what is inside the <svg>; {c} is the colour."""
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{c}" stroke-width="1.9" '
    'stroke-linecap="round">{inside}</svg>'
)
_SIZE = 48


def icon(name: str, colour: str, quiet: str = "") -> QIcon:
    """An icon in a colour; `quiet` where it is disabled."""
    made = QIcon(drawn(name, colour))
    if quiet:
        made.addPixmap(drawn(name, quiet), QIcon.Mode.Disabled)
    return made


def drawn(name: str, colour: str) -> QPixmap:
    """An icon as a picture."""
    return QPixmap.fromImage(_rendered(name, colour))


@lru_cache(maxsize=256)
def _rendered(name: str, colour: str) -> QImage:
    """Kept: buttons are drawn anew whenever a job moves."""
    svg = _SVG.replace("{inside}", PATHS[name]).replace("{c}", colour)
    picture = _empty()
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    return picture.toImage()


def sign(tool: str, title: str) -> QIcon:
    """The sign of a tool without an icon: its initials on a colour that its id decides."""
    hue = sha256(tool.encode()).digest()[0] * 360 // 256
    picture = _empty()
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor.fromHsl(hue, 110, 120))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(QRectF(2, 2, 44, 44), 10, 10)
    painter.setPen(QColor("white"))
    font = QFont(painter.font())
    font.setPixelSize(20)
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(QRectF(0, 0, _SIZE, _SIZE), Qt.AlignmentFlag.AlignCenter, initials(title))
    painter.end()
    made = QIcon(picture)
    made.addPixmap(picture, QIcon.Mode.Selected)  # not tinted where it is selected
    return made


def initials(title: str) -> str:
    """`GAN with cascading rejection` → `GC`: the capital or first letters of its longest words."""
    words = [each for each in title.replace("-", " ").split() if each[0].isalnum()]
    heavy = [each for each in words if len(each) > 4 or each.isupper()] or words
    return "".join(each[0] for each in heavy[:2]).upper() or "?"


def _empty() -> QPixmap:
    picture = QPixmap(_SIZE, _SIZE)
    picture.fill(Qt.GlobalColor.transparent)
    return picture
