"""Text of Word's .docx as a reader sees it: paragraphs in their order, in tables and boxes too; by python-docx."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx as word
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from .packing import small_archive
from .records import Document
from .sources import Source, pieces

_PARAGRAPH, _RUN = qn("w:p"), qn("w:r")
_UNSEEN = (qn("w:moveFrom"), qn("w:rt"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
"""What stands elsewhere by now, how to read an ideograph, and the same once more for older programs."""


def docx(source: Source) -> Iterator[Document]:
    """The document of a file. Raises Refused when it unpacks to too much, and whatever python-docx raises."""
    data = BytesIO(source.whole())
    with zipfile.ZipFile(data) as archive:
        small_archive(archive, source.how.whole)
    body = word.Document(data).element.body
    etree.strip_elements(body, *_UNSEEN, with_tail=False)
    yield from pieces(source, "\n".join(map(_written, body.iter(_PARAGRAPH))), 0)


def _written(paragraph: Any) -> str:
    """Its runs in whatever holds them (links, insertions, fields), but not those of a box that hangs in it."""
    own = (run for run in paragraph.iter(_RUN) if next(run.iterancestors(_PARAGRAPH)) is paragraph)
    return "".join(run.text for run in own)
