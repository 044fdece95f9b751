"""Text of HTML and of EPUB's chapters, by lxml."""

from __future__ import annotations

import codecs
import posixpath
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as page

from workbench.api import domain

from .borders import width
from .encodings import decoded, examined
from .packing import Refused, small_archive
from .params import is_encoding
from .records import Document
from .sources import BINARY, Source, pieces

T = domain("workbench_corpus")
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_UNSEEN = ("head", "script", "style", "template", "noscript")
_INLINE = re.compile(
    "a|abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|input|ins|kbd|label|mark|q|rb|s|samp|small|span|strike|"
    "strong|sub|sup|time|tt|u|var|wbr"
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_LINES = re.compile(r" *\n[ \n]*")
_XML = etree.XMLParser(resolve_entities=False, no_network=True)


def html(source: Source) -> Iterator[Document]:
    """The document of a page: what a reader sees. Raises Refused for what is no text."""
    text, bad, source.entry.encoding = _page(source.whole(), source.part.encoding)
    yield from pieces(source, text, 0, {}, bad)


def epub(source: Source) -> Iterator[Document]:
    """The document of a book, its chapters in reading order. Raises Refused, and what zipfile and lxml raise."""
    with zipfile.ZipFile(BytesIO(source.whole())) as book:
        small_archive(book, source.how.whole)
        chapters = [_page(book.read(name), "")[:2] for name in _chapters(book)]
    text = "\n".join(text for text, _ in chapters)
    yield from pieces(source, text, 0, {}, sum(bad for _, bad in chapters))


def _page(data: bytes, wish: str) -> tuple[str, int, str]:
    """(text, undecodable bytes, encoding). What a page says of its encoding counts as long as it fits."""
    declared = _DECLARED.search(data, 0, 4096)
    name = declared[1].decode() if declared and not wish else ""
    known = is_encoding(name) and width(codecs.lookup(name).name) == 1  # else what says so could not have been read
    encoding, start = examined(BytesIO(data), wish or (name if known else ""))
    text, bad = decoded(data[start:], encoding or "latin-1")
    if bad and not wish:
        encoding, start = examined(BytesIO(data))
        text, bad = decoded(data[start:], encoding or "latin-1")
    if not encoding:
        raise Refused(BINARY)
    return _seen(_parsed(_open(_DECLARATION.sub("", text)))), bad, encoding


def _parsed(text: str) -> Any:
    """Raises ValueError where libxml2 would leave out the rest without a word: far below hundreds of elements."""
    parser = page.HTMLParser(huge_tree=True)
    root = page.document_fromstring(text, parser=parser)
    for each in parser.error_log.filter_types([etree.ErrorTypes.ERR_RESOURCE_LIMIT]):
        raise ValueError(each.message)
    return root


def _open(text: str) -> str:
    """Without the marks around sections of character data: a parser of HTML takes those for comments."""
    first, *sections = text.split("<![CDATA[")
    return first + "".join(each.replace("]]>", "", 1) for each in sections)


def _seen(root: Any) -> str:
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    etree.strip_elements(root, *_UNSEEN, with_tail=False)
    texts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not _INLINE.fullmatch(element.tag):
            texts.append("\n")
        here = element.text if event == "start" else element.tail
        texts.append(_SPACES.sub(" ", here or ""))
    return _LINES.sub("\n", "".join(texts)).strip()


def _chapters(book: zipfile.ZipFile) -> Iterator[str]:
    """The names of a book's pages along its spine (EPUB 3.3, sections 4.2.6.3 and 5.7)."""
    container = etree.fromstring(book.read("META-INF/container.xml"), _XML)
    package_name = container.xpath("string(//*[local-name()='rootfile']/@full-path)")
    package = etree.fromstring(book.read(package_name), _XML)
    pages = {each.get("id"): each.get("href") for each in package.xpath("//*[local-name()='item']")}
    for each in package.xpath("//*[local-name()='itemref']/@idref"):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(package_name), unquote(pages[each])))
