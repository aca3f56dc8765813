"""The last gate: what a page may hold, and that a fault names its cell."""

import re

import nbformat
import pytest
from nbformat.v4 import new_output

from helpers.errors import InputError
from helpers.reports import export
from helpers.reports.domcheck import LARGEST_CELL, check_page
from helpers.reports.outputs import svg_href
from tests.reports.hostile_texts import MARKUP
from tests.reports.report_samples import context_of, notebook_of


def to_save(drawing: str, download: str = ' download="a.svg"') -> str:
    """A link that saves a drawing."""
    return f'<a{download} href="{svg_href(drawing)}">SVG</a>'


def doubled(times: int) -> str:
    """A drawing of two to the power of `times` marks."""
    parts = ['<g id="a0"><rect width="1" height="1"/></g>']
    parts += [
        f'<g id="a{i}"><use href="#a{i - 1}"/><use href="#a{i - 1}"/></g>'
        for i in range(1, times + 1)
    ]
    return f'<svg ><defs>{"".join(parts)}</defs><use href="#a{times}"/></svg>'


def patterned(times: int) -> str:
    """The same by patterns that are filled with patterns."""
    fill = '<rect width="1" height="1" fill="url(#p{0})"/>'
    parts = [f'<pattern id="p{i}">{fill.format(i - 1) * 2}</pattern>' for i in range(1, times + 1)]
    return f"<svg ><defs>{''.join(parts)}</defs>{fill.format(times)}</svg>"


HARMLESS = [
    doubled(10),
    '<p style="border-left: 1px solid; opacity: 0.5; margin: 0 1px">x</p>',
    to_save('<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'),
    '<table border="1" class="dataframe"><thead><tr style="text-align: '
    'right;"><th></th></tr></thead></table>',
    "<p>a &amp; b > c<br>d<br/>e</p>",
    '<p><a href="https://example.org/a?b=c&amp;d=e#f">x</a> <a '
    'href="mailto:a@example.org">y</a> <a href="#main">z</a> <a href="../index.html">i</a></p>',
    '<svg viewBox="0 0 1 1"><defs><clipPath id="p1"><rect x="0" y="0" width="1" '
    'height="1"/></clipPath></defs><path d="M 0 0" clip-path="url(#p1)"/></svg>',
    '<img alt="dot" src="data:image/png;base64,iVBORw0KGgo=">',
    "<div><style scoped>\n.dataframe tbody tr th { vertical-align: top; }\n</style><p>x</p></div>",
    '<details open><summary>more</summary><dl><dt>a</dt><dd style="color: red; text-align: '
    'right">b</dd></dl></details>',
    '<p class="x" title="javascript: is a word here">x</p>',
]
HARMFUL = [
    *MARKUP,
    doubled(25),
    patterned(25),
    '<svg ><g id="a"><use href="#a"/></g></svg>',
    '<div style="position:fixed;inset:0;background:#fff">All good</div>',
    '<div style="POSITION : absolute">x</div>',
    '<p style="display:none">x</p>',
    '<p style="opacity: 0">x</p>',
    '<p style="margin-top: -900px">x</p>',
    "<style>main { visibility: hidden }</style>",
    to_save('<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>', ""),
    to_save("<svg ><script>x()</script></svg>"),
    to_save('<svg onload="x()"></svg>'),
    to_save('<svg ><image href="https://evil.example/a.png"/></svg>'),
    to_save("<p>x</p>"),
    '<a download="a.svg" href="data:image/svg+xml;charset=utf-8,%FF">x</a>',
    '<p onclick="x()">x</p>',
    '<p oNclick="x()">x</p>',
    '<a href="javascript:x()">x</a>',
    '<a href="java&#10;script:x()">x</a>',
    '<a href="&#x6a;avascript:x()">x</a>',
    '<a href="data:text/html,x">x</a>',
    '<a download="a.html" href="data:text/html,x">x</a>',
    '<a href="//evil.example">x</a>',
    '<a href="x" ping="https://evil.example">x</a>',
    '<a href="x" href="javascript:x()">x</a>',
    '<img alt="" src="https://evil.example/a.png">',
    '<img alt="" src="data:image/svg+xml;base64,PHN2Zz4=">',
    '<p style="background: url(https://evil.example)">x</p>',
    '<p style="background: u\\72l(https://evil.example)">x</p>',
    '<p style="background: &#117;rl(https://evil.example)">x</p>',
    "<p style=\"background: image-set('https://evil.example' 1x)\">x</p>",
    '<style>p { background: url("https://evil.example") }</style>',
    '<style>@IMPORT "https://evil.example";</style>',
    "<style>p { background: \\75rl(x) }</style>",
    "<style>p { color: red }",
    '<svg><a xlink:href="https://evil.example"><text>x</text></a></svg>',
    '<svg><use xlink:href="https://evil.example/a.svg#x"/></svg>',
    '<svg><image xlink:href="https://evil.example/a.png"/></svg>',
    "<svg><foreignObject><p>x</p></foreignObject></svg>",
    '<svg><set attributeName="x"/></svg>',
    "<svg><style>p { color: red }</style></svg>",
    '<meta http-equiv="refresh" content="0">',
    "<title>x</title>",
    "<main>x</main>",
    "<p>x</div>",
    "<p>x",
    "</section></main></body></html>",
    "<p class=x>x</p>",
    "<p class='x'>x</p>",
    "<p\x00>x</p>",
    "< script>x</script>",
    "<p/onclick=x>y</p>",
    "<!-- comment -->",
    '<p id="main">the id of the page</p>',
    '<p id="cell-1">the id of the cell</p>',
    '<input type="text">',
    '<p datafld="x">x</p>',
]


def page_with(fragment: str, kind: str = "text/html") -> str:
    good = new_output("display_data", data={"text/plain": "good"})
    return export(
        notebook_of([good], [good, new_output("display_data", data={kind: fragment})], [good]),
        context_of(),
    )


@pytest.mark.parametrize("fragment", HARMLESS)
def test_harmless_html_passes_unchanged(fragment: str) -> None:
    assert fragment in page_with(fragment)


@pytest.mark.parametrize("fragment", HARMFUL)
def test_harmful_html_fails_the_export_and_names_the_cell(fragment: str) -> None:
    with pytest.raises(InputError) as caught:
        page_with(fragment)
    assert re.match(r"03_vehicle_fit, scenario dense_city, cell 2: ", str(caught.value.faults[0]))


def test_every_fault_of_a_page_is_told() -> None:
    bad = new_output("display_data", data={"text/html": '<p onclick="x">x</p>'})
    worse = new_output(
        "display_data", data={"text/html": '<a href="javascript:x">x</a><iframe></iframe>'}
    )
    with pytest.raises(InputError) as caught:
        export(notebook_of([bad], [worse]), context_of())
    assert [str(fault).split(": ")[0].rsplit(", ")[-1] for fault in caught.value.faults] == [
        "cell 1",
        "cell 2",
        "cell 2",
    ]


def test_an_svg_is_held_against_the_same_grammar() -> None:
    with pytest.raises(InputError, match="cell 2"):
        page_with('<svg viewBox="0 0 1 1"><script>1</script></svg>', "image/svg+xml")


@pytest.mark.parametrize(
    "kind", ["text/plain", "text/markdown", "application/javascript", "text/latex"]
)
def test_other_kinds_of_output_are_text_or_nothing(kind: str) -> None:
    assert "<script>window" not in page_with("<script>window.ran=1</script>", kind)


def test_a_cell_that_is_too_large_is_named() -> None:
    with pytest.raises(InputError, match="cell 2: its outputs take"):
        page_with(f"<p>{'x' * LARGEST_CELL}</p>")


def test_a_report_that_is_too_large_is_refused() -> None:
    part = [new_output("display_data", data={"text/html": f"<p>{'x' * 200_000}</p>"})]
    with pytest.raises(InputError, match="the report has"):
        export(notebook_of(*[part] * 4), context_of())


def test_two_figures_or_tables_of_one_name_are_refused() -> None:
    one = [new_output("display_data", data={"text/html": '<p id="twice">x</p>'})]
    with pytest.raises(InputError, match="the id twice stands twice"):
        export(notebook_of(one, one), context_of())


def test_a_page_without_its_end_is_refused() -> None:
    with pytest.raises(InputError, match="not closed"):
        check_page('<!DOCTYPE html>\n<html lang="en"><body><p>x</p>', "page")


def test_metadata_of_outputs_never_reaches_the_page() -> None:
    output = new_output(
        "display_data",
        data={"image/png": "iVBORw0KGgo="},
        metadata={"image/png": {"alt": '"><script>window.ran=1</script>', "width": "x"}},
    )
    page = export(notebook_of([output]), context_of())
    assert "window.ran" not in page
    assert nbformat.NotebookNode(output).metadata["image/png"]["width"] == "x"
