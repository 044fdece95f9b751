"""Text of Word's .docx, paragraphs and tables in their order, by python-docx."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx as word
from docx.document import Document as Docx
from docx.table import Table, _Cell

from .packing import small_archive
from .records import Document
from .sources import Source, pieces


def docx(source: Source) -> Iterator[Document]:
    """The document of a file. Raises Refused when it unpacks to too much, and whatever python-docx raises."""
    data = BytesIO(source.whole())
    with zipfile.ZipFile(data) as archive:
        small_archive(archive, source.how.whole)
    yield from pieces(source, "\n".join(_texts(word.Document(data))), 0)


def _texts(holder: Docx | _Cell) -> Iterator[str]:
    for each in holder.iter_inner_content():
        if isinstance(each, Table):
            for row in each.rows:
                for cell in dict.fromkeys(row.cells):  # a cell over several columns is named once for each
                    yield from _texts(cell)
        else:
            yield each.text
