"""A text that a job reported, as a file of plain text: Markdown as it is, HTML without its marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import unescape
from pathlib import Path

from workbench.errors import UserError
from workbench.events import Event
from workbench.runs.exporters.files import missing, without_frames
from workbench.runs.reader import Reader
from workbench.texts import T, Text

_END = re.compile(r"<br\s*/?>|</(?:p|div|tr|li|h[1-6])>", re.IGNORECASE)
_MARK = re.compile(r"<[^>]*>")
_JOINER = "\u2060"
"""Keeps words together where lines break; who searches a text would not find them."""


def write(reader: Reader, path: Path, streams: Sequence[str] = ()) -> list[Path]:
    """Writes the newest text of one stream to `path`; the path written.

    Raises UserError for a stream that is no text, and where several could be meant.
    """
    known = [name for name, kind in reader.streams().items() if kind == "text"]
    for name in streams:
        if name not in known:
            raise missing(reader, name, known)
    chosen = list(streams) or known
    if not chosen:
        raise UserError(T("Run {run} has no texts.", run=reader.id))
    if len(chosen) > 1:
        text = T("The file holds one text; there are: {names}.", names=", ".join(chosen))
        raise UserError(text, remedy=T("Name one stream."), field="stream")
    frame = reader.frame(chosen[0])
    if frame is None:
        raise without_frames(chosen[0])
    path.write_text(plain(frame) + "\n", "utf-8", errors="replace")
    return [path]


def plain(frame: Event, say: Callable[[str], str] = str) -> str:
    """What a frame of text says, without marks of HTML. say: speaks the reader's language."""
    text = say(Text.from_json(frame.data.get("text", "")))
    if frame.data.get("format") == "html":
        text = unescape(_MARK.sub("", _END.sub("\n", text))).replace(_JOINER, "")
    return text.strip()
