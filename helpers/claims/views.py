"""The audit as its readers meet it: what is contradicted in words, claims by verdict, and every
claim by article with its facts and sources. Claims are texts of others: they reach a page as text.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from IPython.display import display

from helpers.claims.audit import Audit, Verdict
from helpers.claims.evidence import Evidence, passes
from helpers.claims.labels import VERDICTS, Label, word
from helpers.claims.review import (
    CONTEXT,
    RATINGS,
    REVIEWER,
    Register,
    evidence_of,
    is_rated,
    said,
    sentence,
)
from helpers.numbers import day as in_days
from helpers.numbers import units
from helpers.texts import MONEY, escaped, short

_NAME = re.compile(r"[A-Za-z0-9_.\-]+")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9][^\s<>\"'\\`]*")
LONGEST_LINK = 110


def _outlet(article_id: str, register: Register) -> str:
    """The outlet of an article and its day."""
    row = register.articles[article_id]
    return f"{row['outlet']}, {in_days(row['published'])}"


def _publisher(source_id: str, register: Register) -> str:
    """The publisher of a source in few words."""
    name = register.sources.get(source_id, {}).get("publisher", source_id)
    return short(re.split(r"[,;(]", name)[0].strip() or name, 40)


def contradicted(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> None:
    """Publish the contradicted claims in words: who, when, what we found, why, sources."""
    register = Register.of(tables)
    chosen = [verdict for verdict in audit.verdicts if verdict.headline == "contradicted"]
    if not chosen:
        _show("<p>No claim is contradicted under these settings.</p>", "no claim is contradicted")
        return
    first = dict[str, int]()
    items = ""
    for number, verdict in enumerate(chosen, 1):
        words = _explained(verdict)
        told = first.setdefault(words, number)
        words = words if told == number else f"the same as of claim {told}."
        items += f"<li>{_in_words(verdict, words, audit, register)}</li>"
    caption = f"{units(len(chosen), 'claims')} are contradicted"
    _show(f'<section class="{MONEY}"><p>{caption}:</p><ol>{items}</ol></section>', caption)


def _explained(verdict: Verdict) -> str:
    """What the finding that gave the verdict says."""
    finding = verdict.then if verdict.then.label == verdict.headline else verdict.now
    return finding.explanation


def _in_words(verdict: Verdict, explained: str, audit: Audit, register: Register) -> str:
    claim = verdict.claim
    reason = register.why(claim)
    sources = dict.fromkeys(
        source for id in evidence_of(verdict) for source in audit.evidence[id].source_ids
    )
    named = ", ".join(_linked(source, register) for source in list(sources)[:3])
    findings = [explained, *([sentence(reason)] if reason else [])]
    return (
        f"<b>{escaped(_outlet(claim.article_id, register))}</b>"
        f"{escaped(f' ({claim.attributed_to})' if claim.attributed_to else '')}: "
        f"<bdi>{escaped(sentence(claim.text))}</bdi> <b>We find:</b> {escaped(' '.join(findings))} "
        f'{f"Sources: {named}. " if named else ""}<a href="#{claim.claim_id}">Facts</a>'
    )


def by_verdict(audit: Audit) -> None:
    """Publish the claims by verdict, each with its meaning and a fold of links to claims."""
    parts = []
    for label in VERDICTS:
        chosen = [verdict for verdict in audit.verdicts if verdict.headline == label.name]
        if chosen:
            parts.append(_verdict_fold(label, chosen))
    text = "claims by verdict, each with its meaning"
    _show(f'<section class="{MONEY}">{"".join(parts)}</section>', text)


def _verdict_fold(label: Label, chosen: Iterable[Verdict]) -> str:
    claims = [verdict.claim for verdict in chosen]
    links = "".join(
        f'<li><a href="#{claim.claim_id}"><bdi>{escaped(short(claim.text, LONGEST_LINK))}</bdi>'
        "</a></li>"
        for claim in claims
    )
    return (
        f'<details id="verdict-{label.name}"><summary>{len(claims)} <b>{label.words}</b>: '
        f"{escaped(label.meaning)}</summary><ul>{links}</ul></details>"
    )


def by_article(audit: Audit, tables: Mapping[str, pd.DataFrame]) -> None:
    """Publish every claim, folded, under its article: opened, it shows in words what the record
    says on both dates, the auditor's reason, and the facts with their sources.

    A rated claim is a schema.org ClaimReview in microdata on its own element. The sources follow
    once, with publisher and address.
    """
    register = Register.of(tables)
    cited: dict[str, None] = {}
    parts = [_reviewer()]
    for article_id in register.articles:
        chosen = [verdict for verdict in audit.verdicts if verdict.claim.article_id == article_id]
        if chosen:
            parts.append(_article(article_id, register))
            parts += [_claim(verdict, audit, register, cited) for verdict in chosen]
    listed = "".join(_source(source_id, register) for source_id in cited)
    parts.append(
        f"<h3>Sources</h3><details><summary>{len(cited)} sources</summary><ul>{listed}</ul>"
        "</details>"
    )
    caption = f"{units(len(audit.verdicts), 'claims')}, each with its facts and sources"
    _show(f'<section class="{MONEY}">{"".join(parts)}</section>', caption)


def _reviewer() -> str:
    """Who reviews and by which scale: microdata that stand once and that claims refer to by id."""
    worst, best = min(RATINGS.values()), max(RATINGS.values())
    ends = "".join(
        f"{_property(name, str(value))}{rest}"
        for name, value, rest in (("worstRating", worst, " to "), ("bestRating", best, ""))
    )
    steps = "; ".join(
        f'<span id="rating-{name}">{_item("reviewRating", "Rating", "rating-ends")}'
        f"{_property('ratingValue', str(value))} {_property('alternateName', word(name))}"
        "</span></span>"
        for name, value in RATINGS.items()
    )
    return (
        f'<p id="rating-scale">Reviews by <span id="reviewer">{_item("author", "Organization")}'
        f'<a itemprop="url" href="#reviewer">{_property("name", REVIEWER)}</a></span></span>. '
        f'Ratings go from <span id="rating-ends">{ends}</span>: {steps}. Other verdicts carry no '
        "rating.</p>"
    )


def _article(article_id: str, register: Register) -> str:
    """The head of an article, with what all its claims share."""
    row = register.articles[article_id]
    shown = (
        f', <a itemprop="appearance" href="{escaped(row["url"])}">article</a>'
        if _ADDRESS.fullmatch(row["url"])
        else ""
    )
    basis = "The day is inferred. " if row["published_basis"] == "inferred" else ""
    return (
        f'<h3 id="{article_id}"><span id="{article_id}-claim">{_item("itemReviewed", "Claim")}'
        f"{_item('author', 'Organization')}{_property('name', row['outlet'])}</span><span "
        f'id="{article_id}-page">, {_day(row["published"])}{shown}</span></span></span></h3><p>'
        f'{basis}Its claims were reviewed on <span id="{article_id}-reviewed">'
        f"{_day(row['reviewed_on'])}</span>.</p>"
    )


def _day(day: str) -> str:
    """A day in words that machines read as a day of publication."""
    words = in_days(day)
    return f'<time itemprop="datePublished" datetime="{day}">{words}</time>'


def _claim(verdict: Verdict, audit: Audit, register: Register, cited: dict[str, None]) -> str:
    claim, claim_id = verdict.claim, verdict.claim.claim_id
    rated = is_rated(verdict)
    label = escaped(word(verdict.headline))
    item = _review_item(verdict, register) if rated else ""
    reviewed = ' itemprop="claimReviewed"' if rated else ""
    body = ' itemprop="reviewBody"' if rated else ""
    told = escaped(" ".join(said(verdict, audit.inputs.as_of, register.why(claim))))
    facts = "".join(
        _fact(audit.evidence[id], verdict, audit, register, cited)
        for id in _shown_facts(verdict, audit)
    )
    address = ' itemprop="url"' if rated else ""
    foot = f'<a{address} href="#{claim_id}">{claim_id}</a>'
    foot += (
        f" said by {_speaker(verdict, register)}" if rated and _speaker(verdict, register) else ""
    )
    return (
        f"<details{item}><summary><b>{label}</b>: <bdi{reviewed}>{escaped(claim.text)}</bdi>"
        f'</summary><div id="{claim_id}"><p{body}>{told}</p>'
        f"{f'<ul>{facts}</ul>' if facts else ''}<p><small>{foot}</small></p>"
        "</div></details>"
    )


def _shown_facts(verdict: Verdict, audit: Audit) -> tuple[str, ...]:
    linked = (link.evidence_id for link in verdict.claim.links if link.stance != "context")
    return evidence_of(verdict) or tuple(id for id in linked if id in audit.evidence)


def _fact(
    row: Evidence, verdict: Verdict, audit: Audit, register: Register, cited: dict[str, None]
) -> str:
    stance = {link.evidence_id: link.stance for link in verdict.claim.links}
    notes = (
        stance.get(row.evidence_id, "") if verdict.then.tally or verdict.now.tally else "",
        "" if passes(row, audit.inputs) else "left out by the settings",
        f"{row.quality}, public since {in_days(row.known_from)}",
    )
    cited.update(dict.fromkeys(row.source_ids))
    sources = ", ".join(
        f'<a href="#cs-{id}">{escaped(_publisher(id, register))}</a>'
        if _NAME.fullmatch(id)
        else escaped(id)
        for id in row.source_ids
    )
    told = escaped("; ".join(filter(None, notes)))
    return f"<li>{escaped(sentence(row.statement))} ({told}; {sources})</li>"


def _review_item(verdict: Verdict, register: Register) -> str:
    """The attributes of a claim's element: a review that refers to what stands once."""
    claim = verdict.claim
    refers = ["reviewer", f"rating-{verdict.headline}", f"{claim.article_id}-reviewed"]
    refers += [] if _speaker(verdict, register) else [f"{claim.article_id}-claim"]
    return f' itemscope="" itemtype="{CONTEXT}/ClaimReview" itemref="{" ".join(refers)}"'


def _speaker(verdict: Verdict, register: Register) -> str:
    """The claim with its speaker, where the article quotes one by name."""
    claim = verdict.claim
    kind, name = register.speaker(claim)
    if name == register.articles[claim.article_id]["outlet"]:
        return ""
    author = f"{_item('author', kind)}{_property('name', name)}</span>"
    return f"{_item('itemReviewed', 'Claim', f'{claim.article_id}-page')}{author}</span>"


def _item(name: str, kind: str, refers: str = "") -> str:
    others = f' itemref="{refers}"' if refers else ""
    return f'<span itemprop="{name}" itemscope="" itemtype="{CONTEXT}/{kind}"{others}>'


def _property(name: str, value: str) -> str:
    return f'<span itemprop="{name}">{escaped(value)}</span>'


def _linked(source_id: str, register: Register, name: str = "") -> str:
    """A source by name, its publisher's where none is given, with its address where it has one."""
    address = register.sources.get(source_id, {}).get("url", "")
    shown = escaped(name or _publisher(source_id, register))
    return f'<a href="{escaped(address)}">{shown}</a>' if _ADDRESS.fullmatch(address) else shown


def _source(source_id: str, register: Register) -> str:
    """An entry of the list; a link to it opens the fold it stands in."""
    name = register.sources.get(source_id, {}).get("publisher", "not in the register")
    place = f' id="cs-{source_id}"' if _NAME.fullmatch(source_id) else ""
    return f"<li{place}>{escaped(source_id)} {_linked(source_id, register, name)}</li>"


def _show(html: str, text: str) -> None:
    bundle: dict[str, Any] = {"text/html": html, "text/plain": text}
    display(bundle, raw=True)
