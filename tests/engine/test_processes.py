"""Processes that end with others."""

import os
import subprocess
import sys

import pytest

CHILD = "import helpers.engine.processes as own; own.end_with_parent({parent}); print('goes on')"


def ended() -> int:
    """The id of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="the system has no such descriptors")
@pytest.mark.parametrize(("parent_lives", "told"), [(True, (0, "goes on\n")), (False, (1, ""))])
def test_a_process_whose_parent_ended_before_it_looked_ends(
    parent_lives: bool, told: tuple[int, str]
) -> None:
    parent = os.getpid() if parent_lives else ended()
    child = [sys.executable, "-c", CHILD.format(parent=parent)]
    done = subprocess.run(child, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == told
