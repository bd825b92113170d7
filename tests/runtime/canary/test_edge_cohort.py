"""Cohort of the devices that get a bundle first."""

from pathlib import Path

import pytest
from modelyard.canary.edge import cohort, read_devices
from modelyard.console import UserError

DEVICES = [f"device-{place}" for place in range(2000)]


def test_a_larger_share_includes_the_smaller_one() -> None:
    few, half, all_of_them = (set(cohort(DEVICES, share)) for share in (0.05, 0.5, 1.0))
    assert few < half < all_of_them == set(DEVICES)
    assert 50 < len(few) < 150


def test_the_order_of_the_list_does_not_matter() -> None:
    assert cohort(DEVICES[::-1], 0.05) == cohort(DEVICES, 0.05)


@pytest.mark.parametrize(("text", "message"), [("a\nb\na\n", "a twice"), ("\n", "no device")])
def test_an_empty_list_or_a_duplicate_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "devices.txt").write_text(text, "utf-8")
    with pytest.raises(UserError, match=message):
        read_devices(tmp_path / "devices.txt")


def test_a_missing_list_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="one per line"):
        read_devices(tmp_path / "devices.txt")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_name_may_hold_what_unicode_takes_for_a_line_end(end: str, tmp_path: Path) -> None:
    (tmp_path / "devices.txt").write_bytes(f"gate\x85north{end}gate\u2028south{end}".encode())
    assert read_devices(tmp_path / "devices.txt") == ["gate\x85north", "gate\u2028south"]
