from __future__ import annotations

import codecs
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbench_corpus.reading.encodings import HEAD, counted, decoded, decoder, detected, examined, sound

SIMPLE = (
    "据新华社报道,今天上午我国科学家在北京宣布了一项重要成果。这项研究历时五年,由多所大学共同完成。\n"
    "专家认为,它将推动人工智能与农业的结合;经济效益预计超过三百亿元。\n"
)
TRADITIONAL = (
    "據中央社報導,今天上午科學家在臺北宣布了一項重要成果。這項研究歷時五年,由多所大學共同完成。\n"
    "專家認為,它將推動人工智慧與農業的結合;經濟效益預計超過三百億元。\n"
)
MANY = [(SIMPLE, "utf-8"), (SIMPLE, "gb18030"), (TRADITIONAL, "big5"), (SIMPLE, "utf-16-le"), (SIMPLE, "utf-16-be")]


@pytest.mark.parametrize(("text", "encoding"), MANY)
@pytest.mark.parametrize("length", [40, 99, 3000, 200_000])
def test_the_encoding_is_found(text: str, encoding: str, length: int) -> None:
    data = (text * (length // len(text) + 1))[:length].encode(encoding)
    assert examined(BytesIO(data)) == (encoding, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
def test_any_sixty_characters_of_real_news_are_enough(news: str, encoding: str) -> None:
    slices = [news[at : at + 60] for at in range(0, len(news) - 60, 60)]
    assert {detected(each.encode(encoding)) for each in slices} == {encoding}


@pytest.mark.parametrize(("text", "encoding"), MANY)
def test_a_text_that_is_cut_inside_a_character_is_known_as_well(text: str, encoding: str) -> None:
    data = (text * 1000).encode(encoding)
    for end in range(HEAD - 4, HEAD):
        assert detected(data[:end], cut=True) == encoding


@pytest.mark.parametrize(("text", "encoding"), MANY[:3])
def test_a_damaged_byte_does_not_hide_the_encoding(text: str, encoding: str) -> None:
    data = bytearray((text * 20).encode(encoding))
    data[len(data) // 2] = 0xFF
    assert detected(bytes(data)) == encoding


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_says_it(mark: bytes, encoding: str) -> None:
    assert examined(BytesIO(mark + "一".encode(encoding))) == (encoding, len(mark))


def test_what_a_person_says_counts_and_a_mark_refines_it() -> None:
    data = codecs.BOM_UTF16_BE + SIMPLE.encode("utf-16-be")
    assert examined(BytesIO(data), "utf-16") == ("utf-16-be", 2)
    assert examined(BytesIO(SIMPLE.encode("utf-16-le")), "utf-16") == ("utf-16-le", 0)
    assert examined(BytesIO(codecs.BOM_UTF8 + b"a"), "utf-8") == ("utf-8", 3)
    assert examined(BytesIO(SIMPLE.encode("gb18030")), "big5") == ("big5", 0)
    assert examined(BytesIO(b"a"), "GBK") == ("gb18030", 0)


def test_a_long_english_beginning_hides_no_chinese() -> None:
    assert examined(BytesIO(b"All rights reserved.\n" * 10_000 + SIMPLE.encode("gb18030"))) == ("gb18030", 0)


def test_another_language_is_left_to_charset_normalizer() -> None:
    text = "Le café était fermé à l'été; où est-il allé? Né à Genève, il y a vécu près de l'église. " * 5
    assert text.encode("cp1252").decode(detected(text.encode("cp1252"))) == text


@pytest.mark.parametrize(
    "data",
    [
        bytes(5000),
        bytes(range(256)) * 20,
        b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00" * 200,
        b"\x89PNG\r\n\x1a\n\0\0",
    ],
)
def test_what_is_no_text_has_no_encoding(data: bytes) -> None:
    assert examined(BytesIO(data)) == ("", 0)


def test_few_stray_control_characters_do_not_make_a_text_binary() -> None:
    assert detected((SIMPLE * 20 + "\x00\x02").encode()) == "utf-8"


@given(
    st.lists(st.one_of(st.text().map(str.encode), st.binary(max_size=5))), st.sampled_from(["utf-8", "gb18030", "big5"])
)
def test_each_undecodable_byte_is_one_replacement_and_counted(parts: list[bytes], encoding: str) -> None:
    data = b"".join(parts)
    text, bad = decoded(data, encoding)
    assert bad == text.count("\ufffd") - data.decode(encoding, "ignore").count("\ufffd")
    assert (bad == 0) == _is(data, encoding)
    assert text.replace("\ufffd", "") == data.decode(encoding, "ignore").replace("\ufffd", "")


@given(
    st.binary(max_size=200), st.integers(1, 9), st.sampled_from(["utf-8", "gb18030", "big5", "utf-16-le", "utf-32-be"])
)
def test_block_by_block_is_as_all_at_once(data: bytes, size: int, encoding: str) -> None:
    running = decoder(encoding)
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    text = "".join(map(running.decode, blocks)) + running.decode(b"", True)
    assert counted(text) == decoded(data, encoding)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\ud800\udfff"))))
def test_a_sound_text_can_be_written(text: str) -> None:
    mended, halves = sound(text)
    assert len(mended.encode()) == len(text.encode("utf-8", "surrogatepass"))
    assert halves == sum("\ud800" <= each <= "\udfff" for each in text)


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
