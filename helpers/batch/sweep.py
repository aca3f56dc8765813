"""Headline numbers over a grid or a sample of parameters, streamed to one Parquet file, on this
machine or a cluster.

A file holds `parameters`, and may hold `scenario` (what the points stand on) and `numbers` (brief
or volume):

    scenario: rhd_offered
    parameters:
      jpy_per_usd: {from: 120, to: 180, step: 5}
      programme_units: [10000, 20000, 50000]

Instead of every combination, a sample over ranges, with `points` and, if wanted, `seed`:

    design: latin_hypercube    # or sobol
    points: 1024
    parameters:
      jpy_per_usd: {from: 120, to: 180}
      share_percent.camry: {from: 4, to: 16}
"""

import json
import math
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from helpers import __version__
from helpers.batch.ledger import inputs
from helpers.batch.local_agents import LocalAgents
from helpers.batch.notebook import plain
from helpers.batch.options import Options, misplaced, option_faults
from helpers.batch.points import CORES, DESIGNS, GRID, LATIN_HYPERCUBE, SOBOL, Grid
from helpers.errors import Fault, InputError, refusal
from helpers.files import PARTIAL, sync_folder
from helpers.results import NAMES
from helpers.scenarios import Scenario, check_values, load_scenario, parameters
from helpers.scenarios.assumptions import assumptions, is_row
from helpers.scenarios.strict_yaml import strict_yaml, unknown_keys
from helpers.texts import LONGEST_NAME, did_you_mean, printable

KEYS = ("scenario", "numbers", "design", "points", "seed", "parameters")
STEPS, RANGE = {"from", "to", "step"}, {"from", "to"}
MOST_POINTS = 10_000_000
MOST_SAMPLED = 1_000_000
ROWS_PER_REQUEST = 100
ROWS_PER_GROUP = 65_536
SWEEP = "reverse-imports sweep"
"""Key of the metadata of a Parquet file under which a sweep says what it is, as JSON."""


def sweep(
    path: Path,
    output: Path,
    options: Options | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Compute every point of the grid in `path` and write them in order to the Parquet file
    `output`. Returns their number.

    Memory stays the same however large the grid. The file appears when it is complete. progress:
    points done, points in all. Raises `InputError` for a bad grid, address or output, before
    anything runs; OSError when the file cannot be written.
    """
    options = options or Options()
    grid = read_grid(path)
    faults = option_faults(options)
    if fault := misplaced(output):
        faults.append(fault)
    elif output.suffix != ".parquet" or not output.parent.is_dir():
        faults.append(
            Fault(
                f"--output {output}",
                "is not a Parquet file in a folder that is there",
                "write a name that ends in .parquet",
            )
        )
    if faults:
        raise InputError(faults)
    partial = output.with_name(f".{output.name}{PARTIAL}")
    try:
        _stream(grid, partial, options, progress)
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(output.parent)
    return grid.size


def _stream(
    grid: Grid, partial: Path, options: Options, progress: Callable[[int, int], None]
) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    agents: Any = LocalAgents(options)
    if options.scheduler:
        from helpers.batch.cluster import Cluster

        agents = Cluster(options)
    done, writer = 0, None
    waiting: list[Any] = []

    def flush() -> None:
        if writer is not None and waiting:
            writer.write_table(pa.concat_tables(waiting).combine_chunks())
            waiting.clear()

    try:
        for answer in agents.answers(_requests(grid, options)):
            told = json.loads(answer)
            if "fault" in told:
                raise refusal(f"grid, after point {done}", told["fault"])
            rows = told["rows"]
            if writer is None:
                schema = _schema(rows[0]).with_metadata(_metadata(grid, list(rows[0])))
                writer = parquet.ParquetWriter(partial, schema)
            waiting.append(pa.Table.from_pylist(rows, schema=writer.schema))
            done += len(rows)
            if sum(table.num_rows for table in waiting) >= ROWS_PER_GROUP:
                flush()
            progress(done, grid.size)
        flush()
    finally:
        agents.close()
        if writer is not None:
            writer.close()
    with partial.open("rb+") as file:
        os.fsync(file.fileno())


def _metadata(grid: Grid, columns: list[str]) -> dict[str, str]:
    """What a reader of the file needs to know: what stands fixed, the code, and each column."""
    told = {
        "version": __version__,
        "code": inputs().hash,
        "scenario": dict(grid.changes),
        "numbers": grid.numbers,
        "seed": grid.changes.get("seed", Scenario().seed),
        "design": grid.design,
        "design_seed": grid.seed if grid.design != GRID else None,
        "columns": {name: _column(name) for name in columns},
    }
    return {SWEEP: json.dumps(told)}


def _column(name: str) -> dict[str, str]:
    """Unit and meaning of a column: a parameter, a row of assumptions, or a result, with its
    subject after a point.
    """
    declared = {own.name: own for own in parameters()}
    if name in declared:
        return {"unit": declared[name].unit, "meaning": declared[name].meaning}
    if name in (rows := assumptions()):
        return {"unit": rows[name].unit, "meaning": f"row of {rows[name].table}.csv, likely value"}
    result = name.partition(".")[0]
    meaning = NAMES.get(result, "quantile of the volume, both views put together")
    unit = next((unit for end, unit in UNITS.items() if result.endswith(end)), "")
    return {"unit": unit, "meaning": meaning}


UNITS = {"_percent": "%", "_units": "vehicles a year", "_jpy": "JPY per car", "_fit": "models"}


def _requests(grid: Grid, options: Options) -> Iterator[str]:
    rows = min(ROWS_PER_REQUEST, math.ceil(grid.size / (4 * options.workers)))
    for start in range(0, grid.size, rows):
        yield json.dumps(
            {"grid": asdict(grid), "start": start, "stop": min(start + rows, grid.size)}
        )


def _schema(row: dict[str, Any]) -> Any:
    """Whole numbers stay whole, everything else that is a number is a float: a later row may hold a
    fraction or nothing.
    """
    import pyarrow as pa

    kinds = {bool: pa.bool_(), int: pa.int64(), str: pa.string()}
    return pa.schema([(name, kinds.get(type(value), pa.float64())) for name, value in row.items()])


def read_grid(path: Path) -> Grid:
    """The grid of a file. Raises `InputError` with every fault, each with its line."""
    where = path.name
    if not path.is_file():
        raise refusal(str(path), "there is no such file")
    content, lines = strict_yaml(path, where, KEYS, "grid")
    if (
        not isinstance(content, dict)
        or not isinstance(content.get("parameters"), dict)
        or not content["parameters"]
    ):
        raise refusal(
            where,
            "a grid file names parameters and their values",
            "write parameters: {jpy_per_usd: [150, 175]}",
        )
    faults = unknown_keys(content, lines, where, KEYS)
    numbers = _one_of(CORES, content, "numbers", "brief", _Place(where, lines), faults)
    design = _one_of(DESIGNS, content, "design", GRID, _Place(where, lines), faults)
    points, seed = content.get("points", 0), content.get("seed", 0)
    faults += _sample_faults(content, design, _Place(where, lines))
    named = _scenario(content.get("scenario", "base"), faults)
    values = {
        name: _swept(str(name), entry, design, _Place(where, lines), faults)
        for name, entry in content["parameters"].items()
    }
    size = points if design != GRID else math.prod(len(listed) for listed in values.values())
    if not faults and size > MOST_POINTS:
        faults.append(Fault(where, f"the grid has {size:,} points", f"keep it to {MOST_POINTS:,}"))
    if faults:
        raise InputError(faults)
    changes = {name: plain(value) for name, value in named.changes.items()}
    return Grid(numbers, changes, values, design, points, seed)


@dataclass(frozen=True)
class _Place:
    """A grid file and the lines of its keys."""

    file: str
    lines: Mapping[tuple[str, ...], int]

    def of(self, *keys: str) -> str:
        """Where a key stands, in words."""
        return f"{self.file} line {self.lines[keys]}"


def _one_of(
    known: Collection[str],
    content: Mapping[str, Any],
    key: str,
    usual: str,
    place: _Place,
    faults: list[Fault],
) -> str:
    """The value of a key that takes one of a few words."""
    value = content.get(key, usual)
    if isinstance(value, str) and value in known:
        return value
    what = f"'{printable(str(value), LONGEST_NAME)}' is not {_CHOSEN[key]}"
    instead = f"write {' or '.join(known)}"
    if isinstance(value, str):
        instead = did_you_mean(value, known, instead)
    faults.append(Fault(place.of(key), what, instead))
    return usual


def _sample_faults(content: Mapping[str, Any], design: str, place: _Place) -> Iterator[Fault]:
    """What is wrong with the number of points of a sample and its seed."""
    points, seed = content.get("points", 0), content.get("seed", 0)
    if design == GRID:
        for key in ("points", "seed"):
            if key in content:
                yield Fault(place.of(key), f"{key} belongs to a sample", _SAMPLE)
    elif not (type(points) is int and 1 <= points <= MOST_SAMPLED):
        what = "a sample says how many points it has"
        yield Fault(place.file, what, f"write points: 1024, at most {MOST_SAMPLED:,}")
    elif design == SOBOL and points & (points - 1):
        what = f"{points:,} points are no power of two, as Sobol's are"
        yield Fault(place.file, what, f"write points: {1 << (points.bit_length() - 1)}")
    if type(seed) is not int or not 0 <= seed < 2**31:
        yield Fault(place.file, "seed is not a whole number from 0", "write seed: 1")


def _swept(name: str, entry: Any, design: str, place: _Place, faults: list[Fault]) -> Any:
    """The checked values of a parameter, or its ends in a sample."""
    line = place.lines[("parameters", name)]
    if name not in Scenario.model_fields and not is_row(name):
        instead = did_you_mean(name, Scenario.model_fields, "see: reverse-imports parameters")
        where = f"{place.of('parameters', name)}, parameter {printable(name, LONGEST_NAME)}"
        faults.append(Fault(where, "there is no such parameter", instead))
        return []
    listed = _values(entry, design, f"{place.of('parameters', name)}, parameter {name}", faults)
    ends = isinstance(listed, dict)
    values = []
    for value in listed.values() if ends else listed:
        try:
            values.append(check_values({name: value}, place.file, {name: line}).value(name))
        except InputError as error:
            faults += error.faults
            return []  # the values after it would say the same
    if not ends:
        return values
    whole = name in Scenario.model_fields and all(type(own) is int for own in values)
    return listed if whole else {end: float(own) for end, own in listed.items()}


_CHOSEN = {"numbers": "a set of numbers", "design": "a design"}
_SAMPLE = f"write design: {LATIN_HYPERCUBE} as well"


def _scenario(name: Any, faults: list[Fault]) -> Any:
    try:
        return load_scenario(str(name))
    except InputError as error:
        faults += error.faults
        return None


def _values(entry: Any, design: str, where: str, faults: list[Fault]) -> Any:
    """The values of one parameter: a list, or from, to and step; in a sample, from and to. Steps
    are counted in decimals, so that 0.1 is a tenth.
    """
    if isinstance(entry, list) and entry:
        return entry
    numeric = isinstance(entry, dict) and all(type(own) in (int, float) for own in entry.values())
    if numeric and design != GRID and set(entry) == RANGE and entry["from"] < entry["to"]:
        return entry
    if numeric and set(entry) == STEPS:
        first, last, step = (Decimal(str(entry[name])) for name in ("from", "to", "step"))
        if step > 0 and last >= first and (last - first) / step < MOST_POINTS:
            steps = [first + step * number for number in range(int((last - first) / step) + 1)]
            return [
                int(value) if all(type(part) is int for part in entry.values()) else float(value)
                for value in steps
            ]
    instead = "write a list such as [150, 175], or {from: 120, to: 180, step: 5}"
    if design != GRID:
        instead = "write a range such as {from: 120, to: 180}, or a list such as [150, 175]"
    faults.append(Fault(where, "no values", instead))
    return []
