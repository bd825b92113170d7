"""Cohort of the devices that get a bundle first; a larger share includes the smaller one."""

from collections.abc import Sequence
from pathlib import Path

from ...console import UserError
from ...files import read_json, write_json
from ...serving.records import is_sampled
from ..check import CANARY


def read_devices(path: Path) -> list[str]:
    """Read the names of the devices, one per line.

    Raises:
        UserError: the file does not exist, is empty, or has a duplicate name.
    """
    if not path.is_file():
        raise UserError(f"{path} does not exist; it must hold the devices' names, one per line")
    names = [line.strip() for line in path.read_text("utf-8").split("\n") if line.strip()]
    duplicates = sorted({name for name in names if names.count(name) > 1})
    if duplicates or not names:
        raise UserError(f"{path} names {f'{duplicates[0]} twice' if duplicates else 'no device'}")
    return names


def cohort(devices: Sequence[str], share: float) -> list[str]:
    """Select a share of the devices by a hash of their names."""
    return sorted(name for name in devices if is_sampled(name, share))


def write_cohort(devices: Sequence[str], share: float, bundle: Path) -> str:
    """Write `reports/canary/cohort.json`; return a summary."""
    version, chosen = read_json(bundle / "manifest.json", "")["version"], cohort(devices, share)
    content = {"version": version, "share": share, "of": len(devices), "devices": chosen}
    write_json(CANARY / "cohort.json", content)
    return f"{len(chosen):,} of {len(devices):,} devices in {CANARY / 'cohort.json'}"
