"""A journal counts line by line: what is torn is left out, and takes nothing with it."""

from pathlib import Path

import pytest

from helpers.engine.journal import JOURNAL, Journal, read

# a journal is open to the end of its process
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize(
    "torn",
    [b'{"event": "exec', b'{"event": "note", "message": "\xff\n', b"17\n", b"null\n", b"\0" * 10],
    ids=["cut", "bytes", "number", "null", "zeros"],
)
def test_a_torn_line_is_left_out_alone(tmp_path: Path, torn: bytes) -> None:
    Journal(tmp_path).note("before")
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(torn)
    Journal(tmp_path).trouble("after")
    record = read(tmp_path)
    assert (record.notes, record.trouble, record.end) == (["before"], "after", None)


def test_a_line_without_its_end_does_not_count(tmp_path: Path) -> None:
    Journal(tmp_path).end(files={})
    whole = (tmp_path / JOURNAL).read_bytes()
    (tmp_path / JOURNAL).write_bytes(whole[:-1])
    assert read(tmp_path).end is None
