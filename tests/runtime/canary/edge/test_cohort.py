"""Which devices get a bundle first."""

from pathlib import Path

import pytest
from modelyard.canary.edge.cohort import cohort, read_devices
from modelyard.console import UserError

DEVICES = [f"device-{place}" for place in range(2000)]


def test_a_larger_share_holds_the_smaller_and_the_last_one_all() -> None:
    few, half, all_of_them = (set(cohort(DEVICES, share)) for share in (0.05, 0.5, 1.0))
    assert few < half < all_of_them == set(DEVICES)
    assert 50 < len(few) < 150


def test_the_order_of_the_list_does_not_matter() -> None:
    assert cohort(DEVICES[::-1], 0.05) == cohort(DEVICES, 0.05)


@pytest.mark.parametrize(("text", "told"), [("a\nb\na\n", "a twice"), ("\n", "no device")])
def test_a_list_that_cannot_be_is_refused(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "devices.txt").write_text(text, "utf-8")
    with pytest.raises(UserError, match=told):
        read_devices(tmp_path / "devices.txt")


def test_a_list_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="one on a line"):
        read_devices(tmp_path / "devices.txt")
