"""To-scale drawings measured: every outline against the millimetres of the table, in the axes and
in the published SVG.
"""

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from shapely.geometry import Polygon, box
from shapely.ops import unary_union

from helpers.data import load
from helpers.fit import scale_figures, shapes
from helpers.fit.cars import shape
from helpers.fit.part import FitPart
from helpers.fit.turning import swept_rectangles
from helpers.scenarios import Scenario, load_scenarios
from helpers.show import style
from helpers.show.figure import svg
from helpers.study import Study

TABLES = {
    name: load(name) for name in ("vehicles", "constraints", "road_widths", "programme_models")
}
SCENARIOS = {named.name: named.scenario for named in load_scenarios()}
SIZES = TABLES["vehicles"].set_index("vehicle_id")[["length_mm", "width_mm", "height_mm"]]
Points = npt.NDArray[np.float64]


def answer(scenario: Scenario) -> FitPart:
    return Study(TABLES, scenario).fit


BASE = answer(Scenario())


def outlines(figure: Figure, colour: str | None = None) -> list[Points]:
    """Closed outlines of a drawing in millimetres, of one fill colour or all."""
    found: list[Points] = []
    for patch in figure.axes[0].patches:
        if (
            isinstance(patch, PathPatch)
            and patch.get_fill()
            and (colour is None or same_colour(patch.get_facecolor(), colour))
        ):
            found += polygons_of(patch)
    return found


def same_colour(one: Any, name: str) -> bool:
    return bool(
        np.allclose(
            one[:3], [int(name[start : start + 2], 16) / 255 for start in (1, 3, 5)], atol=0.003
        )
    )


def extents(polygons: list[Points]) -> list[tuple[float, float]]:
    return [
        (round(float(np.ptp(one[:, 0])), 3), round(float(np.ptp(one[:, 1])), 3)) for one in polygons
    ]


def assert_true_to_scale(figure: Figure) -> None:
    """A millimetre is as long across as along."""
    FigureCanvasAgg(figure).draw()
    (origin, right, up) = figure.axes[0].transData.transform([(0, 0), (1_000, 0), (0, 1_000)])
    assert right[0] - origin[0] == pytest.approx(up[1] - origin[1], rel=1e-6)
    assert right[1] == pytest.approx(origin[1])


def test_every_car_in_its_stall_has_its_size_and_place() -> None:
    chart = scale_figures.stalls(BASE)
    figure, data = chart.figure, chart.data
    assert_true_to_scale(figure)
    stalls = [one for one in outlines(figure) if extents([one]) == [(5_000, 2_300)]]
    bodies = [
        one for colour in (style.GOOD, style.CAUTION, style.BAD) for one in outlines(figure, colour)
    ]
    assert sorted(extents(bodies)) == sorted(
        (SIZES.loc[key, "length_mm"], SIZES.loc[key, "width_mm"]) for key in data["vehicle_id"]
    )
    for body in bodies:
        (stall,) = [
            one
            for one in stalls
            if abs(one[:, 0].min() - body[:, 0].min()) < 1
            and abs(one[:, 1].mean() - body[:, 1].mean()) < 800
        ]
        spare = stall[:, 0].max() - body[:, 0].max()
        gaps = (body[:, 1].min() - stall[:, 1].min(), stall[:, 1].max() - body[:, 1].max())
        assert gaps[0] == pytest.approx(gaps[1])
        matching = data[
            (abs(data["length_spare_mm"] - spare) < 0.01)
            & (abs(data["side_gap_mm"] - gaps[0]) < 0.01)
        ]
        assert len(matching) >= 1


def test_published_drawing_keeps_the_millimetres() -> None:
    """Read the paths back from the SVG: the ratio of every body to its stall is that of the
    table.
    """
    chart = scale_figures.stalls(BASE)
    figure, data = chart.figure, chart.data
    sizes = [
        extent
        for path in re.findall(r' d="([^"]+)"', svg(figure, "stalls", chart.alt))
        for extent in extents(read_path(path))
    ]
    stall = max(set(sizes), key=sizes.count)  # one a car, all alike but for rounding
    scale = 5_000 / stall[0]
    assert stall[1] * scale == pytest.approx(2_300, abs=1.5)
    for key in data["vehicle_id"]:
        length, width = SIZES.loc[key, "length_mm"] / scale, SIZES.loc[key, "width_mm"] / scale
        assert any(abs(x - length) < 0.03 and abs(y - width) < 0.03 for x, y in sizes), key


def read_path(text: str) -> list[Points]:
    """Polygons of an SVG path of M, L, H, V and z."""
    polygons: list[list[tuple[float, float]]] = []
    x = y = 0.0
    for letter, numbers in re.findall(r"([MLHVz])([^MLHVz]*)", text):
        values = [float(number) for number in numbers.split()]
        if letter == "M":
            polygons.append([])
        if letter == "z":
            continue
        x = values[0] if letter in "MLH" else x
        y = values[-1] if letter in "MLV" else y
        polygons[-1].append((x, y))
    return [np.array(one) for one in polygons]


@pytest.mark.parametrize(
    "points", [[(0, 0), (3, 0), (3, 2), (0, 2)], [(1, 1), (2, 4), (5, 4), (5, 9)]]
)
def test_short_paths_are_the_same_paths(points: list[tuple[float, float]]) -> None:
    figure, axes = style.canvas(
        "One polygon and another stand in a plain picture", "no unit", "none", height_in=3
    )
    shapes.prepare(axes, -1, 11, -1, 11)
    shapes.shapes(
        axes,
        [np.array(points, dtype=float), np.array(points, dtype=float) + 1],
        facecolor="#123456",
        linewidth=0,
    )
    text = svg(figure, "plain", "A plain picture of two polygons, 2 in all.")
    (path,) = re.findall(r' d="([^"]+)"[^>]*style="fill: #123456', text)
    first, second = read_path(path)
    scale = (second - first)[0][0]
    assert scale > 1
    assert np.allclose(second - first, (second - first)[0], atol=0.02)
    assert np.allclose(
        (first - first[0]) / scale, (np.array(points) - points[0]) * [1, -1], atol=0.01
    )


def test_pallet_fronts_have_the_width_and_height_of_each_car() -> None:
    chart = scale_figures.pallets(BASE)
    figure, data = chart.figure, chart.data
    assert_true_to_scale(figure)
    bodies = [
        one for colour in (style.GOOD, style.CAUTION, style.BAD) for one in outlines(figure, colour)
    ]
    assert sorted(extents(bodies)) == sorted(
        (SIZES.loc[key, "width_mm"], SIZES.loc[key, "height_mm"]) for key in data["vehicle_id"]
    )
    openings = [one for one in outlines(figure) if extents([one]) == [(1_850, 1_550)]]
    assert len(openings) == len(data)
    for body in bodies:
        assert any(
            Polygon(one).centroid.x == pytest.approx(Polygon(body).centroid.x)
            and one[:, 1].min() == body[:, 1].min()
            for one in openings
        )


def test_each_name_over_a_pallet_stands_nearer_to_its_own_box_than_to_any_other() -> None:
    chart = scale_figures.pallets(BASE)
    figure, data = chart.figure, chart.data
    FigureCanvasAgg(figure).draw()
    axes = figure.axes[0]
    openings = [one for one in outlines(figure) if extents([one]) == [(1_850, 1_550)]]
    colours = (style.GOOD, style.CAUTION, style.BAD)
    bodies = [Polygon(one) for colour in colours for one in outlines(figure, colour)]
    boxes = [
        unary_union([own, *(body for body in bodies if own.contains(body.centroid))])
        for own in map(Polygon, openings)
    ]
    names = [text for text in axes.texts if text.get_weight() == "bold"]
    assert len(names) == len(data)
    for name, own in zip(names, boxes, strict=True):
        label = box(*name.get_window_extent().transformed(axes.transData.inverted()).extents)
        others = min(label.distance(one) for one in boxes if one is not own)
        assert 0 < label.distance(own) < 0.5 * others, name.get_text()


@pytest.mark.parametrize("scenario", ["base", "dense_city", "rural"])
def test_meeting_cars_leave_three_equal_gaps(scenario: str) -> None:
    found = answer(SCENARIOS[scenario])
    chart = scale_figures.streets(found)
    figure, data = chart.figure, chart.data
    assert_true_to_scale(figure)
    everything = outlines(figure)
    streets = {
        round(float(np.ptp(one[:, 1]))): one for one in everything if np.ptp(one[:, 0]) > 15_000
    }
    assert (
        set(streets)
        == {round(1000 * street) for street in data["street_m"]}
        >= {4_000, 5_000, 6_000}
    )
    oncoming = [one for one in everything if extents([one]) == [(4_700, 1_700)]]
    for row in data.itertuples():
        street = streets[round(1000 * row.street_m)]
        size = (SIZES.loc[row.vehicle_id, "length_mm"], SIZES.loc[row.vehicle_id, "width_mm"])
        inside = [
            one for one in everything if street[:, 1].min() < one[:, 1].mean() < street[:, 1].max()
        ]
        if row.gap_mm < 0:
            continue  # no room side by side: nothing is drawn
        (body,) = [one for one in inside if extents([one]) == [size]][:1]
        (other,) = [
            one
            for one in oncoming
            if any(one is each for each in inside)
            and abs(one[:, 0].min() - body[:, 0].min() - 400) < 1
        ]
        gaps = (
            street[:, 1].max() - body[:, 1].max(),
            body[:, 1].min() - other[:, 1].max(),
            other[:, 1].min() - street[:, 1].min(),
        )
        edge, mirrors = 1000 * found.sizes.street_edge_m, found.allowances.mirror_allowance_mm
        beside = row.gap_mm + (edge + mirrors) / 2
        assert gaps == pytest.approx((beside, row.gap_mm + mirrors, beside))


@pytest.mark.parametrize("scenario", ["base", "dense_city", "rural"])
def test_corner_shows_the_swept_area_between_walls_a_lane_apart(scenario: str) -> None:
    found = answer(SCENARIOS[scenario])
    lane = found.parameter("corner_lane_width_m") * 1000
    chart = scale_figures.corners(found)
    figure, data = chart.figure, chart.data
    assert_true_to_scale(figure)
    cars = {car.vehicle_id: car for car in found.cars}
    parts = [patch for patch in figure.axes[0].patches if patch.get_fill()]
    places = [
        place for place, patch in enumerate(parts) if same_colour(patch.get_facecolor(), "#BDBDB6")
    ]
    assert len(places) == len(data)
    for place, row in zip(places, data.itertuples(), strict=True):
        right, top, building = (Polygon(one).bounds for one in polygons_of(parts[place]))
        (area,) = (Polygon(one) for one in polygons_of(parts[place + 1]))
        assert right[0] - building[2] == pytest.approx(lane)
        assert top[1] - building[3] == pytest.approx(lane)
        assert (area.bounds[2], area.bounds[3]) == (
            pytest.approx(right[0], abs=20),
            pytest.approx(top[1], abs=20),
        )
        inside = area.intersection(box(*building)).area
        assert (inside > 1) == (row.spare_at_closest_point_mm < -1)
        plan = shape(cars[row.vehicle_id])
        assert plan is not None
        poses = unary_union(
            [Polygon(pose * 1000) for pose in swept_rectangles(plan, 1.0, 1.0, 150)]
        )
        assert drawn_difference(area, poses) < 0.02 * poses.area


def polygons_of(patch: PathPatch) -> list[Points]:
    return [np.asarray(polygon) for polygon in patch.get_path().to_polygons(closed_only=True)]


def drawn_difference(drawn: Polygon, poses: Any) -> float:
    """How much two areas differ when their upper right corners coincide, as far as both reach."""
    shift = np.array(drawn.bounds[2:]) - np.array(poses.bounds[2:])
    moved = Polygon(np.asarray(drawn.exterior.coords) - shift)
    window = box(
        *(max(a, b) for a, b in zip(moved.bounds[:2], poses.bounds[:2], strict=True)),
        *poses.bounds[2:],
    )
    return float(moved.intersection(window).symmetric_difference(poses.intersection(window)).area)


def test_overlay_lays_boxes_of_the_table_over_each_other() -> None:
    cars = {car.vehicle_id: car for car in BASE.cars}
    chart = scale_figures.overlay(
        [("Tundra", cars["tundra_cm55"], cars["jp_nbox"])], list(cars.values())
    )
    figure, data = chart.figure, chart.data
    assert_true_to_scale(figure)
    length, width, height = SIZES.loc["tundra_cm55"]
    filled = outlines(figure, style.US_TO_JAPAN)
    assert sorted(extents(filled)) == sorted([(length, height), (width, height), (length, width)])
    assert (
        data.loc[0, ["longer_mm", "wider_mm", "taller_mm"]].tolist()
        == (SIZES.loc["tundra_cm55"] - SIZES.loc["jp_nbox"]).tolist()
    )


def test_person_and_scale_bar_have_the_size_they_claim() -> None:
    figure, axes = style.canvas(
        "A person stands beside a bar of two metres", "no unit", "none", height_in=3
    )
    shapes.prepare(axes, 0, 4_000, 0, 4_000)
    shapes.person_standing(axes, 1_000, 100)
    shapes.person_above(axes, 3_000, 3_000)
    shapes.scale_bar(axes, 500, 500, 2_000)
    people = outlines(figure)
    assert max(one[:, 1].max() for one in people[:2]) - min(
        one[:, 1].min() for one in people[:2]
    ) == pytest.approx(1_700)
    assert extents(people)[1][0] == 450
    assert (250, 450) in extents(people)
    (bar,) = [patch for patch in axes.patches if not patch.get_fill()]
    assert np.ptp(bar.get_path().vertices[:, 0]) == 2_000
    assert [text.get_text() for text in axes.texts] == ["2 m"]


def test_tyres_stand_on_the_axles_and_inside_the_body() -> None:
    for car in BASE.cars:
        rear, wheelbase, width = (
            car.dimensions[column].value
            for column in ("rear_overhang_mm", "wheelbase_mm", "width_mm")
        )
        tyres = shapes.tyres(car, 0, 0)
        assert sorted({round(float(one[:, 0].mean())) for one in tyres}) == [
            round(rear),
            round(rear + wheelbase),
        ]
        assert min(one[:, 1].min() for one in tyres) >= 0
        assert max(one[:, 1].max() for one in tyres) <= width
