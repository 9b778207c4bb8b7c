"""The simulated clock: one time for every process of a folder, and never back."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from shanhai.domains import clock
from shanhai.kernel.periods import DAY_MS


def test_a_real_ledger_takes_no_notice_of_the_file(tmp_path: Path) -> None:
    clock.set_offset(tmp_path, 30 * DAY_MS)
    ahead = clock.now_ms(tmp_path, simulated=True) - clock.now_ms(tmp_path, simulated=False)
    assert abs(ahead - 30 * DAY_MS) < 60_000


def test_it_never_goes_back(tmp_path: Path) -> None:
    clock.set_offset(tmp_path, 5)
    assert clock.advance(tmp_path, -DAY_MS) == 5


def _ten_days(folder: Path) -> None:
    for _ in range(10):
        clock.advance(folder, DAY_MS)


def test_processes_that_move_it_at_once_all_count(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        list(pool.map(_ten_days, [tmp_path] * 4))
    assert clock.offset_ms(tmp_path) == 40 * DAY_MS
