"""Counted months into the data, forecasts on record, and outcomes of questions."""

import csv
import datetime
import hashlib
import io
import json
from collections import ChainMap
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import files
from helpers.batch.ledger import inputs
from helpers.data import DATA, load
from helpers.data.checking import check_file
from helpers.data.descriptor import read_package
from helpers.errors import Fault, InputError, refusal
from helpers.scenarios import Scenario
from helpers.study import Study, Tables
from helpers.texts import did_you_mean
from helpers.volume import findings, ledger
from helpers.volume.part import VolumePart

KEY = ["month", "maker", "scope"]


def observe(file: Path, store: bool) -> str:
    """Check a file of counted months, and say what they do to the forecast; store them if wanted.

    Raises InputError for a file that is not sound, rows on record, and counts that cannot be.
    """
    added = _checked(file)
    after = pd.concat([load("observations"), added], ignore_index=True)
    told = [f"Sound rows in {file.name}: {len(added)}.", findings.learned(_if(after))]
    if store:
        _append("observations", added)
        stored = "data/market/observations.csv"
        told.append(f"They are stored in {stored}. Next: make refresh.")
        told.append(f"To take them back: git restore {stored}")
    else:
        told.append("Nothing was stored; --yes stores the rows.")
    return "\n".join(told)


def register() -> str:
    """Put the answer of the base scenario to every open question on record.

    Raises InputError where that was done today already.
    """
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    rows, questions, base = load("forecasts"), load("questions"), Study.of()
    values = {name: getattr(base.scenario, name) for name in type(base.scenario).model_fields}
    parameters = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    new = ledger.registered(
        questions, _volumes(base, questions), today, parameters[:16], inputs().checked[:16]
    )
    if again := sorted(set(new["forecast_id"]) & set(rows["forecast_id"])):
        instead = "a row never changes; register again on another day"
        raise refusal(f"forecast {again[0]}", "was made today already", instead)
    _append("forecasts", new)
    both = new[new["view"] == "both"].to_dict("records")
    told = [f"{row['question_id']}: {row['probability_percent']:.1f} %" for row in both]
    return "\n".join([*told, f"{len(new)} forecasts are in data/market/forecasts.csv."])


def resolve(question: str, outcome: float, source_ids: str) -> str:
    """Write down what came out of an open question; the scores of its forecasts.

    Raises InputError for a question that is not open, an unknown source, and a bad outcome.
    """
    questions = load("questions").set_index("question_id", drop=False)
    waiting = questions.index[questions["state"] == ledger.OPEN]
    if question not in questions.index:
        instead = did_you_mean(question, waiting, f"there are {', '.join(waiting)}")
        raise refusal(f"question {question}", "is not there", instead)
    faults, known = [], list(load("sources")["source_id"])
    if question not in waiting:
        state = str(questions["state"][question])
        faults.append(Fault(f"question {question}", f"is {state}", "only an open one is settled"))
    faults += [
        Fault(f"--source {id}", "is not in data/sources.csv", did_you_mean(id, known, "add it"))
        for id in source_ids.split(";")
        if id not in known
    ]
    if not 0 <= outcome < 1e9:
        faults.append(Fault(f"outcome {outcome:g}", "is no outcome", "write a number from 0"))
    if faults:
        raise InputError(faults)
    settled = questions["question_id"] == question
    _write(
        "questions",
        questions.assign(
            state=questions["state"].mask(settled, ledger.RESOLVED),
            outcome=questions["outcome"].mask(settled, outcome),
            outcome_source_ids=questions["outcome_source_ids"].mask(settled, source_ids),
        ),
    )
    scores = ledger.scored(load("forecasts"), load("questions"))
    told = [
        f"{row['made_on']}, {row['view'].replace('_', ' ')}: {row['probability_percent']:.1f} %, "
        f"Brier {row['brier']:.3f}, base rate {row['base_brier']:.3f}"
        for row in scores[scores["question_id"] == question].to_dict("records")
    ]
    return "\n".join([*told, findings.ledger(scores, load("questions"))])


def _checked(file: Path) -> pd.DataFrame:
    """The rows of a file of observations, checked like the table, none of them on record."""
    if not file.is_file():
        raise refusal(str(file), "there is no such file")
    rows, faults = check_file("observations", file, DATA)
    if faults:
        raise InputError(faults)
    if not len(rows):
        raise refusal(file.name, "has no rows", "write one a count")
    known = set(load("observations")[KEY].itertuples(index=False, name=None))
    again = [
        Fault(f"{file.name} line {line}", f"{', '.join(key)} is on record", "leave the row out")
        for line, key in zip(rows.index, rows[KEY].itertuples(index=False, name=None), strict=True)
        if key in known
    ]
    if again:
        raise InputError(again)
    return rows


def _if(observations: pd.DataFrame) -> VolumePart:
    """The volume of the base scenario after these months. Raises InputError if they cannot be."""
    tables: Any = ChainMap({"observations": observations}, Tables())
    volume = Study(tables, Scenario()).volume
    _ = volume.pool
    return volume


def _volumes(base: Study, questions: pd.DataFrame) -> dict[str, VolumePart]:
    """The volume that answers each open question: of its own calendar year where it is on one."""
    volumes = {}
    for row in questions[questions["state"] == ledger.OPEN].to_dict("records"):
        year = {"sale_year": row["period"]} if row["kind"] == "year" else {}
        volumes[row["question_id"]] = base.under(base.scenario.model_copy(update=year)).volume
    return volumes


def _append(name: str, rows: pd.DataFrame) -> None:
    """Write rows below those of a table; what stands there keeps its bytes."""
    path = DATA / read_package(DATA)[name].path
    files.write(path, path.read_bytes() + _lines(name, rows).encode())


def _write(name: str, frame: pd.DataFrame) -> None:
    """Write a whole table."""
    table = read_package(DATA)[name]
    head = ",".join(table.column_names) + "\n"
    files.write(DATA / table.path, (head + _lines(name, frame)).encode())


def _lines(name: str, rows: pd.DataFrame) -> str:
    """Rows as the file of a table has them: whole numbers without a point, blanks empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in rows[read_package(DATA)[name].column_names].itertuples(index=False, name=None):
        writer.writerow([_cell(value) for value in row])
    return text.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:.15g}"  # NaN alone differs from itself
    return str(value)
