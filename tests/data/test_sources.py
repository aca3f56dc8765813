"""One id a source: pages that several registers listed are one row, and every id they had still
leads to it.
"""

from pathlib import Path

import pytest
from IPython.display import display

from helpers import show
from helpers.data import check_all, load, resolve, source, sources, tables
from helpers.errors import InputError
from tests.displays import published

# Ids under which one page stood in different registers, with the one it has now.
MERGED = {
    "FX-FED": ("S128",),
    "BENZ25": ("S13", "V01"),
    "REU-OCT25": ("S23", "V02"),
    "S01": (),
    "S02": ("F01", "V10"),
    "S03": ("F10", "V09"),
    "S10": ("F17", "V26"),
    "F13": ("S62", "V19"),
    "F21": ("V21",),
    "CENSUS-C5880": ("S130",),
    "PROC10908": ("S33",),
    "EO14345": ("S35",),
    "MOFIMP24": ("S132",),
    "KYODO-JUN25": ("S31",),
    "V77": ("F36",),
    "ASSUMPTION": ("F_ASSUMED",),
    "AMS26": ("S60", "V13"),
    "OPP-EXP": ("S45",),
}


@pytest.mark.parametrize("now", MERGED)
def test_earlier_ids_lead_to_the_source(now: str) -> None:
    for given in (now, *MERGED[now]):
        assert resolve(given) == now
        assert source(given)["source_id"].tolist() == [now]


def test_merging_kept_what_counts() -> None:
    """The origin group of a merged page: two relays of one agency story stay one origin."""
    rows = sources().set_index("source_id")
    assert {rows.loc[name, "origin_group"] for name in ("BENZ25", "REU-OCT25", "S22", "V89")} == {
        "reuters_20251030"
    }
    assert rows.loc["S02", "tier"] == 1
    assert (
        rows.loc["S02", "origin_group"]
        == rows.loc["S01", "origin_group"]
        == "toyota_release_20251219"
    )
    assert rows.loc["OPP-EXP", "origin_group"] == "us_census_exports"
    assert "us_commerce_2024" in rows.loc["OPP-EXP", "note"]


def test_several_ids_at_once() -> None:
    assert source("S13;FX-FED;BENZ25")["source_id"].tolist() == ["BENZ25", "FX-FED"]
    assert source(["F64", "S128"])["source_id"].tolist() == ["F64", "FX-FED"]


def test_an_unknown_id_is_refused_with_the_nearest(package: Path) -> None:
    with pytest.raises(
        InputError,
        match=(
            r"source 'BENZ52' is not in|source 'BENZ52': is not in data/sources.csv; did you "
            r"mean BENZ25\?"
        ),
    ):
        resolve("BENZ52")
    (package / "sources.csv").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="is empty"):
        resolve("BENZ25", package)


def test_every_source_id_in_every_table_resolves() -> None:
    known = set(sources()["source_id"])
    quoted: set[str] = set()
    for name in tables()["name"]:
        frame = load(name)
        for column in (
            {"source_ids", "source_id", "outcome_source_ids"} & set(frame.columns)
            if name != "sources"
            else ()
        ):
            quoted |= {part for cell in frame[column] for part in cell.split(";") if part}
    assert quoted - known == set()
    assert len(quoted) > 250


def test_every_source_says_on_what_terms_it_is_used() -> None:
    frame = sources()
    assert (frame["licence_terms"].str.len() > 15).all()
    unread = frame["last_checked"] == ""
    assert set(frame.loc[unread, "source_id"]) == {
        "ASSUMPTION",
        *(f"P0{number}" for number in range(1, 8)),
    }
    assert (frame.loc[~unread, "last_checked"] >= "2026-11-21").all()
    assert (
        frame.loc[frame["url"] == "", "source_id"].isin({"ASSUMPTION"})
        | frame["source_id"].str.match(r"P\d")
        | (frame["url"] != "")
    ).all()


def test_an_earlier_id_in_a_table_is_a_fault_that_names_the_new_one(package: Path) -> None:
    path = package / "claims" / "provenance.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("A2,BENZ25,", "A2,S13,"), encoding="utf-8")
    assert [str(fault).partition(", ")[2] for fault in check_all(package)] == [
        "column parent: 'S13' is an earlier id; write BENZ25"
    ]


def test_show_looks_earlier_ids_up() -> None:
    with published() as bundles:
        display(show.sources(sources(), ["S13", "BENZ25", "S128"]))
    shown = str(bundles)
    assert "[2 rows: Id, " in shown
    assert "BENZ25" in shown
    assert "FX-FED" in shown
    assert "S128" not in shown
