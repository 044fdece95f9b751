"""Text of PDF's pages, by pypdf."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader

from workbench.api import domain

from .encodings import sound
from .packing import Refused
from .records import Document
from .sources import Source, pieces

T = domain("workbench_corpus")
_WRAPPED = re.compile(r"(?<=[\u3400-\u9fff])[ \t]*\n[ \t]*(?=[\u3400-\u9fff])")
"""A line that ends within a Chinese sentence; where it ends says nothing, and would cut words."""


def pdf(source: Source) -> Iterator[Document]:
    """The document of a file. Raises Refused for a locked one, and whatever pypdf raises for a damaged one."""
    reader = PdfReader(BytesIO(source.whole()))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused(T("it is locked by a password."))
    texts = [page.extract_text() for page in reader.pages]
    empty = sum(not text.strip() for text in texts)
    if empty:
        source.entry.say(T("pages without text, pictures perhaps: {n}.", n=empty))
    text, bad = sound(_WRAPPED.sub("", "\n".join(texts)))
    yield from pieces(source, text, 0, {}, bad)
