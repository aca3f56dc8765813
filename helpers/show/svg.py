"""Figures written as SVG: short, the same bytes for the same figure, and every text measured."""

import math
from dataclasses import dataclass
from typing import Any

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Bbox, Transform

from helpers.show import style
from helpers.texts import escaped

_LETTERS = {Path.MOVETO: "M", Path.LINETO: "l", Path.CURVE3: "q", Path.CURVE4: "c"}
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
BOLD = 600
_INK = f' fill="{style.INK.lower()}"'


@dataclass(frozen=True)
class DrawnText:
    """A text as it stands in the picture. box: pixels from the left and from the top."""

    text: str
    size_px: float
    box: Bbox


class SvgRenderer(RendererBase):
    """matplotlib's renderer for a figure of 72 dots an inch, in which a point is a pixel.

    marks: the elements drawn, in order. texts: every text with its box. prefix: stands before
    each id, so that several figures share a page. Images and hatches are not drawn.
    """

    def __init__(self, width_px: float, height_px: float, prefix: str) -> None:
        super().__init__()
        self.width_px, self.height_px, self.prefix = width_px, height_px, prefix
        self.marks: list[str] = []
        self.texts: list[DrawnText] = []
        self._clips: dict[tuple[float, ...], str] = {}
        self._shapes: dict[tuple[str, str], str] = {}
        self._upright = Affine2D().scale(1, -1).translate(0, height_px)

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Width and height in pixels."""
        return self.width_px, self.height_px

    def points_to_pixels(self, points: Any) -> Any:
        """A point is a pixel."""
        return points

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Width, height and descent in pixels, in the font that the page falls back to."""
        width, height, descent = text_to_path.get_text_width_height_descent(s, prop, ismath=False)
        return width, height, descent

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        """A filled or stroked path; one without either is left out."""
        look = _look(gc, rgbFace)
        drawn = _drawn(path, transform + self._upright, straight=rgbFace is None)
        if look and drawn:
            self.marks.append(f'<path d="{drawn}"{self._clip(gc)}{look}/>')

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,  # noqa: N803
    ) -> None:
        """The same mark at many places, described once."""
        look = _look(gc, rgbFace)
        drawn = _drawn(marker_path, marker_trans + Affine2D().scale(1, -1), straight=False)
        if not look or not drawn:
            return
        shape = (drawn, look)
        name = self._shapes.setdefault(shape, f"{self.prefix}-mark-{len(self._shapes) + 1}")
        spots = [
            _point(vertices[-2:])
            for vertices, _ in path.iter_segments(trans + self._upright, simplify=False)
        ]
        uses = "".join(f'<use xlink:href="#{name}" x="{x}" y="{y}"/>' for x, y in spots)
        # a clip on the mark itself would move with it
        clip = self._clip(gc)
        self.marks.append(f"<g{clip}>{uses}</g>" if clip else uses)

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """A text tied to the edge it is aligned by, so that it stays there in the reader's font."""
        size = float(prop.get_size_in_points())
        width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
        self.texts.append(DrawnText(s, size, _box(x, y, width, height, descent, angle)))
        anchor = "start"
        if mtext is not None and angle == 0:
            anchor = _ANCHORS[mtext.get_horizontalalignment()]
            x += width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        position = f'x="{_short(x)}" y="{_short(y)}"'
        if angle:
            position = f'transform="translate({_short(x)} {_short(y)}) rotate({_short(-angle)})"'
        look = f' font-size="{_short(size, 2)}"'
        look += "" if anchor == "start" else f' text-anchor="{anchor}"'
        look += ' font-weight="700"' if _weight(prop) >= BOLD else ""
        look += ' font-style="italic"' if prop.get_style() != "normal" else ""
        ink = _paint("fill", gc.get_rgb(), gc.get_alpha())
        look += "" if ink == _INK else ink  # the ink of texts is that of the whole figure
        self.marks.append(f"<text {position}{look}>{escaped(s)}</text>")

    def definitions(self) -> str:
        """The clips and shapes that the marks name."""
        clips = [
            f'<clipPath id="{name}"><rect x="{x:g}" y="{y:g}" width="{width:g}" '
            f'height="{height:g}"/></clipPath>'
            for (x, y, width, height), name in self._clips.items()
        ]
        shapes = [
            f'<path id="{name}" d="{drawn}"{look}/>' for (drawn, look), name in self._shapes.items()
        ]
        return "".join([*clips, *shapes])

    def _clip(self, gc: GraphicsContextBase) -> str:
        rectangle: Any = gc.get_clip_rectangle()
        if rectangle is None:
            return ""
        top = self.height_px - rectangle.y1
        bounds = (rectangle.x0, top, rectangle.width, rectangle.height)
        key = tuple(round(float(number), 2) for number in bounds)
        name = self._clips.setdefault(key, f"{self.prefix}-clip-{len(self._clips) + 1}")
        return f' clip-path="url(#{name})"'


def _box(x: float, y: float, width: float, height: float, descent: float, angle: float) -> Bbox:
    """The upright box round a text whose baseline begins at x, y and turns by `angle` degrees."""
    turned = Affine2D().rotate_deg_around(x, y, -angle)
    level: Any = Bbox.from_bounds(x, y + descent - height, width, height)
    corners = turned.transform(level.corners())
    return Bbox([corners.min(axis=0), corners.max(axis=0)])


def _weight(prop: FontProperties) -> int:
    weight: Any = prop.get_weight()
    return weight if isinstance(weight, int) else {"bold": 700, "semibold": 600}.get(weight, 400)


def _look(gc: GraphicsContextBase, face: Any) -> str:
    """Fill and stroke as attributes; empty for a path that would not be seen."""
    forced = gc.get_alpha() if gc.get_forced_alpha() else None
    width = gc.get_linewidth()
    stroke: Any = gc.get_rgb()
    filled = face is not None and (len(face) < 4 or face[3] > 0 or forced is not None)
    stroked = width > 0 and (forced is not None or len(stroke) < 4 or stroke[3] > 0)
    if not filled and not stroked:
        return ""
    look = "" if forced is None or forced >= 1 else f' opacity="{_short(forced, 2)}"'
    solid = None if forced is None else 1.0
    look += _paint("fill", face, solid) if filled else ' fill="none"'
    if stroked:
        look += _paint("stroke", stroke, solid)
        look += f' stroke-width="{_short(width, 2)}"' if width != 1 else ""
        dash_pattern: Any = gc.get_dashes()
        offset, dashes = dash_pattern
        if dashes is not None and len(dashes):
            look += f' stroke-dasharray="{" ".join(map(_short, dashes))}"'
            look += f' stroke-dashoffset="{_short(offset)}"' if offset else ""
        if gc.get_capstyle() != "butt":
            cap = {"projecting": "square"}.get(gc.get_capstyle(), gc.get_capstyle())
            look += f' stroke-linecap="{cap}"'
    return look


def _paint(what: str, colour: Any, alpha: float | None) -> str:
    opacity = alpha if alpha is not None else colour[3] if len(colour) == 4 else 1.0
    shown = to_hex(colour[:3])
    shown = f"#{shown[1::2]}" if shown[1::2] == shown[2::2] else shown
    return f' {what}="{shown}"' + (f' {what}-opacity="{_short(opacity, 2)}"' if opacity < 1 else "")


def _drawn(path: Path, transform: Transform, *, straight: bool) -> str:
    """A path's commands in pixels, each point told from the one before: the shortest form. Steps
    are those between rounded points, so that no error adds up.
    """
    plain: Any = path.cleaned(transform=transform, remove_nans=True, simplify=straight or None)
    parts, before, index = list[str](), "", 0
    at = start = (0, 0)
    while index < len(plain.codes) and plain.codes[index] != Path.STOP:
        code = plain.codes[index]
        if code == Path.CLOSEPOLY:
            parts.append("z")
            at, before, index = start, "", index + 1
            continue
        letter = _LETTERS[code]
        length = {"q": 2, "c": 3}.get(letter, 1)
        points = [(_tenths(x), _tenths(y)) for x, y in plain.vertices[index : index + length]]
        index += length
        origin = (0, 0) if letter == "M" else at
        steps = [step for point in points for step in (point[0] - origin[0], point[1] - origin[1])]
        at = points[-1]
        start = at if letter == "M" else start
        if letter == "l":
            letter, steps = _straight(*steps)
        if not steps:
            continue
        numbers = "".join(_step(step) for step in steps)
        parts.append(numbers if letter == before else letter + numbers.lstrip())
        before = letter if letter != "M" else ""
    return "".join(parts)


def _straight(across: int, down: int) -> tuple[str, list[int]]:
    """A level or upright edge names the one number that changes."""
    if down == 0:
        return "h", [across] if across else []
    return ("v", [down]) if across == 0 else ("l", [across, down])


def _step(tenths: int) -> str:
    """Tenths of a pixel with what parts them from the number before."""
    text = f"{abs(tenths) / 10:g}".removeprefix("0") or "0"
    return f"-{text}" if tenths < 0 else f" {text}"


def _tenths(number: Any) -> int:
    """A tenth of a pixel is finer than an eye, and the same on every processor."""
    if not math.isfinite(number):
        raise ValueError("a mark stands at no place: its coordinates are not numbers")
    return round(10 * float(number))


def _point(point: Any) -> tuple[str, str]:
    return _short(point[0]), _short(point[1])


def _short(number: Any, decimals: int = 1) -> str:
    """A tenth of a pixel is finer than an eye, and the same on every processor."""
    rounded = round(float(number), decimals)
    if not math.isfinite(rounded):
        raise ValueError("a mark stands at no place: its coordinates are not numbers")
    return f"{rounded + 0.0:.{decimals}f}".rstrip("0").rstrip(".")
