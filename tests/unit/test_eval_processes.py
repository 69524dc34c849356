"""What a program takes, measured from a process that has grown."""

import subprocess

import numpy as np
import pytest

from eval.processes import spend


def test_the_peak_is_the_programs_own_however_large_the_one_that_measures() -> None:
    grown = np.ones(40_000_000)  # 320 MB
    small = spend(["-c", "print('done')"])
    large = spend(
        ["-c", "there = bytearray(200_000_000); there[::4096] = b'1' * len(there[::4096])"]
    )
    assert small.output == "done\n"
    assert small.memory_gb < 0.1
    assert 0.2 < large.memory_gb < grown.nbytes / 1e9


def test_a_program_that_fails_is_no_measurement() -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        spend(["-c", "raise SystemExit('no weights')"])
    assert "no weights" in failed.value.stderr
