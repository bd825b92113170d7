"""The service exports the age that `params.yaml` allows, and losses from the first one on."""

import re
from pathlib import Path

import pytest
import yaml
from modelyard.serving.rest.limits import Limits
from modelyard.serving.rest.telemetry import read_max_age_s

from tests.checkout import ROOT
from tests.runtime.rest_client import running

SECTION = (ROOT / "includes/sections/params/monitoring.yaml").read_text("utf-8")
DAY_S = 86_400


@pytest.mark.parametrize(
    "text",
    [
        SECTION,
        "edge:\n  max_age_days: 9\n" + SECTION,
        SECTION.replace("window_days", "\n# a comment\n  window_days") + "\nmore: 1\n",
        "monitoring:\n    max_age_days: 90\n    window_days: 1\n",
    ],
)
def test_the_allowed_age_is_that_of_the_section(text: str, tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text(text, "utf-8")
    wanted = yaml.safe_load(text)["monitoring"]["max_age_days"] * DAY_S
    assert read_max_age_s(tmp_path / "params.yaml") == wanted == 90 * DAY_S


@pytest.mark.parametrize(
    "text", [None, "", "edge:\n  max_age_days: 9\n", "monitoring: {}\nedge:\n  max_age_days: 9\n"]
)
def test_without_the_setting_the_allowed_age_is_0(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "params.yaml").write_text(text, "utf-8")
    assert read_max_age_s(tmp_path / "params.yaml") == 0


def test_the_service_exports_both_ages_and_each_reason_from_the_start(tmp_path: Path) -> None:
    with running(Limits(rest_record_dir=tmp_path)) as client:
        metrics = client.get("/metrics").text
    allowed = yaml.safe_load(Path("params.yaml").read_text("utf-8"))["monitoring"]["max_age_days"]
    (found,) = re.findall(r"^model_max_age_seconds (.+)$", metrics, re.MULTILINE)
    assert float(found) == allowed * DAY_S
    for reason in ("busy", "day_full", "disk"):
        assert f'unrecorded_rows_total{{reason="{reason}"}} 0.0' in metrics
