"""Headline numbers over a grid of parameters, streamed to one Parquet file, on this machine or a
cluster.

A grid file holds `parameters`, and may hold `scenario` (what the grid stands on) and `numbers`
(brief or volume):

    scenario: rhd_offered
    parameters:
      jpy_per_usd: {from: 120, to: 180, step: 5}
      programme_units: [10000, 20000, 50000]
"""

import json
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from helpers.batch.local_agents import LocalAgents
from helpers.batch.notebook import plain
from helpers.batch.options import Options, misplaced, option_faults
from helpers.batch.points import CORES, Grid
from helpers.errors import Fault, InputError, refusal
from helpers.files import PARTIAL, sync_folder
from helpers.scenarios import Scenario, check_values, load_scenario
from helpers.scenarios.assumptions import is_row
from helpers.scenarios.strict_yaml import strict_yaml, unknown_keys
from helpers.texts import LONGEST_NAME, did_you_mean, printable

KEYS = ("scenario", "numbers", "parameters")
STEPS = {"from", "to", "step"}
MOST_POINTS = 10_000_000
ROWS_PER_REQUEST = 100


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
                ("is not a Parquet file in a folder that is there"),
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
    try:
        for answer in agents.answers(_requests(grid, options)):
            told = json.loads(answer)
            if "fault" in told:
                raise refusal(f"grid, after point {done}", told["fault"])
            rows = told["rows"]
            if writer is None:
                writer = parquet.ParquetWriter(partial, _schema(rows[0]))
            writer.write_table(pa.Table.from_pylist(rows, schema=writer.schema))
            done += len(rows)
            progress(done, grid.size)
    finally:
        agents.close()
        if writer is not None:
            writer.close()
    with partial.open("rb+") as file:
        os.fsync(file.fileno())


def _requests(grid: Grid, options: Options) -> Iterator[str]:
    rows = min(ROWS_PER_REQUEST, math.ceil(grid.size / (4 * options.workers)))
    for start in range(0, grid.size, rows):
        yield json.dumps(
            {"grid": asdict(grid), ("start"): start, "stop": min(start + rows, grid.size)}
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
    numbers = content.get("numbers", "brief")
    if not isinstance(numbers, str) or numbers not in CORES:
        faults.append(
            Fault(
                f"{where} line {lines[('numbers',)]}",
                (f"'{printable(str(numbers), LONGEST_NAME)}' is not a set of numbers"),
                f"write {' or '.join(CORES)}",
            )
        )
    named = _scenario(content.get("scenario", "base"), faults)
    values: dict[str, list[Any]] = {}
    for name, entry in content["parameters"].items():
        line = lines[("parameters", name)]
        values[name] = []
        if name not in Scenario.model_fields and not is_row(str(name)):
            instead = did_you_mean(
                str(name), Scenario.model_fields, ("see: reverse-imports parameters")
            )
            faults.append(
                Fault(
                    f"{where} line {line}, parameter {printable(str(name), LONGEST_NAME)}",
                    "there is no such parameter",
                    instead,
                )
            )
            continue
        for value in _values(entry, f"{where} line {line}, parameter {name}", faults):
            try:
                values[name].append(check_values({name: value}, where, {name: line}).value(name))
            except InputError as error:
                faults += error.faults
                break  # the values after it would say the same
    size = math.prod(len(listed) for listed in values.values())
    if size > MOST_POINTS:
        faults.append(Fault(where, f"the grid has {size:,} points", f"keep it to {MOST_POINTS:,}"))
    if faults:
        raise InputError(faults)
    changes = {name: plain(value) for name, value in named.changes.items()}
    return Grid(str(numbers), changes, values)


def _scenario(name: Any, faults: list[Fault]) -> Any:
    try:
        return load_scenario(str(name))
    except InputError as error:
        faults += error.faults
        return None


def _values(entry: Any, where: str, faults: list[Fault]) -> list[Any]:
    """The values of one parameter: a list, or from, to and step; steps are counted in decimals, so
    that 0.1 is a tenth.
    """
    if isinstance(entry, list) and entry:
        return entry
    if (
        isinstance(entry, dict)
        and set(entry) == STEPS
        and all(type(value) in (int, float) for value in entry.values())
    ):
        first, last, step = (Decimal(str(entry[name])) for name in ("from", "to", "step"))
        if step > 0 and last >= first and (last - first) / step < MOST_POINTS:
            steps = [first + step * number for number in range(int((last - first) / step) + 1)]
            return [
                int(value) if all(type(part) is int for part in entry.values()) else float(value)
                for value in steps
            ]
    faults.append(
        Fault(
            where,
            "no values",
            ("write a list such as [150, 175], or {from: 120, to: 180, step: 5}"),
        )
    )
    return []
