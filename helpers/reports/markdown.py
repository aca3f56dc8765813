"""Markdown cells of one report as HTML: raw HTML shown as text, formulas as MathML, headings in
order with ids, outside links numbered for print.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Literal
from xml.etree import ElementTree

import mistune
from latex2mathml.converter import convert
from mistune.renderers.html import HTMLRenderer

from helpers.reports.domcheck import MATH, MATH_ATTRIBUTE, is_address
from helpers.reports.references import Terms
from helpers.scenarios import NOTEBOOKS

# A notebook whose report lies beside this one; every other file is left behind when a report is
# shared.
_NEIGHBOUR = re.compile(rf"(\./)?(?P<name>{'|'.join(NOTEBOOKS)})\.(ipynb|html)(?P<anchor>(#\S*)?)")


@dataclass(frozen=True)
class Part:
    """A run of Markdown under one heading. `kind` is title for the `# ` of the notebook, section
    for a `## `, text for what follows neither.
    """

    kind: Literal["title", "section", "text"]
    heading: str
    identifier: str
    html: str


class _Renderer(HTMLRenderer):
    """mistune's HTML with numbered outside links; images from outside become links, since a report
    makes no request.
    """

    def __init__(self, links: list[str], terms: Terms):
        super().__init__(escape=True)
        self._links, self._terms = links, terms
        self._within = 0  # what may hold no link: links, headings

    def render_token(self, token: dict[str, Any], state: Any) -> str:
        bare = token["type"] in ("link", "image")
        self._within += bare
        try:
            return super().render_token(token, state)
        finally:
            self._within -= bare

    def plainly(self, tokens: list[dict[str, Any]], state: Any) -> str:
        """Rendered without links to the glossary, as a heading is."""
        self._within += 1
        try:
            return self.render_tokens(tokens, state)
        finally:
            self._within -= 1

    def text(self, text: str) -> str:
        shown = super().text(text)
        return shown if self._within else self._terms.linked(shown)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if neighbour := _NEIGHBOUR.fullmatch(url):
            url = f"{neighbour['name']}.html{neighbour['anchor']}"
        elif re.fullmatch(r"#\S+", url):
            url = url.lower()  # as JupyterLab writes a heading, and as a page does
        elif not is_address(url):
            return text
        shown = super().link(text, url, title)
        if not url.startswith("http"):
            return shown
        if url not in self._links:
            self._links.append(url)
        return f'{shown}<sup class="print-note">[{self._links.index(url) + 1}]</sup>'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return self.link(text or html.escape(url), url, title)

    def display_math(self, text: str) -> str:
        return formula(text, "block")

    def inline_math(self, text: str) -> str:
        return formula(text, "inline")

    def block_code(self, code: str, info: str | None = None) -> str:
        return f'<pre tabindex="0"><code>{html.escape(code)}</code></pre>\n'


def formula(text: str, display: Literal["block", "inline"]) -> str:
    """A LaTeX formula as MathML, which browsers draw without a script; as code where it cannot be
    drawn or could do more than that.
    """
    try:
        drawn: str = convert(text.strip(), display=display)
        elements = list(ElementTree.fromstring(drawn).iter())
    except Exception:  # the converter raises many kinds for what it cannot read
        return f"<code>{html.escape(text)}</code>"
    names = (element.tag.rpartition("}")[2] for element in elements)
    attributes = (name for element in elements for name in element.attrib)
    plain = all(map(MATH.fullmatch, names)) and all(map(MATH_ATTRIBUTE.fullmatch, attributes))
    if not plain:
        return f"<code>{html.escape(text)}</code>"
    return f'<span class="formula" tabindex="0">{drawn}</span>' if display == "block" else drawn


def _math(md: mistune.Markdown) -> None:
    """The two ways Jupyter writes a formula: $$ on lines of its own, $ within a sentence."""

    def parse(kind: str) -> Any:
        def parsed(inline: Any, match: re.Match[str], state: Any) -> int:
            state.append_token({"type": kind, "raw": match.group(f"{kind}_text")})
            return match.end()

        return parsed

    forms = {
        "display_math": r"\$\$(?P<display_math_text>[\s\S]+?)\$\$",
        "inline_math": r"\$(?![\s$])(?P<inline_math_text>[^$\n]+?)(?<!\s)\$",
    }
    for kind, form in forms.items():
        md.inline.register(kind, form, parse(kind), before="link")


class Markdown:
    """Renders the cells of one report in order and remembers what the page needs: links, and ids
    already given.
    """

    def __init__(self) -> None:
        self.links: list[str] = []
        self.terms = Terms()
        self._ids: set[str] = set()
        self._level = 1
        self._titled = False
        self._renderer = _Renderer(self.links, self.terms)
        self._parser = mistune.Markdown(
            renderer=None,
            plugins=[*map(mistune.plugins.import_plugin, ("table", "strikethrough")), _math],
        )

    def parts(self, source: str) -> list[Part]:
        """The cell cut at its first- and second-level headings."""
        tokens, state = self._parser.parse(source)
        assert isinstance(tokens, list)
        parts: list[Part] = []
        kind: Literal["title", "section", "text"] = "text"
        heading = identifier = ""
        body: list[str] = []

        def close() -> None:
            content = "".join(body).strip()
            if content or kind != "text":
                parts.append(Part(kind, heading, identifier, content))
            body.clear()

        for token in tokens:
            if token["type"] != "heading":
                body.append(self._renderer.render_tokens([token], state))
                continue
            text = self._renderer.plainly(token["children"], state)
            level = self._ordered(token["attrs"]["level"])
            if level <= 2:
                close()
                kind, heading, identifier = (
                    ("title" if level == 1 else "section"),
                    plain(text),
                    self.identifier(plain(text)),
                )
            else:
                body.append(f'<h{level} id="{self.identifier(plain(text))}">{text}</h{level}>\n')
        close()
        return parts

    def identifier(self, text: str) -> str:
        """An id of small ASCII letters, digits and hyphens, given once on the page."""
        ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        stem = "-".join(re.findall(r"[a-z0-9]+", ascii_text.lower()))[:60].strip("-") or "section"
        identifier, count = stem, 1
        while identifier in self._ids:
            count += 1
            identifier = f"{stem}-{count}"
        self._ids.add(identifier)
        return identifier

    def _ordered(self, level: int) -> int:
        """One h1 a page, and no level left out."""
        if level == 1 and not self._titled and self._level == 1:
            self._titled = True
            return 1
        self._level = min(max(level, 2), self._level + 1)
        return self._level


def plain(fragment: str) -> str:
    """The text of an HTML fragment, with plain spaces."""
    return html.unescape(re.sub(r"<[^>]*>", "", fragment)).replace("\u00a0", " ").strip()


def sentence(fragment: Any) -> str:
    """The text of the first list item or paragraph of an HTML fragment without the question that it
    answers, or an empty text.
    """
    match = re.search(r"<(li|p)\b[^>]*>(.*?)</\1>", str(fragment), re.DOTALL)
    return asked_and_answer(match.group(2))[1] if match else ""


def asked_and_answer(item: str) -> tuple[str, str]:
    """The question of an item of the answer, empty where it has none, and the text below it."""
    question = re.match(r'\s*<strong class="asked">(.*?)</strong>', item, re.DOTALL)
    return (plain(question[1]), plain(item[question.end() :])) if question else ("", plain(item))
