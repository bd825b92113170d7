"""The page of limits has every setting with its default and range, and the fixed bounds."""

import re
from dataclasses import fields
from typing import Any

import pytest
from modelyard.canary import drill, judge
from modelyard.canary.rest import compare, traffic
from modelyard.data import read, violations
from modelyard.models.gates.versions import page
from modelyard.monitoring import findings
from modelyard.registry import deployed, dvc, register
from modelyard.retraining import messages, reasons, retraining, working_tree
from modelyard.schema import column, columns, texts
from modelyard.serving.batch import engine
from modelyard.serving.batch.manifest import Limits as BatchLimits
from modelyard.serving.edge import device, json_lines
from modelyard.serving.rest import day_sample, protocol, recorder, responses, server, workers
from modelyard.serving.rest.limits import Limits as RestLimits
from modelyard.settings import Settings

from modelyard_lifecycle import git, progress
from modelyard_lifecycle.draft import guess, plan, roles
from tests.checkout import ROOT

PAGE = (ROOT / "docs" / "reference" / "limits.md").read_text("utf-8")
FIXED = {
    "in `gate.html` | {:,}, evenly": page.MOST_ROWS,
    "the kinds of columns | {:,}, evenly": guess.SAMPLE,
    "writes for a target | {} |": roles.MOST_CLASSES,
    "a category by `draft` | {} |": plan.MOST_CATEGORIES,
    "`others=True` | {:,} characters": columns.MAX_UNKNOWN,
    "2^53 - 1 ({:,}) in size": column.LARGEST,
    "`features/build.py` | {} characters": texts.WIDEST,
    "nested levels of a row | {} |": json_lines.MAX_LEVELS,
    "value in a message | {} characters": violations.MAX_CHARACTERS,
    "with the first {} violations": responses.MAX_VIOLATIONS,
    "chunked body | {:,} bytes": protocol.MAX_HEAD_BYTES,
    "sent ahead on a connection | {} |": protocol.MAX_PIPELINED,
    "more than {} above": protocol.SPARE_CONNECTIONS,
    "open files less {} ": workers.OWN_FILES,
    "does not read (Linux) | {:g} s": server.UNREAD_MS / 1000,
    "its supervisor | {} s": workers.HUNG_AFTER_S,
    "wait to be written | {:,} |": recorder.MAX_PENDING_ROWS,
    "that store labels | {:g} s": day_sample.LOCK_TIMEOUT_S,
    "wait for each thread | {} |": engine.QUEUED_PER_WORKER,
    "row of a CSV file | {:,} bytes": read.LONGEST_ROW,
    "line of input | {:,} bytes": device.MAX_LINE_BYTES,
    "wait for DVC's lock | {:g} s": dvc.LOCK_TIMEOUT_S,
    "wait for another retraining | {:g} s": retraining.LOCK_TIMEOUT_S,
    "next version number | {} |": register.ATTEMPTS,
    "deployed version | {} |": deployed.ATTEMPTS,
    "after a killed retraining | {:g} s": working_tree.LOCK_TIMEOUT_S,
    "newest row of a source | {} days": reasons.STALE_DAYS,
    "message to retrain | {:,} bytes": messages.MAX_BYTES,
    "not yet written | {:g} s": 2 * recorder.FLUSH_S,
    "after the promotion | {:g} of all": findings.MAX_OTHER_SHARE,
    ", {:,} resamples": judge.RESAMPLES,
    "blocks of {} requests": judge.BLOCK,
    "rollback in a drill | {:g} s": drill.LIMIT_S,
    "a request to it | {:g} s;": compare.START_S,
    "s; {:g} s | fixed | no go": traffic.TIMEOUT_S,
    "message to retrain | {} characters": messages.MAX_LENGTH,
    "repository; clone of it | {:g} s;": git.TIMEOUTS_S["ls-remote"],
    " s; {:g} s | `MODELYARD_PATIENCE_S`": git.TIMEOUTS_S["clone"],
    "until a step is shown | {:g} s": progress.AFTER_S,
}


def ranged(kind: type[Settings]) -> list[Any]:
    """Return the settings of a class that have a range."""
    return [one for one in fields(kind) if one.metadata]


@pytest.mark.parametrize(
    "one", [*ranged(RestLimits), *ranged(BatchLimits)], ids=lambda one: str(one.name)
)
def test_a_setting_is_listed_with_its_default_and_range(one: Any) -> None:
    least, most = (f"{one.metadata[name]:,}" for name in ("least", "most"))
    default = f"{one.default:,}".removesuffix(".0")
    wanted = rf"\| {default}[^;|]*; from {least} to {most} \| `{one.name.upper()}`"
    assert re.search(wanted, PAGE), wanted


@pytest.mark.parametrize("text", FIXED)
def test_a_fixed_bound_is_listed_with_its_value(text: str) -> None:
    assert text.format(FIXED[text]) in PAGE


def test_another_value_is_noticed() -> None:
    assert f"row of a CSV file | {read.LONGEST_ROW + 1:,} bytes" not in PAGE
