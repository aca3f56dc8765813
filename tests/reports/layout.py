"""What a reader's browser shows wrongly on a page, and which words a page says badly."""

import re
from collections import Counter
from typing import Any

from bs4 import BeautifulSoup

FAULTS = """() => {
  const faults = [], width = document.documentElement.clientWidth, 
    paper = matchMedia('print').matches;
  const named = node => (node.textContent || node.tagName).trim().slice(0, 50);
  const say = (kind, node, more) => faults.push(`${kind}: '${named(node)}' ${more}`);
  const drawn = {contentVisibilityAuto: true, visibilityProperty: true};
  const shown = node => node.checkVisibility(drawn) && node.getClientRects().length;
  const sideways = document.documentElement.scrollWidth;
  if (sideways > width + 1) faults.push(`the page scrolls sideways: ${sideways} > ${width}`);
  for (const box of document.querySelectorAll('body *')) {
    if (box.closest('svg, math, .unseen, .skip, .switch') || !shown(box)) continue;
    const style = getComputedStyle(box), scrolls = ['auto', 'scroll'].includes(style.overflowX);
    const wider = box.scrollWidth > box.clientWidth + 2 && box.clientWidth;
    const more = `${box.scrollWidth} > ${box.clientWidth}`;
    const own = [...box.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (wider && !scrolls && own && !['inline', 'contents'].includes(style.display))
      say('text wider than its box', box, more);
    if (wider && scrolls && (paper || width >= 1280) && !box.matches('pre, code, .formula'))
      say('scrolls sideways', box, more);
    if (own && !paper && parseFloat(style.fontSize) < 11)
      say('type under 11 px', box, style.fontSize);
  }
  for (const figure of document.querySelectorAll('svg, img')) {
    if (!shown(figure)) continue;
    const box = figure.getBoundingClientRect(), name = (figure.closest('figure') || figure).id;
    if (box.width > width + 1) faults.push(`a figure wider than the window: ${name}`);
    for (let holder = figure.parentElement; holder; holder = holder.parentElement)
      if (holder.scrollWidth > holder.clientWidth + 2
          && getComputedStyle(holder).overflowX !== 'visible')
        faults.push(`a figure scrolls or is cut: ${name}`);
    if (!paper) for (const text of figure.querySelectorAll('text')) {
      const matrix = text.getScreenCTM(), scale = Math.hypot(matrix.a, matrix.b);
      const size = parseFloat(getComputedStyle(text).fontSize) * scale;
      if (text.textContent.trim() && size < 10.9)
        faults.push(`type under 11 px in ${name}: ${size.toFixed(1)}`);
    }
  }
  const ids = new Set([...document.querySelectorAll('[id]')].map(node => node.id));
  for (const link of document.querySelectorAll('a[href^="#"]'))
    if (!ids.has(decodeURIComponent(link.hash.slice(1)))) say('dead anchor', link, link.hash);
  return [...new Set(faults)];
}"""

PAPER_PX, TURNED_PX = 673, 1_001  # of an A4 page between its margins, upright and turned
TURNED = ".data:has(thead th:nth-child(9)) { display: none }"
LONG_SENTENCE = 8
SKIPPED = "script, style, svg, math, pre, code, .unseen, .print-only, .print-note, .foot"
CODES = re.compile(r"\b(?:A\d(?:-\d+)?|E\d{3}|[a-z]+_[a-z_]+)\b|\b\d{4}-\d{2}(?:-\d{2})?\b")


def faults(page: Any) -> list[str]:
    """What is cut, overlaps, scrolls, is too small or leads nowhere, as the page now stands."""
    return list(page.evaluate(FAULTS))


def first_seen(html: str) -> BeautifulSoup:
    """The page without what it does not show when it is opened."""
    soup = BeautifulSoup(html, "html.parser")
    for hidden in soup.select(f"{SKIPPED}, details:not([open]) > :not(summary)"):
        hidden.decompose()
    return soup


def said_twice(html: str) -> list[str]:
    """Sentences of eight words or more that stand twice in what a page first shows."""
    blocks = first_seen(html).body.select("p, li, td, th, figcaption, caption, h1, h2, h3, dd")
    counted = Counter(
        sentence
        for block in blocks
        if not block.find(["p", "li", "td"])
        for sentence in {*re.split(r"(?<=[.!?])\s+", " ".join(block.get_text(" ").split()))}
        if sentence.endswith((".", "!", "?"))
        and len(re.findall(r"[A-Za-z][\w'’-]*", sentence)) >= LONG_SENTENCE
    )
    return [sentence for sentence, count in counted.items() if count > 1]


def badly_said(html: str) -> list[str]:
    """Stubs (paragraphs of a few words without a verb) and codes in what a page first shows."""
    paragraphs = first_seen(html).body.select("p, .answer li")
    texts = [" ".join(p.get_text(" ").split()) for p in paragraphs if not p.get("class")]
    return [text for text in texts if is_stub(text) or CODES.search(text)]


def is_stub(text: str) -> bool:
    """Whether a text is a fragment such as "Claims by verdict." or "Three sentences."."""
    words = re.findall(r"[A-Za-z][\w'’-]*", text)
    told = re.sub(r"\bto \w+", "", text)
    return text.endswith(".") and 0 < len(words) <= 6 and not _VERB.search(told)


_VERB = re.compile(
    r"\b(?:is|are|was|were|be|has|have|had|do|does|can|may|must|will|would|could|drawn|known|found"
    r"|compute|rose|fell|came|says?|counts?|moves?|holds?|rests?|makes?|takes?|gives?|shows?|fits?"
    r"|costs?|pays?|sells?|needs?|loses?|falls?|rises?|lies?|weighs?|begins?|leads?|works?|waits?"
    r"|follows?|comes?|goes|reads?|keeps?|uses?|asks?|answers?|differs?|changes?|fills?|stands?)\b",
    re.IGNORECASE,
)
