"""`datapackage.json` as Python objects: which tables there are and what each column may hold."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from helpers.errors import Fault, InputError, refusal

FILE = "datapackage.json"


@dataclass(frozen=True)
class References:
    """Where the ids of a column lead: `targets` are (table, column) pairs, any of which may hold
    the id.

    separator: what parts several ids in one cell; empty when a cell holds one. own_columns: the ids
    are column names of the same table.
    """

    targets: tuple[tuple[str, str], ...] = ()
    separator: str = ""
    own_columns: bool = False


@dataclass(frozen=True)
class Column:
    """One column; `minimum` and `maximum` are plausible bounds in `unit`."""

    name: str
    type: str
    title: str
    description: str
    unit: str
    required: bool
    unique: bool
    enum: tuple[str, ...]
    pattern: str
    minimum: float | None
    maximum: float | None
    references: References | None

    @property
    def is_number(self) -> bool:
        return self.type in ("integer", "number")

    @property
    def dtype(self) -> str:
        """pandas dtype: int64 for whole numbers without blanks, float64 for others, else text."""
        if not self.is_number:
            return "str"
        return "int64" if self.type == "integer" and self.required else "float64"


@dataclass(frozen=True)
class Table:
    """One table: `path` is relative to the package; the values of `key` together are unique.

    may_be_empty: a header without rows is sound (property `mayBeEmpty`), for a table that waits for
    somebody to fill it.
    """

    name: str
    path: str
    title: str
    description: str
    purpose: str
    licence: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    may_be_empty: bool

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]


def read_package(folder: Path) -> dict[str, Table]:
    """The tables of the package, by name. Raises InputError for a missing or broken descriptor."""
    path = folder / FILE
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        raise refusal(
            f"{folder.name}/{FILE}", "is missing", "restore it: it names and describes every table"
        ) from None
    return _read(path, stamp)


@lru_cache(maxsize=8)
def _read(path: Path, stamp: int) -> dict[str, Table]:
    where = f"{path.parent.name}/{FILE}"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        resources = content["resources"]
        if not isinstance(resources, list):
            raise TypeError
    except json.JSONDecodeError as error:
        raise refusal(
            f"{where} line {error.lineno}, column {error.colno}", f"is not JSON here: {error.msg}"
        ) from None
    except UnicodeDecodeError:
        raise refusal(where, "is not UTF-8 text", "save it as UTF-8") from None
    except (KeyError, TypeError):
        raise refusal(where, "has no list of resources", 'write {"resources": [...]}') from None
    tables: dict[str, Table] = {}
    faults = []
    for number, resource in enumerate(resources, 1):
        try:
            table = _table(resource)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            name = resource.get("name", number) if isinstance(resource, dict) else number
            faults.append(
                Fault(
                    f"{where}, resource {name}",
                    f"lacks or mistypes {error}",
                    "describe it as the other tables are",
                )
            )
            continue
        if table.name in tables:
            faults.append(Fault(f"{where}, resource {table.name}", "stands twice", "keep one"))
        tables[table.name] = table
    for table in tables.values():
        for column in table.columns:
            for target, name in column.references.targets if column.references else ():
                if target not in tables or name not in tables[target].column_names:
                    faults.append(
                        Fault(
                            f"{where}, resource {table.name}",
                            f"column {column.name} refers to {target}.{name}, which is not "
                            "described",
                            "describe it",
                        )
                    )
    if faults:
        raise InputError(faults)
    return tables


def _table(resource: dict[str, Any]) -> Table:
    schema = resource["schema"]
    single = {
        tuple(_listed(key["fields"])): key["reference"] for key in schema.get("foreignKeys", [])
    }
    columns = tuple(_column(field, single.get((field["name"],))) for field in schema["fields"])
    path = resource["path"]
    if path.startswith("/") or ".." in Path(path).parts:
        raise ValueError(f"a path inside the package ({path})")
    key = tuple(_listed(schema["primaryKey"]))
    strangers = [name for name in key if name not in {column.name for column in columns}]
    if strangers:
        raise ValueError(f"columns of its key ({', '.join(strangers)})")
    return Table(
        name=resource["name"],
        path=path,
        title=resource["title"],
        description=resource["description"],
        purpose=resource["purpose"],
        licence=resource["licenses"][0]["name"],
        columns=columns,
        key=key,
        may_be_empty=resource.get("mayBeEmpty", False),
    )


def _column(field: dict[str, Any], foreign: dict[str, Any] | None) -> Column:
    limits = field.get("constraints", {})
    if field["type"] not in ("string", "integer", "number", "date", "yearmonth"):
        raise ValueError(f"a known type of column {field['name']} ({field['type']})")
    return Column(
        name=field["name"],
        type=field["type"],
        title=field["title"],
        description=field["description"],
        unit=field.get("unit", ""),
        required=limits.get("required", False),
        unique=limits.get("unique", False),
        enum=tuple(limits.get("enum", ())),
        pattern=limits.get("pattern", ""),
        minimum=limits.get("minimum"),
        maximum=limits.get("maximum"),
        references=_references(field.get("references"), foreign),
    )


def _references(several: dict[str, Any] | None, single: dict[str, Any] | None) -> References | None:
    if single is not None:
        return References(((single["resource"], _listed(single["fields"])[0]),))
    if several is None:
        return None
    if several.get("columns"):
        return References(separator=several.get("separator", ""), own_columns=True)
    targets = tuple(zip(_listed(several["resource"]), _listed(several["field"]), strict=True))
    return References(targets, several.get("separator", ""))


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
