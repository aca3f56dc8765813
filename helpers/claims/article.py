"""An article as its reader has it, a text file, a page saved from a browser or text copied from a
PDF, read into numbered paragraphs of plain text.
"""

import codecs
import datetime
import hashlib
import itertools
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from helpers.claims.saved_page import is_page, read_page
from helpers.errors import refusal
from helpers.texts import is_day

LARGEST_FILE = 10_000_000
LARGEST_TEXT = 1_000_000
LONGEST_PARAGRAPH = 20_000
MOST_PARAGRAPHS = 1_000
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_ENCODINGS = ["cp932", "euc_jp", "cp1252", "utf_16_le", "utf_16_be"]
_NOT_TEXT = (
    (b"%PDF", "is a PDF", "open it, copy its text into a .txt file and read that"),
    (b"PK\x03\x04", "is a packed document", "save it as plain text and read that"),
    (b"\xd0\xcf\x11\xe0", "is a packed document", "save it as plain text and read that"),
    (b"{\\rtf", "is a rich-text document", "save it as plain text and read that"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_.:\-]{2,40})", re.IGNORECASE)
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
_WIDE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_SENTENCE_END = re.compile(r"[.!?:;。！？」』）][\"'”’)\]]*$")
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.|seite|ページ)?\s*[-–—]?\s*[0-9]{1,4}\s*(?:[-–—]|(?:of|/|von)\s*[0-9]{1,4}|ページ|頁)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Article:
    """An article as read.

    paragraphs: plain text, numbered from 1 by their order. form: text file, saved page or text
    copied from a PDF. encoding: the one taken. dropped: running heads and page numbers left out.
    marks: how many invisible or direction-turning characters were taken out. The rest is what a
    page says of itself; blank where it says nothing.
    """

    paragraphs: tuple[str, ...]
    form: str
    encoding: str
    language: str
    dropped: tuple[str, ...] = ()
    marks: int = 0
    outlet: str = ""
    url: str = ""
    published: str = ""

    @property
    def text(self) -> str:
        """The paragraphs, one a line: the text that paragraph hashes refer to."""
        return "\n".join(self.paragraphs) + "\n"

    @property
    def sha256(self) -> str:
        """The SHA-256 of the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def paragraph_hash(paragraph: str) -> str:
    """The first twelve hexadecimal digits of the SHA-256 of a paragraph."""
    return hashlib.sha256(paragraph.encode()).hexdigest()[:12]


def read_article(path: Path) -> Article:
    """Read a copy of an article, whatever its form and encoding.

    Raises InputError with one line for what is no text, holds none, or is too large.
    """
    raw = _bytes(path)
    content, encoding = _decoded(raw, path.name)
    content, marks = _plain(content)
    dropped: list[str] = []
    if is_page(content):
        lines, said = read_page(content, path.name)
        form = "saved page"
    else:
        lines, form, dropped = _text_lines(content)
        said = {}
    paragraphs = tuple(filter(None, (" ".join(line.split()) for line in lines)))
    _check_size(paragraphs, path.name)
    return Article(
        paragraphs, form, encoding, language("".join(paragraphs)), tuple(dropped), marks, **said
    )


def language(text: str) -> str:
    """`ja` where a tenth of the letters are Japanese, else `en`."""
    letters = sum(map(str.isalpha, text[:20_000]))
    return "ja" if 10 * len(_JAPANESE.findall(text[:20_000])) > letters else "en"


def is_wide(character: str) -> bool:
    """Whether a character is one of East Asian writing, which puts no blanks between words."""
    return _WIDE.fullmatch(character) is not None


def _bytes(path: Path) -> bytes:
    where = path.name
    if not path.is_file():
        raise refusal(where, "there is no such file", "give a text file or a saved page")
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise refusal(where, f"the file has {size:,} bytes", f"keep it under {LARGEST_FILE:,}")
    raw = path.read_bytes()
    for start, what, instead in _NOT_TEXT:
        if raw.startswith(start):
            raise refusal(where, what, instead)
    return raw


def _decoded(raw: bytes, where: str) -> tuple[str, str]:
    """The text and the encoding it was taken to be in."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return _strictly(raw, encoding, where), encoding.removesuffix("-sig").upper()
    if b"\x1b$" in raw and raw.isascii():
        return _strictly(raw, "iso2022_jp", where), "ISO-2022-JP"
    tries = ["utf-8"]
    if declared := _DECLARED.search(raw[:4_096]):
        tries.append(declared[1].decode("ascii"))
    for encoding in tries:
        try:
            return _text_of(raw.decode(encoding), where), encoding.upper()
        except (UnicodeDecodeError, LookupError):
            continue
    content = raw.decode("utf-8", _WINDOWS)
    kept = len(raw.decode("utf-8", "ignore").encode())
    mostly = 2 * kept > len(raw) + sum(byte < 128 for byte in raw)
    if mostly and not any(map(is_wide, content)):
        return _text_of(content, where), "UTF-8 and Windows-1252 mixed"
    best = from_bytes(raw, cp_isolation=_ENCODINGS).best()
    if best is None:
        raise refusal(where, "its encoding is not known", "save the file as UTF-8")
    names = {"cp932": "Shift-JIS", "cp1252": "Windows-1252"}
    return _text_of(str(best), where), names.get(best.encoding, best.encoding.upper())


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 read as Windows-1252: what a page put together from two has."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_WINDOWS = "reverse-imports-windows-1252"
codecs.register_error(_WINDOWS, _as_windows)


def _strictly(raw: bytes, encoding: str, where: str) -> str:
    try:
        return _text_of(raw.decode(encoding), where)
    except UnicodeDecodeError as error:
        told = f"byte {error.start} is not {encoding.removesuffix('-sig').upper()}"
        raise refusal(where, f"{told}, as its first bytes say", "save the file as UTF-8") from None


def _text_of(content: str, where: str) -> str:
    if "\x00" in content:
        raise refusal(where, "is not a text", "give a text file or a saved page")
    return content


def _plain(content: str) -> tuple[str, int]:
    """The text in one form, without characters that cannot be seen, and how many those were.

    A soft hyphen at the end of a line stands for a hyphen there.
    """
    content = re.sub(r"\r\n?|[\x0b\x85\u2028\u2029]", "\n", content)
    content = unicodedata.normalize("NFC", content.replace("\u00ad\n", "-\n"))
    kept = [
        character
        for character in content
        if character in "\n\t\f" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    ]
    return "".join(kept), len(content) - len(kept)


def _text_lines(content: str) -> tuple[list[str], str, list[str]]:
    """The paragraphs of a text, its form, and the running heads left out of it."""
    lines = [line.strip() for line in content.replace("\f", "\n\f\n").split("\n")]
    breaks = content.count("\f")
    lines = [line for line in lines if line != "\f"]
    if not (breaks or _is_wrapped(lines)):
        return lines, "text file", []
    heads = _running_heads(lines)
    kept = [line for line in lines if line not in heads]
    return _joined(kept), "text copied from a PDF", [line for line in lines if line in heads]


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines end where the page was full: most of those that another follows end in the
    middle of a sentence, at about the same width.
    """
    followed = [line for line, other in itertools.pairwise(lines) if line and other]
    width = max(map(len, followed), default=0)
    open_ended = [
        line for line in followed if not _SENTENCE_END.search(line) and 2 * len(line) > width
    ]
    return len(followed) > 2 and width < 160 and 2 * len(open_ended) > len(followed)


def _running_heads(lines: list[str]) -> set[str]:
    """Page numbers, and lines that come back on several pages, whatever numbers they hold."""
    numbered = {line for line in lines if line and _PAGE_NUMBER.fullmatch(line)}
    alike = Counter(re.sub(r"[0-9]+", "#", line) for line in lines if line)
    often = 2 if numbered else 3
    repeated = {
        line
        for line in lines
        if line
        and alike[re.sub(r"[0-9]+", "#", line)] >= often
        and len(line) < 100
        and not re.search(r"[.!?。！？]$", line)
    }
    return numbered | repeated


def _joined(lines: list[str]) -> list[str]:
    """Paragraphs of a page's lines, in order, some of them empty: one ends at a blank line, or
    where a sentence ends well before the right margin.
    """
    width = sorted(map(len, filter(None, lines)))[-max(1, len(lines) // 10)] if any(lines) else 0
    together = "\n".join(lines)
    paragraphs = [""]
    for line in lines:
        paragraphs[-1] = _continued(paragraphs[-1], line, together)
        if not line or (_SENTENCE_END.search(line) and len(line) < 0.8 * width):
            paragraphs.append("")
    return paragraphs


def _continued(start: str, line: str, text: str) -> str:
    if not start or not line:
        return start or line
    if is_wide(start[-1]) or is_wide(line[0]):
        return start + line
    broken = re.search(r"(\w+)-$", start)
    if broken is None:
        return f"{start} {line}"
    rest = re.match(r"\w+", line)
    hyphenated = f"{broken[1]}-{rest[0] if rest else ''}"
    whole = hyphenated.replace("-", "")
    stays = not line[0].islower() or (hyphenated in text and whole not in text)
    return start + line if stays else start[:-1] + line


def _check_size(paragraphs: tuple[str, ...], where: str) -> None:
    if not paragraphs:
        raise refusal(where, "the file holds no text", "give a file with the article's text")
    if len(paragraphs) > MOST_PARAGRAPHS:
        raise refusal(
            where,
            f"the file has {len(paragraphs):,} paragraphs",
            f"an article has at most {MOST_PARAGRAPHS:,}; keep its own text alone",
        )
    longest = max(map(len, paragraphs))
    if longest > LONGEST_PARAGRAPH:
        number = [len(paragraph) for paragraph in paragraphs].index(longest) + 1
        raise refusal(
            where,
            f"paragraph {number} has {longest:,} characters",
            f"a paragraph has at most {LONGEST_PARAGRAPH:,}; break it into lines",
        )
    if sum(map(len, paragraphs)) > LARGEST_TEXT:
        raise refusal(where, "its text is too long", f"keep it under {LARGEST_TEXT:,} characters")


def check_published(text: str, where: str) -> None:
    """Raise InputError for a text that is no day of the calendar, or one still to come."""
    if not is_day(text):
        raise refusal(where, f"'{text}' is not a day", "write YYYY-MM-DD")
    if datetime.date.fromisoformat(text) > datetime.datetime.now(datetime.UTC).date():
        raise refusal(where, f"{text} is still to come", "write the day of publication")
