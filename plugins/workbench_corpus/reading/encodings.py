"""Which encoding a text has, and what it says; nothing undecodable is lost silently."""

from __future__ import annotations

import codecs
import re
from importlib import import_module
from typing import BinaryIO

HEAD = 1 << 16
"""Bytes that are looked at: so many that are not ASCII alone, of the first 16 times as many."""
_MARK = "\udfff"
"""Stands for an undecodable byte until it is counted: half a pair of surrogates, which no codec decodes to."""
_HALVES = re.compile("[\ud800-\udfff]")
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before UTF-16's, with which it begins
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_EXACT = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "gbk": "gb18030", "gb2312": "gb18030"}
"""What a name stands for where no byte order mark says it; GB18030 holds the older two."""
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_USUAL = re.compile(r"[\t\n\r -~\u2010-\u2027\u3000-\u30ff\u3400-\u9fff\uff01-\uff60]")
"""What texts in UTF-16 mostly consist of, where they are Chinese or English."""
_USUALLY = {
    "utf-8": re.compile(rb"((?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]|[\xf0-\xf4][\x80-\xbf]{2})[\x80-\xbf])|[\x80-\xff]"),
    "gb18030": re.compile(rb"([\xa1-\xa3\xb0-\xd7][\xa1-\xfe])|[\x80-\xff].", re.DOTALL),
    "big5": re.compile(rb"([\xa1-\xc6][\x40-\x7e\xa1-\xfe])|[\x80-\xff].", re.DOTALL),
}
"""Characters beyond ASCII: as group 1 those of common texts (the first level of GB 2312, of Big5), else any others."""
_OTHERS = ["cp1252", "shift_jis", "euc_jp", "cp1251", "big5hkscs"]


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return _MARK * (error.end - error.start), error.end


codecs.register_error("workbench_corpus.mark", _mark)


def decoded(data: bytes, encoding: str) -> tuple[str, int]:
    """The text, and how many bytes of it could not be decoded: each is a U+FFFD."""
    try:
        return data.decode(encoding), 0
    except UnicodeDecodeError:
        return counted(data.decode(encoding, "workbench_corpus.mark"))


def counted(text: str) -> tuple[str, int]:
    """A text from `decoder` with a U+FFFD for each undecodable byte, and their number."""
    return (text.replace(_MARK, "\ufffd"), text.count(_MARK)) if _MARK in text else (text, 0)


def sound(text: str) -> tuple[str, int]:
    """The text with a U+FFFD for each half of a pair of surrogates, as escapes in JSON leave them; their number."""
    return _HALVES.subn("\ufffd", text) if _HALVES.search(text) else (text, 0)


def decoder(encoding: str) -> codecs.IncrementalDecoder:
    """Decodes a stream block by block; what it returns is to be `counted`."""
    return codecs.getincrementaldecoder(encoding)("workbench_corpus.mark")


def examined(stream: BinaryIO, wish: str = "") -> tuple[str, int]:
    """The encoding of what the stream holds from its beginning, and the length of its byte order mark.

    wish: what a person has said it is. The encoding is "" for what is no text. The stream is left somewhere.
    """
    head = stream.read(HEAD)
    wish = codecs.lookup(wish).name.removesuffix("-sig") if wish else ""
    for mark, encoding in _BOMS.items():
        if head.startswith(mark) and encoding.startswith(wish):
            return encoding, len(mark)
    if wish:
        return _EXACT.get(wish, wish), 0
    cut = len(head) == HEAD
    for _ in range(15):
        if not cut or not head.isascii():
            break
        head = stream.read(HEAD)
        cut = len(head) == HEAD
    return detected(head, cut), 0


def detected(head: bytes, cut: bool = False) -> str:
    """The encoding of a text without byte order mark, "" where it is no text. cut: it may end inside a character."""
    if _decodes(head, "utf-8", cut) and not _binary(head):
        return "utf-8"
    sample = head[: _sample(head)]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample.decode(encoding, "replace")
        if len(_USUAL.findall(text)) > 0.9 * len(text):
            return encoding
    return "" if _binary(head) else _eight_bit(head)


def _eight_bit(head: bytes) -> str:
    """UTF-8, GB18030 or Big5 if most of it reads as such, damaged perhaps; else what charset-normalizer finds."""
    begin = next(re.finditer(rb"[\x80-\xff]", head), None)
    sample = head[begin.start() :][: _sample(head)] if begin else head
    shares = {encoding: _share(pattern, sample) for encoding, pattern in _USUALLY.items()}
    likely = max(shares, key=lambda each: shares[each])
    if shares[likely] > 0.8:
        return likely
    best = import_module("charset_normalizer").from_bytes(head, cp_isolation=_OTHERS).best()
    return best.encoding.replace("_", "-") if best else likely


def _sample(head: bytes) -> int:
    """How many bytes tell enough: few of a small file, of which there may be very many."""
    return max(256, len(head) // 16)


def _share(pattern: re.Pattern[bytes], sample: bytes) -> float:
    found = pattern.findall(sample)
    return sum(map(bool, found)) / max(len(found), 1)


def _binary(head: bytes) -> bool:
    return len(_CONTROL.findall(head)) > 0.01 * len(head)


def _decodes(head: bytes, encoding: str, cut: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(head, not cut)
    except UnicodeDecodeError:
        return False
    return True
