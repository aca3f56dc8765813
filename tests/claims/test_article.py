"""A copy of an article in any form and encoding becomes numbered paragraphs, or one clear line."""

from pathlib import Path

import pytest

from helpers.claims.article import Article, read_article
from helpers.errors import InputError

ENGLISH = (
    "The caf\u00e9 and the cars",
    "The owner said \u201cwe aim to sell 20,000 cars\u201d \u2013 more than ever before.",
)
JAPANESE = (
    "米国製の車が日本に来る",
    "トヨタ自動車は19日、米国で生産する3車種を2026年から日本で販売すると発表した。",
)
PAGE = """<!DOCTYPE html><html><head><title>Cars | A Paper</title>{head}</head><body>
<nav>Home News</nav><article><h1>The café and the cars</h1>
<p>The owner said “we aim to
 sell <b>20,000</b> cars” – more than ever before.</p></article>
<aside>Read also</aside><footer>Imprint</footer></body></html>"""


def read(folder: Path, raw: bytes, name: str = "article.txt") -> Article:
    (folder / name).write_bytes(raw)
    return read_article(folder / name)


@pytest.mark.parametrize(
    ("paragraphs", "encoding", "told"),
    [
        (ENGLISH, "utf-8", "UTF-8"),
        (ENGLISH, "utf-8-sig", "UTF-8"),
        (ENGLISH, "utf-16", "UTF-16"),
        (ENGLISH, "cp1252", "Windows-1252"),
        (JAPANESE, "utf-8", "UTF-8"),
        (JAPANESE, "cp932", "Shift-JIS"),
        (JAPANESE, "euc_jp", "EUC_JP"),
        (JAPANESE, "iso2022_jp", "ISO-2022-JP"),
        (JAPANESE, "utf-16", "UTF-16"),
        (JAPANESE, "utf-16-le", "UTF_16_LE"),
    ],
)
def test_a_text_is_read_in_its_encoding(
    tmp_path: Path, paragraphs: tuple[str, ...], encoding: str, told: str
) -> None:
    article = read(tmp_path, "\r\n\r\n".join(paragraphs).encode(encoding))
    assert article.paragraphs == paragraphs
    assert article.encoding == told
    assert article.language == ("ja" if paragraphs is JAPANESE else "en")


def test_two_encodings_in_one_text_are_both_read(tmp_path: Path) -> None:
    article = read(tmp_path, "\n".join(ENGLISH).encode() + "\nan \u00e9lan".encode("cp1252"))
    assert article.paragraphs == (*ENGLISH, "an \u00e9lan")
    assert article.encoding == "UTF-8 and Windows-1252 mixed"


@pytest.mark.parametrize("encoding", ["utf-8", "shift_jis"])
def test_a_saved_page_loses_what_is_not_the_article(tmp_path: Path, encoding: str) -> None:
    """The name of the file says nothing; what the page declares of its encoding may be untrue."""
    page = "<html><head><meta charset='shift_jis'></head><body><p>{}</p><p>{}</p></body></html>"
    read_in_japanese = read(tmp_path, page.format(*JAPANESE).encode(encoding), "ページ.txt")
    assert (read_in_japanese.paragraphs, read_in_japanese.form) == (JAPANESE, "saved page")
    assert read(tmp_path, PAGE.format(head="").encode()).paragraphs == ENGLISH


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:site_name" content="A Paper"><link rel="canonical" '
        'href="https://example.org/a"><meta property="article:published_time" '
        'content="2026-03-01T09:00:00+09:00">',
        '<meta property="og:url" content="https://example.org/a">'
        '<script type="application/ld+json">{"publisher": {"name": "A Paper"}, '
        '"datePublished": "2026-03-01"}</script>',
    ],
)
def test_a_page_says_outlet_address_and_day(tmp_path: Path, head: str) -> None:
    article = read(tmp_path, PAGE.format(head=head).encode(), "page.html")
    assert (article.outlet, article.url, article.published) == (
        "A Paper",
        "https://example.org/a",
        "2026-03-01",
    )


def test_an_address_that_runs_code_is_not_taken(tmp_path: Path) -> None:
    head = '<link rel="canonical" href="javascript:alert(1)"><meta name="og:url" content="//x">'
    assert read(tmp_path, PAGE.format(head=head).encode()).url == ""


def test_text_copied_from_a_pdf_loses_its_lines(tmp_path: Path) -> None:
    """Hyphens at line ends go, those of a word stay; running heads and page numbers are named."""
    article = read(
        tmp_path,
        b"""The Daily Motor      12 May 2026
Toyota said on Friday that it will bring three vehi-
cles built in the United States to its home market. The
right-hand drive question stays open, and a right-
hand drive version is not planned.
Page 2 of 3
The Daily Motor      12 May 2026
The company sold 1,440,000 cars in Japan in 2024, and it
expects a few thousand a year from this programme, said
a spokesperson.
""",
    )
    assert article.form == "text copied from a PDF"
    assert article.paragraphs == (
        "Toyota said on Friday that it will bring three vehicles built in the United States to its "
        "home market. The right-hand drive question stays open, and a right-hand drive version is "
        "not planned.",
        "The company sold 1,440,000 cars in Japan in 2024, and it expects a few thousand a year "
        "from this programme, said a spokesperson.",
    )
    assert set(article.dropped) == {"The Daily Motor      12 May 2026", "Page 2 of 3"}


def test_japanese_lines_join_without_blanks(tmp_path: Path) -> None:
    lines = (
        "トヨタは十九日、米国で生産す",
        "る三車種を日本で売ると発表し",
        "た。関税は二七・五％と述べ",
        "た。",
    )
    assert read(tmp_path, "\n".join(lines).encode()).paragraphs == ("".join(lines),)


def test_a_text_of_whole_paragraphs_keeps_them(tmp_path: Path) -> None:
    paragraphs = tuple(f"Paragraph {number} says one thing. It says another." for number in "1234")
    assert read(tmp_path, "\n".join(paragraphs).encode()).paragraphs == paragraphs


def test_marks_that_turn_or_hide_text_go_and_are_counted(tmp_path: Path) -> None:
    article = read(tmp_path, "The rate is \u202e5.72\u202c per\u200bcent.\x07".encode())
    assert article.paragraphs == ("The rate is 5.72 percent.",)
    assert article.marks == 4


def test_markup_and_formulas_stay_text(tmp_path: Path) -> None:
    page = (
        "<html><body><p onclick=x()>There are 3 <script>alert(1)</script>&lt;script&gt; cars</p>"
        "<p hidden>unseen</p><p style='display: none'>unseen</p><p>=HYPERLINK(1)</p></body></html>"
    )
    article = read(tmp_path, page.encode())
    assert article.paragraphs == ("There are 3 <script> cars", "=HYPERLINK(1)")


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "the file holds no text"),
        (b" \n\t\n", "the file holds no text"),
        (b"<html><body><script>x</script></body></html>", "the file holds no text"),
        (b"%PDF-1.7", "is a PDF; open it, copy its text"),
        (b"PK\x03\x04", "is a packed document"),
        (b"text\x00", "is not a text"),
        (bytes(range(1, 256)), "its encoding is not known"),
        ("\n".join(JAPANESE).encode() + "関税".encode("cp932"), "its encoding is not known"),
        (b"\xff\xfea", "is not UTF-16, as its first bytes say"),
        (b"One sentence.\n" * 3_000, "3,000 paragraphs"),
        (b"x" * 900_000, "paragraph 1 has 900,000 characters"),
        (b"<html><body>" + b"<x>" * 90_000 + b"text", "nested too deep"),
        (b"x" * 10_000_001, "10,000,001 bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_article_is_told_in_one_line(tmp_path: Path, raw: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told) as raised:
        read(tmp_path, raw)
    (fault,) = raised.value.faults
    assert "\n" not in str(fault)
    assert fault.instead


def test_an_absent_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        read_article(tmp_path / "absent.txt")
