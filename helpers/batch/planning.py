"""The plan of a batch: everything checked before anything runs."""

import json
import os
import re
import shlex
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from helpers import PROJECT_ROOT, __version__
from helpers.batch import notebook as notebooks
from helpers.batch.ledger import Inputs, Ledger, Mark, inputs
from helpers.batch.options import Options, misplaced, option_faults
from helpers.batch.privacy import Private, kernel_environment
from helpers.engine.cells import bare
from helpers.engine.journal import sha256
from helpers.engine.outcome import Job
from helpers.errors import Fault, InputError, refusal
from helpers.scenarios import NamedScenario, check_values
from helpers.texts import as_text, in_words, passage, printable

NOTEBOOK_FOLDER = PROJECT_ROOT / "notebooks"
CHECKED_DATA = "checked-data.sha256"
MANIFEST = "manifest.json"
BYTES_PER_RUN = 1_000_000
LONGEST_COMMAND = 100_000
SECONDS_PER_RUN = 2.0  # until a batch has measured its own


@dataclass(frozen=True)
class Run:
    """One notebook under one scenario.

    key: hash of everything its outputs depend on; work: of the part that its executed notebook
    depends on, the same for scenarios that differ in nothing the notebook takes. source,
    definition: hashes of the notebook's cells and of the scenario. method: by whose cells.
    """

    notebook: str
    scenario: str
    key: str
    work: str
    source: str
    definition: str
    method: str
    job: Job = field(compare=False, repr=False)

    @property
    def name(self) -> str:
        """How people and logs call it."""
        return f"{self.notebook} · {self.scenario}"


@dataclass(frozen=True)
class Work:
    """Runs that share their executed notebook, which is then executed once."""

    runs: tuple[Run, ...]

    @property
    def notebook(self) -> str:
        """The notebook of all of them."""
        return self.runs[0].notebook

    @property
    def job(self) -> Job:
        """One execution with a report for each."""
        return replace(
            self.runs[0].job,
            reports={name: report for run in self.runs for name, report in run.job.reports.items()},
        )


def works(runs: Iterable[Run]) -> list[Work]:
    """The runs as executions, in their order."""
    shared_by_work: dict[str, list[Run]] = {}
    for run in runs:
        shared_by_work.setdefault(run.work, []).append(run)
    return [Work(tuple(shared)) for shared in shared_by_work.values()]


@dataclass(frozen=True)
class Plan:
    """Checked runs and how to run them. inputs: what all runs share. private: what must not stand
    in what they leave; it stays in this process.
    """

    runs: tuple[Run, ...]
    options: Options
    inputs: Inputs
    environment: Mapping[str, str]
    private: Private

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger of the output folder."""
        return Ledger(self.options.output)

    def finished(self) -> dict[str, Mark]:
        """Key → mark of the planned runs whose outputs stand, proved by content."""
        keys = {run.key for run in self.runs}
        return {
            mark.key: mark
            for mark in self.ledger.marks()
            if mark.key in keys and self.ledger.holds(mark)
        }

    def pending(self) -> list[Run]:
        """The runs that have work to do."""
        finished = {} if self.options.force else self.finished()
        return [run for run in self.runs if run.key not in finished]

    def seconds(self) -> dict[str, float]:
        """Notebook → expected seconds of a run, from the ledger."""
        measured: dict[str, list[float]] = {}
        for mark in self.ledger.marks():
            measured.setdefault(mark.notebook, []).append(mark.seconds)
        known = {name: sum(values) / len(values) for name, values in measured.items()}
        usual = sum(known.values()) / len(known) if known else SECONDS_PER_RUN
        return {run.notebook: known.get(run.notebook, usual) for run in self.runs}

    def predicted_s(self) -> float:
        """Expected wall-clock seconds of what is pending."""
        seconds = self.seconds()
        return sum(seconds[work.notebook] for work in works(self.pending())) / self.options.workers

    def retry(self, runs: Iterable[Run], shared: bool = False) -> str:
        """The command that runs exactly these again. shared: for a file that others read: the
        folder's name without its path.
        """
        chosen, options, as_given = list(runs), self.options, self.options.as_given
        books = (as_given.get(name, name) for name in dict.fromkeys(run.notebook for run in chosen))
        named = " ".join(shlex.quote(Path(book).name if shared else book) for book in books)
        under = " ".join(
            as_given.get(name, f"--scenario {name}")
            for name in dict.fromkeys(run.scenario for run in chosen)
        )
        output = options.output
        where = (
            ""
            if output == Path("reports").resolve()
            else f" --output {shlex.quote(output.name if shared else str(output))}"
        )
        command = (
            f"reverse-imports run {named} "
            f"{under}{where}{''.join(f' {flag}' for flag in _flags(options, shared))}"
        )
        return printable(self.private.hidden(command) if shared else command, LONGEST_COMMAND)


def _flags(options: Options, shared: bool) -> list[str]:
    """The options of the command line that are set apart from their defaults and change how runs
    run. shared: only those that mean the same on another machine.
    """
    usual = Options()
    valued = {
        "--engine": (options.engine, usual.engine),
        "--timeout": (f"{options.limits.run_s:g}", f"{usual.limits.run_s:g}"),
        "--memory": (f"{options.limits.memory_mb:g}", f"{usual.limits.memory_mb:g}"),
        "--retries": (str(options.retries), str(usual.retries)),
        "--max-failures": (str(options.most_failures), str(usual.most_failures)),
    }
    switches = {"--no-html": not options.html}
    if not shared:
        valued |= {
            "--scheduler": (options.scheduler, ""),
            "--upload": (options.upload, ""),
            "--workers": (str(options.workers), str(usual.workers)),
        }
        switches |= {"--trust-scheduler": options.trust_scheduler, "--force": options.force}
    flags = [
        f"{name} {shlex.quote(value)}"
        for name, (value, default) in valued.items()
        if value != default
    ]
    flags += [f"--keep-environment {shlex.quote(name)}" for name in options.keep_environment]
    return flags + [name for name, on in switches.items() if on]


def plan(
    names: Sequence[str | Path], scenarios: Sequence[NamedScenario], options: Options | None = None
) -> Plan:
    """Check notebooks, scenarios, data and output folder, and lay out the runs. Touches nothing.

    names: notebook names such as 01_trade_imbalance, or paths. Raises `InputError` with every
    fault.
    """
    options = options or Options()
    if fault := misplaced(options.output):
        raise InputError([fault])
    options = replace(options, output=options.output.resolve())
    faults = [
        *_scenario_faults(scenarios),
        *option_faults(options),
        *_output_faults(options, len(names) * len(scenarios)),
    ]
    sources: dict[str, _Source] = {}
    for path in map(_path, names):
        try:
            notebook = notebooks.read(path)
        except InputError as error:
            faults += error.faults
            continue
        if path.stem.lower() in map(str.lower, sources):
            faults.append(
                Fault(
                    path.name,
                    "two notebooks share this name",
                    "rename one: their reports would overwrite each other",
                )
            )
        if options.output in path.resolve().parents:
            faults.append(
                Fault(path.name, "the notebook lies in the output folder", "give another --output")
            )
        sources[path.stem] = _Source(
            path.stem,
            bare(path.read_text(encoding="utf-8")),
            notebooks.taken(notebook),
            notebooks.source_hash(notebook),
            notebooks.method(notebook),
        )
    present = inputs()
    if not _data_known_good(options, present):
        faults += _data_faults()
    if faults:
        raise InputError(faults)
    own = {Path(name).stem: os.fspath(name) for name in names if Path(name).suffix == ".ipynb"}
    options = replace(options, as_given={**own, **options.as_given})
    runs = [
        _run(source, named, differing, present, options)
        for named, differing in [(named, named.scenario.differing()) for named in scenarios]
        for source in sources.values()
    ]
    return Plan(
        tuple(runs),
        options,
        present,
        kernel_environment(options.keep_environment),
        Private.of_this_machine(),
    )


def only_failed(plan: Plan) -> Plan:
    """The plan with those of its runs that the manifest of the output folder has as failed or not
    run. Raises `InputError` when there is no manifest to go by, or when it has none of them.
    """
    path = plan.options.output / MANIFEST
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["runs"]
        failed = {(run["notebook"], run["scenario"]) for run in listed if run["state"] != "done"}
    except (OSError, ValueError, KeyError, TypeError):
        raise refusal("--failed", f"{path} says nothing of earlier runs", "leave it out") from None
    chosen = tuple(run for run in plan.runs if (run.notebook, run.scenario) in failed)
    if not chosen:
        what = "none of these runs failed or was left out the last time"
        raise refusal("--failed", what, "leave it out")
    return replace(plan, runs=chosen)


def varied(named: NamedScenario, values: Mapping[str, Any], where: str = "-p") -> NamedScenario:
    """A scenario with further values on top, under a name of its own. Raises `InputError` for
    values that do not fit.
    """
    if not values:
        return named
    changes = {**named.changes, **values}
    scenario = check_values(changes, where)
    values_told = ", ".join(f"{name} = {in_words(value)}" for name, value in values.items())
    return NamedScenario(
        _own_name(named.name, changes, values),
        f"{named.title}, with {values_told}",
        f"The scenario {named.title} with values of one's own on top.",
        changes,
        scenario,
    )


def _own_name(name: str, changes: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    """The name of a varied scenario, which is a folder's too: with its values where they can stand
    in it whole, as in base_jpy_per_usd_152-3, else with their beginning and a hash, as in
    base_own_cars_my_wagon_1b9e63c0.
    """
    own = "_".join([name, *(f"{key}_{as_text(value)}" for key, value in values.items())])
    if notebooks.NAME.fullmatch(own := own.replace(".", "-")):
        return own
    words = "_".join([name, *(f"{key}_{in_words(value)}" for key, value in values.items())])
    plain = {key: notebooks.plain(value) for key, value in changes.items()}
    mark = sha256(json.dumps([name, plain], sort_keys=True).encode())[:8]
    return f"{re.sub('[^A-Za-z0-9_]+', '-', words)[:51].rstrip('-_')}_{mark}"


def _path(name: str | Path) -> Path:
    path = Path(name)
    return path if path.suffix == ".ipynb" else NOTEBOOK_FOLDER / f"{path}.ipynb"


def _scenario_faults(scenarios: Sequence[NamedScenario]) -> list[Fault]:
    names = Counter(named.name for named in scenarios)
    faults = [
        Fault(f"scenario {name}", "the name stands twice", "keep one of the two")
        for name, count in names.items()
        if count > 1
    ]
    faults += [
        Fault(f"scenario {name}", "some systems cannot make a folder of this name", "rename it")
        for name in names
        if name in notebooks.RESERVED
    ]
    return faults if names else [Fault("scenarios", "none is given", "write --scenario base")]


def _output_faults(options: Options, runs: int) -> list[Fault]:
    if options.output == PROJECT_ROOT:
        what = "the project itself stands there, and the output would become part of it"
        return [Fault(f"--output {options.output}", what, "give another folder, such as reports")]
    nearest = next(path for path in (options.output, *options.output.parents) if path.exists())
    if not nearest.is_dir():
        return [Fault(str(options.output), f"{nearest} is a file", "give a folder")]
    if not os.access(nearest, os.W_OK | os.X_OK) or (
        os.name == "posix" and os.statvfs(nearest).f_flag & os.ST_RDONLY
    ):
        return [
            Fault(str(options.output), "the folder cannot be written to", "give another --output")
        ]
    if (ledger := Ledger(options.output).folder).exists() and not (
        ledger.is_dir() and os.access(ledger, os.W_OK | os.X_OK)
    ):
        return [
            Fault(
                str(ledger),
                "the ledger of finished runs cannot be used",
                "move it away or give another --output",
            )
        ]
    free = shutil.disk_usage(nearest).free
    needed = runs * BYTES_PER_RUN
    return (
        [
            Fault(
                str(options.output),
                f"{free / 1e6:.0f} MB are free, {needed / 1e6:.0f} MB may be needed",
                "make room or give another --output",
            )
        ]
        if free < needed
        else []
    )


def _data_known_good(options: Options, present: Inputs) -> bool:
    """Whether a batch of this folder has already checked the very same data under the very same
    rules.
    """
    path = Ledger(options.output).folder / CHECKED_DATA
    return path.is_file() and path.read_text(encoding="utf-8").strip() == present.checked


def _data_faults() -> list[Fault]:
    from helpers.data import check_all

    return list(check_all())


@dataclass(frozen=True)
class _Source:
    """A checked notebook: its text, the parameters it takes, the hash of its cells, and whose."""

    name: str
    text: str
    taken: tuple[str, ...]
    hash: str
    method: str


def _run(
    source: _Source,
    named: NamedScenario,
    changes: Mapping[str, tuple[Any, Any]],
    present: Inputs,
    options: Options,
) -> Run:
    parameters = notebooks.given(source.name, source.taken, named.scenario, changes)
    differing = {
        key: [notebooks.plain(value), notebooks.plain(base)]
        for key, (value, base) in changes.items()
    }
    headings = {
        "scenario": named.name,
        "scenario_title": passage(named.title),
        "story": passage(named.story),
    }
    report = headings | {
        "notebook": source.name,
        "differing": differing,
        "version": __version__,
        "data_date": present.data_date,
        "method": source.method,
    }
    report |= {"parameter_hash": _hash(differing)[:12]}
    work = _hash(
        {
            "name": source.name,
            "source": source.hash,
            "parameters": parameters,
            "inputs": present.hash,
        }
    )
    told = report if options.html else headings
    key = _hash({"work": work, "report": told, "method": source.method})
    job = Job(source.name, source.text, parameters, {named.name: report} if options.html else {})
    return Run(
        source.name,
        named.name,
        key,
        work,
        source.hash,
        _hash(headings | {"differing": differing}),
        source.method,
        job,
    )


def _hash(content: Mapping[str, Any]) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode())
