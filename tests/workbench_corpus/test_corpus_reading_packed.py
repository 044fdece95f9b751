"""Documents out of archives and packed files, and out of pages: Word, PDF, HTML, EPUB."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from corpus_read import read
from docx.oxml import parse_xml
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPdfWriter

# ------------------------------------------------------------------ packed


@pytest.mark.parametrize("suffix", ["gz", "bz2", "xz"])
@pytest.mark.parametrize("portion", [0.01, 1.0])
def test_packed_files_are_read_as_unpacked(tmp_path: Path, suffix: str, portion: float) -> None:
    text = "".join(f"第{i * 7919 % 10007}行，{hash((i, 1)) % 10**9}明天下雨。\n" for i in range(3000))
    packers: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
    pack = packers[suffix]
    (tmp_path / f"a.txt.{suffix}").write_bytes(pack(text.encode("gb18030")))
    (tmp_path / f"b.jsonl.{suffix}").write_bytes(pack(b'{"text": "a"}\n' * 5))
    got = read(tmp_path, portion=portion)
    assert got.texts == [text, *"aaaaa"]
    assert (got.tasks > 5) == (portion < 1)


def test_members_of_an_archive_are_files(tmp_path: Path) -> None:
    long = "".join(f"第{i}行，明天下雨。\n" for i in range(2000))
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("新闻")
        archive.writestr("新闻/b.txt", long.encode("gb18030"))
        archive.writestr("c.jsonl", '{"text": "好"}\n{"text": "天"}')
        archive.writestr("d.zip", b"PK")
        archive.writestr("e.txt", "")
        archive.writestr("f.txt", bytes(3000))
    got = read(tmp_path, portion=0.005)
    assert got.texts == [long, "好", "天"]
    assert got.pieces[0].file == f"{tmp_path}/a.zip/新闻/b.txt"
    assert got.said("d.zip") == "an archive within an archive is not opened."
    assert got.said("e.txt") == "empty."
    assert got.said("f.txt") == "binary: it is no text."


def test_members_of_one_name_are_two_documents(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.jsonl", '{"text": "一"}')
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.jsonl", '{"text": "二"}')
    got = read(tmp_path)
    assert got.texts == ["一", "二"]
    assert len({each.file for each in got.pieces}) == 2


def test_names_in_an_old_archive_are_chinese(tmp_path: Path) -> None:
    name = "新闻.txt"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo(name.encode("gb18030").decode("cp437")), "好")
    data = (tmp_path / "a.zip").read_bytes()
    raw = name.encode("gb18030").decode("cp437").encode()
    (tmp_path / "b.zip").write_bytes(_unflagged(data, raw, name.encode("gb18030")))
    (piece,) = read(tmp_path / "b.zip").pieces
    assert (piece.file, piece.text) == (f"{tmp_path}/b.zip/{name}", "好")


def _unflagged(data: bytes, written: bytes, raw: bytes) -> bytes:
    """The archive of one member as a program wrote it that knew nothing of UTF-8."""
    local, rest = data.split(b"PK\x01\x02")
    central, end = rest.split(b"PK\x05\x06")
    shorter = len(written) - len(raw)
    local = local[:6] + b"\0\0" + local[8:26] + len(raw).to_bytes(2, "little") + local[28:].replace(written, raw)
    central = (
        central[:4] + b"\0\0" + central[6:24] + len(raw).to_bytes(2, "little") + central[26:].replace(written, raw)
    )
    size = (len(central) + 4).to_bytes(4, "little")
    assert shorter > 0
    return (
        local + b"PK\x01\x02" + central + b"PK\x05\x06" + end[:8] + size + len(local).to_bytes(4, "little") + end[16:]
    )


# ------------------------------------------------------------------ pages


def test_word_gives_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("标题")
    document.add_paragraph("第一段。").add_run("粗").bold = True
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合并"
    table.cell(1, 0).text, table.cell(1, 1).text = "左", "右"
    document.add_paragraph("第二段。")
    document.save(str(tmp_path / "a.docx"))
    assert read(tmp_path).texts == ["标题\n第一段。粗\n合并\n左\n右\n第二段。"]


def test_a_cell_over_several_rows_is_read_once(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 2)
    for row, text in enumerate("甲乙丙"):
        table.cell(row, 1).text = text
    table.cell(0, 0).merge(table.cell(2, 0)).text = "合并"
    document.save(str(tmp_path / "a.docx"))
    assert read(tmp_path).texts[0].split() == ["合并", "甲", "乙", "丙"]


_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
_RUN = "<w:r><w:t>{}</w:t></w:r>"
_BOX = f"<w:txbxContent><w:p>{_RUN.format('框')}</w:p></w:txbxContent>"


@pytest.mark.parametrize(
    ("inside", "texts"),
    [
        (f'<w:smartTag w:uri="x" w:element="chsdate">{_RUN.format("新")}</w:smartTag>', ["前新后"]),
        (f'<w:ins w:id="1" w:author="x">{_RUN.format("新")}</w:ins>', ["前新后"]),
        ('<w:del w:id="1" w:author="x"><w:r><w:delText>旧</w:delText></w:r></w:del>', ["前后"]),
        (f'<w:moveFrom w:id="1" w:author="x">{_RUN.format("旧")}</w:moveFrom>', ["前后"]),
        (f"<w:sdt><w:sdtContent>{_RUN.format('新')}</w:sdtContent></w:sdt>", ["前新后"]),
        (f'<w:fldSimple w:instr="DATE">{_RUN.format("新")}</w:fldSimple>', ["前新后"]),
        (
            f"<w:r><w:ruby><w:rt>{_RUN.format('zì')}</w:rt><w:rubyBase>{_RUN.format('字')}</w:rubyBase></w:ruby></w:r>",
            ["前字后"],
        ),
        ("<w:r><w:tab/><w:br/><w:noBreakHyphen/></w:r>", ["前", "-后"]),
        (
            f"<w:r><mc:AlternateContent><mc:Choice>{_BOX}</mc:Choice><mc:Fallback>{_BOX}</mc:Fallback>"
            "</mc:AlternateContent></w:r>",
            ["前后", "框"],
        ),
    ],
)
def test_word_gives_all_that_a_reader_sees(tmp_path: Path, inside: str, texts: list[str]) -> None:
    paragraph = f"<w:p>{_RUN.format('前')}{inside}{_RUN.format('后')}</w:p>"
    control = f"<w:sdt><w:sdtContent><w:p>{_RUN.format('尾')}</w:p></w:sdtContent></w:sdt>"
    document = docx.Document()
    for each in parse_xml(f"<w:body {_SPACES}>{paragraph}{control}</w:body>"):
        document.element.body.append(each)
    document.save(str(tmp_path / "a.docx"))
    assert read(tmp_path).texts[0].split() == [*texts, "尾"]


@pytest.mark.usefixtures("qapp")
def test_pdf_gives_its_pages_and_says_which_have_no_text(tmp_path: Path) -> None:
    writer = QPdfWriter(str(tmp_path / "a.pdf"))
    painter = QPainter(writer)
    painter.drawText(QRectF(0, 0, 9000, 900), "Hello, page one.")
    writer.newPage()
    writer.newPage()
    painter.drawText(QRectF(0, 0, 9000, 900), "Page three.")
    painter.end()
    got = read(tmp_path)
    (text,) = got.texts
    assert " ".join(text.split()) == "Hello, page one. Page three."
    assert got.said("a.pdf") == "pages without text, pictures perhaps: 1."


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_html_gives_what_a_reader_sees(tmp_path: Path, encoding: str) -> None:
    page = f"""<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE html><html><head><title>题</title>
    <style>p {{}}</style></head><body><h1>标 题</h1><p>第<b>一</b>段&amp;<!-- 藏 -->后\n  半<br>新行</p>
    <script>var x = "<p>"</script><ul><li>甲<li>乙</ul>尾</body></html>"""
    (tmp_path / "a.html").write_bytes(page.encode(encoding))
    got = read(tmp_path)
    assert got.texts == ["标 题\n第一段&后 半\n新行\n甲\n乙\n尾"]
    assert got.files[got.pieces[0].file].encoding == encoding


def test_text_in_sections_of_character_data_is_seen(tmp_path: Path) -> None:
    inside = ("正文\n一", "<p>正文二</p><p>三")
    items = "".join(f"<item><![CDATA[{each}]]></item>" for each in inside)
    (tmp_path / "a.xml").write_text(
        f'<?xml version="1.0"?><rss>题{items}<script><![CDATA[x]]></script>]]></rss>', "utf-8"
    )
    assert read(tmp_path).texts == ["题\n正文 一\n正文二\n三\n]]>"]


def test_nothing_is_left_out_of_a_page_however_long_or_deep(tmp_path: Path) -> None:
    long = "字" * 4_000_000
    (tmp_path / "long.html").write_text(f"<p>{long}<p>后", "utf-8")
    (tmp_path / "deep.html").write_text("<font>" * 1000 + "深<p>后", "utf-8")
    (tmp_path / "deeper.html").write_text("<font>" * 5000 + "深<p>后", "utf-8")
    got = read(tmp_path, portion=64)
    assert got.texts == ["深\n后", f"{long}\n后"]
    assert "Excessive depth" in got.said("deeper.html")


def test_a_page_that_says_a_wrong_encoding_is_read_by_its_bytes(tmp_path: Path) -> None:
    body = "<meta charset=utf-8><p>" + "今天我国宣布了一项重要成果。" * 5
    (tmp_path / "a.html").write_bytes(body.encode("gb18030"))
    got = read(tmp_path)
    assert got.texts == ["今天我国宣布了一项重要成果。" * 5]
    assert got.pieces[0].undecodable == 0


@pytest.mark.parametrize("said", ["utf-16", "UTF_32", "utf-7", "klingon"])
def test_a_page_that_says_an_impossible_encoding_is_read_by_its_bytes(tmp_path: Path, said: str) -> None:
    (tmp_path / "a.html").write_text(f'<meta charset="{said}"><p>好天气，+2AA-。 ', "utf-8")
    got = read(tmp_path)
    assert got.texts == ["好天气，+2AA-。"]
    assert got.files[str(tmp_path / "a.html")].encoding == "utf-8"


def test_epub_gives_its_chapters_along_the_spine(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.epub", "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        )
        book.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="b" href="text/b%20b.xhtml"/>'
            '<item id="a" href="a.xhtml"/><item id="c" href="c.css"/></manifest>'
            '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        )
        for name, text in (("a.xhtml", "第一章"), ("text/b b.xhtml", "第二章")):
            book.writestr(f"OEBPS/{name}", f"<html><head><title>x</title></head><body><p>{text}</p></body></html>")
    assert read(tmp_path).texts == ["第一章\n第二章"]
