"""Which devices get a bundle first, drawn by their names: a larger share holds the smaller."""

from collections.abc import Sequence
from pathlib import Path

from ...console import UserError
from ...files import read_json, write_json
from ...serving.records import drawn
from ..check import CANARY


def read_devices(path: Path) -> list[str]:
    """Read the devices' names, one on a line.

    Raises:
        UserError: the file is not there, holds none, or names one twice.
    """
    if not path.is_file():
        raise UserError(f"{path} is not there; it holds the devices' names, one on a line")
    names = [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not names:
        raise UserError(f"{path} names {f'{twice[0]} twice' if twice else 'no device'}")
    return names


def cohort(devices: Sequence[str], share: float) -> list[str]:
    """Draw a share of the devices; a device that is in stays in when the share grows."""
    return sorted(name for name in devices if drawn(name, share))


def write_cohort(devices: Sequence[str], share: float, bundle: Path) -> str:
    """Write `reports/canary/cohort.json`: who gets which bundle. Say so in words."""
    about, chosen = read_json(bundle / "manifest.json", ""), cohort(devices, share)
    told = {"version": about["version"], "share": share, "of": len(devices), "devices": chosen}
    write_json(CANARY / "cohort.json", told)
    return f"{len(chosen):,} of {len(devices):,} devices in {CANARY / 'cohort.json'}"
