"""A short run of ``python -m tests.chaos disk``: some of the calls that write the journal fail."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(400)
@pytest.mark.skipif(sys.platform != "linux", reason="the library speaks to the C library of Linux")
@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_what_a_failing_disk_takes_is_there_and_what_it_does_not_is_said() -> None:
    command = [sys.executable, "-m", "tests.chaos", "disk", "--step", "11"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=380)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
