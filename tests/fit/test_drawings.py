"""To-scale drawings measured: every outline against the millimetres of the table, every name by its
own drawing, nothing that cannot be read.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from shapely.geometry import Polygon, box
from shapely.ops import unary_union

from helpers import PROJECT_ROOT
from helpers.fit import bay_figures, boards, figures, own, shapes, street_figures
from helpers.fit.cars import shape
from helpers.fit.part import FitPart
from helpers.fit.space import STREET_MEETING
from helpers.fit.turning import swept_rectangles
from helpers.scenarios import check_values, load_scenarios
from helpers.show import Canvas, Drawing
from helpers.show.canvas import unreadable
from helpers.study import Study
from tests.tiers import representatives

SCENARIOS = {named.name: named.scenario for named in load_scenarios()}
Points = npt.NDArray[np.float64]
BASE = Study.of().fit
OWN_FILE = PROJECT_ROOT / "tests/golden/own_cars.csv"
OWN = Study.of(check_values({"own_cars": own.read_cars(OWN_FILE)}, "test")).fit
PICTURES: dict[str, Callable[[FitPart], Drawing]] = {
    "roads": figures.road_curve,
    "regions": figures.regions,
    "overlay": bay_figures.overlays,
    "stalls": bay_figures.stalls,
    "pallets": bay_figures.pallets,
    "streets": street_figures.streets,
    "corners": street_figures.corners,
    "reversing": street_figures.reversing,
    "bays": street_figures.bays,
}


def figure_of(drawing: Drawing, width: float = 720) -> Figure:
    surface = drawing.canvas(width)
    surface.drawn("test")
    return surface.figure


def outlines(axes: Any, colour: str | None = None) -> list[Points]:
    """Closed outlines of a board in millimetres, of one fill colour or all."""
    found: list[Points] = []
    for patch in axes.patches:
        if (
            isinstance(patch, PathPatch)
            and patch.get_fill()
            and (colour is None or same_colour(patch.get_facecolor(), colour))
        ):
            found += [np.asarray(one) for one in patch.get_path().to_polygons(closed_only=True)]
    return found


def same_colour(one: Any, name: str) -> bool:
    parts = [int(name[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    return bool(np.allclose(one[:3], parts, atol=0.003))


def reach(outline: Points) -> tuple[float, float]:
    return float(np.ptp(outline[:, 0])), float(np.ptp(outline[:, 1]))


def scenarios() -> list[Any]:
    return representatives(["dense_city", "rural", "own cars"], "own cars")


@pytest.mark.parametrize("scenario", scenarios())
@pytest.mark.parametrize("picture", sorted(PICTURES))
def test_every_drawing_can_be_read_on_a_page_and_on_a_phone(picture: str, scenario: str) -> None:
    fit = OWN if scenario == "own cars" else Study.of(SCENARIOS[scenario]).fit
    drawing = PICTURES[picture](fit)
    assert drawing.name == picture
    assert any(character.isdigit() for character in drawing.alt)
    assert not drawing.data.empty
    for width in (720, 338):
        assert unreadable(drawing.canvas(width).drawn("test")) == []


@pytest.mark.parametrize("picture", sorted(PICTURES))
def test_an_own_car_stands_in_every_drawing(picture: str) -> None:
    drawing = PICTURES[picture](OWN)
    named = set(map(str, drawing.data.to_numpy().ravel()))
    assert picture == "regions" or {"Jimny", "jimny"} & named


@pytest.mark.parametrize("picture", ["stalls", "pallets", "streets", "corners", "overlay"])
@pytest.mark.parametrize("width", [720, 338])
def test_a_millimetre_is_as_long_across_as_along(picture: str, width: int) -> None:
    for axes in figure_of(PICTURES[picture](BASE), width).axes:
        origin, right, up = axes.transData.transform([(0, 0), (1_000, 0), (0, 1_000)])
        assert right[0] - origin[0] == pytest.approx(up[1] - origin[1], rel=1e-3)


def test_silhouettes_reach_as_far_as_the_dimensions() -> None:
    for car in BASE.cars:
        length, width, height = (
            car.dimensions[column].value for column in ("length_mm", "width_mm", "height_mm")
        )
        assert reach(shapes.plan(length, width, car=car).body) == pytest.approx((length, width))
        assert reach(shapes.front(width, height).body)[0] == pytest.approx(width)
        side = shapes.side(car)
        assert np.ptp(side.body[:, 0]) == pytest.approx(length)
        assert side.body[:, 1].max() == pytest.approx(height)
        assert all(Polygon(side.body).covers(Polygon(glass)) for glass in side.glass)


def test_tyres_stand_on_the_axles_and_inside_the_body() -> None:
    for car in BASE.cars:
        rear, wheelbase, width = (
            car.dimensions[column].value
            for column in ("rear_overhang_mm", "wheelbase_mm", "width_mm")
        )
        tyres = shapes.plan(car.dimensions["length_mm"].value, width, car=car).tyres
        assert {round(float(one[:, 0].mean())) for one in tyres} == {
            round(rear),
            round(rear + wheelbase),
        }
        assert max(abs(one[:, 1]).max() for one in tyres) <= width / 2


def test_a_name_stands_by_its_own_drawing() -> None:
    """Right above it, and further from the drawing above."""
    for picture in ("stalls", "pallets", "streets"):
        drawing = PICTURES[picture](BASE)
        surface = drawing.canvas(720)
        drawn = surface.drawn("test")
        frames = [axes.get_window_extent() for axes in surface.figure.axes]
        tops = [drawn.height_px - frame.y1 for frame in frames]
        bottoms = [drawn.height_px - frame.y0 for frame in frames]
        names = {text.text: text.box for text in drawn.texts}
        for row in BASE.rows:
            box_of = next(own for text, own in names.items() if text.startswith(row.title))
            below = min(top - box_of.y1 for top in tops if top > box_of.y0)
            above = [box_of.y0 - bottom for bottom in bottoms if bottom < box_of.y1]
            assert below < 50  # two lines of name, or of what is said of it
            assert not above or min(above) > 8


def test_a_stall_shows_the_car_its_neighbours_and_what_the_door_has() -> None:
    drawing = bay_figures.stalls(BASE)
    for axes, row in zip(figure_of(drawing).axes, drawing.data.itertuples(), strict=False):
        car = BASE.car[row.vehicle_id]
        length, width = (car.dimensions[side].value for side in ("length_mm", "width_mm"))
        bodies = [one for one in outlines(axes) if reach(one) == pytest.approx((length, width))]
        (body,) = bodies
        neighbours = [one for one in outlines(axes, "#C9C9C9") if np.ptp(one[:, 0]) > 4_000]
        assert len(neighbours) == 2
        upper = min(one[:, 1].min() for one in neighbours if one[:, 1].min() > body[:, 1].max())
        folded = BASE.allowances.folded_mirrors_mm / 2
        assert upper - body[:, 1].max() + folded == pytest.approx(row.beside_driver_mm, abs=1)


@pytest.mark.parametrize("scenario", ["base", "dense_city", "rural"])
def test_meeting_cars_leave_three_equal_gaps_between_their_mirrors(scenario: str) -> None:
    fit = Study.of(SCENARIOS[scenario]).fit
    drawing = street_figures.streets(fit)
    mirrors, edge = fit.allowances.mirror_allowance_mm, 500 * fit.sizes.street_edge_m
    for axes, row in zip(figure_of(drawing).axes, drawing.data.itertuples(), strict=True):
        width = fit.car[row.vehicle_id].dimensions["width_mm"].value
        (body,) = [
            one
            for one in outlines(axes)
            if np.ptp(one[:, 1]) == pytest.approx(width) and np.ptp(one[:, 0]) > 3_000
        ]
        (other,) = [
            one
            for one in outlines(axes, "#C9C9C9")
            if reach(one) == pytest.approx((4_700, fit.allowances.small_car_width_mm))
        ]
        top = 1000 * fit.sizes.street_width_m
        gaps = (
            top - edge - body[:, 1].max() - mirrors / 2,
            body[:, 1].min() - other[:, 1].max() - mirrors,
            other[:, 1].min() - edge - mirrors / 2,
        )
        assert gaps == pytest.approx((row.gap_mm,) * 3, abs=0.01)
        need: Any = fit.needs[STREET_MEETING][row.vehicle_id]
        wanted = fit.allowances.clearance_mm + (fit.sizes.street_mm - need.value) / 3
        assert row.gap_mm == pytest.approx(wanted)


@pytest.mark.parametrize("scenario", ["base", "dense_city", "rural"])
def test_corner_shows_the_swept_area_between_walls_a_lane_apart(scenario: str) -> None:
    fit = Study.of(SCENARIOS[scenario]).fit
    lane = fit.parameter("corner_lane_width_m") * 1000
    drawing = street_figures.corners(fit)
    for axes, row in zip(figure_of(drawing).axes, drawing.data.itertuples(), strict=True):
        right, top, building = (Polygon(one).bounds for one in outlines(axes, boards.WALL))
        assert right[0] - building[2] == pytest.approx(lane)
        assert top[1] - building[3] == pytest.approx(lane)
        fills = [patch for patch in axes.patches if patch.get_alpha() == 0.4]
        (area,) = (Polygon(one) for one in fills[0].get_path().to_polygons())
        assert area.bounds[2:] == (pytest.approx(right[0], abs=20), pytest.approx(top[1], abs=20))
        inside = area.intersection(box(*building)).area
        assert (inside > 1) == (row.spare_at_closest_point_mm < -1)
        plan = shape(fit.car[row.vehicle_id])
        assert plan is not None
        poses = unary_union(
            [Polygon(pose * 1000) for pose in swept_rectangles(plan, 1.0, 1.0, 150)]
        )
        assert drawn_difference(area, poses) < 0.02 * poses.area


def drawn_difference(drawn: Polygon, poses: Any) -> float:
    """How much two areas differ when their upper right corners coincide, as far as both reach."""
    shift = np.array(drawn.bounds[2:]) - np.array(poses.bounds[2:])
    moved = Polygon(np.asarray(drawn.exterior.coords) - shift)
    window = box(
        *(max(a, b) for a, b in zip(moved.bounds[:2], poses.bounds[:2], strict=True)),
        *poses.bounds[2:],
    )
    return float(moved.intersection(window).symmetric_difference(poses.intersection(window)).area)


def test_reversing_cars_keep_clear_of_their_neighbours_and_stay_in_an_aisle_that_holds_them() -> (
    None
):
    drawing = street_figures.reversing(BASE)
    for axes, row in zip(figure_of(drawing).axes, drawing.data.itertuples(), strict=True):
        colour = boards.COLOUR[row.verdict]
        cars = [Polygon(one) for one in outlines(axes, colour)]
        neighbours = unary_union([Polygon(one) for one in outlines(axes, "#C9C9C9")])
        assert all(car.intersection(neighbours).area < 1 for car in cars)
        (aisle,) = outlines(axes, boards.PAPER)
        highest = max(car.bounds[3] for car in cars)
        assert (highest <= aisle[:, 1].max()) or row.verdict != "usable"


def test_person_and_scale_bar_have_the_size_they_claim() -> None:
    canvas = Canvas(720)
    board = boards.board(canvas, 0, 0, 400, 4_000, 4_000)
    board.person(3_000, 3_000)
    board.length(500, 500, 2_000)
    assert (250, 450) in [tuple(map(round, reach(one))) for one in outlines(board.axes)]
    (bar,) = [patch for patch in board.axes.patches if not patch.get_fill()]
    assert np.ptp(bar.get_path().vertices[:, 0]) == 2_000
    assert [text.get_text() for text in board.axes.texts] == ["2 m"]
