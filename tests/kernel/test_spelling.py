"""What a wrong name is taken for."""

import pytest

from shanhai.kernel.spelling import closest, nearest


@pytest.mark.parametrize(
    ("written", "meant"),
    [("geometrc", "geometric"), ("GEOMETRIC", "geometric"), ("min-max", "min_max"), ("zzz", "")],
)
def test_case_hyphens_and_a_slip_do_not_hide_a_name(written: str, meant: str) -> None:
    assert closest(written, ["geometric", "min_max"]) == meant


def test_a_short_list_is_named_where_nothing_is_near() -> None:
    assert nearest("zzz", ["b", "a", "b"]) == "b, a"
    assert nearest("zzz", []) == "—"
    assert nearest("zzz", [f"k{n}" for n in range(20)]).endswith("k11…")
