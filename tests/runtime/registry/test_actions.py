"""Contract of the registry, tested with both backends: git tags and MLflow."""

from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.registry import actions
from modelyard.registry.backend import Backend, Conflict, Event, Refused, Version, open_backend
from modelyard.registry.manifest import add_seal
from modelyard.registry.state import serving_versions

from tests.runtime import example
from tests.runtime.registered import DAYS, commit, make_model, register


@pytest.fixture(params=["dvclive", "mlflow"])
def tracker(request: pytest.FixtureRequest) -> str:
    """Experiment tracker, which selects the backend of the registry."""
    return str(request.param)


def register_one() -> None:
    """Register a version."""
    register(open_backend(example.PACKAGE))


def register_two() -> None:
    """Register two versions."""
    register_one()
    register(open_backend(example.PACKAGE), "second")


after_one = pytest.mark.parametrize("history", [register_one], ids=["one version"])
after_two = pytest.mark.parametrize("history", [register_two], ids=["two versions"])


def promote(registry: Backend, version: str, stage: str = "prod") -> actions.Result:
    return actions.promote(registry, version, stage, "Ada", DAYS[1])


# Registration


def test_registration_of_the_same_commit_is_idempotent(registry: Backend) -> None:
    assert [register(registry), register(registry, day=3)] == ["v0.1.0", "v0.1.0"]
    assert len(registry.versions()) == 1


def test_another_model_is_the_next_version(registry: Backend) -> None:
    assert [register(registry), register(registry, "second")] == ["v0.1.0", "v0.2.0"]


def test_a_dirty_working_tree_is_refused(registry: Backend) -> None:
    Path("notes.txt").write_text("later", "utf-8")
    with pytest.raises(Refused, match=r"not committed: notes\.txt; git add and commit"):
        register(registry)
    assert registry.versions() == []


def test_an_outdated_pipeline_is_refused(registry: Backend) -> None:
    Path("models/model.onnx").write_text("another one", "utf-8")
    with pytest.raises(Refused, match="not up to date: gate; run: uv run dvc repro"):
        register(registry)


def test_a_model_that_the_gate_refused_is_not_registered(registry: Backend) -> None:
    make_model("worse", accepted=False)
    with pytest.raises(Refused, match="the gate: Refused by 1 of 3 checks: floors"):
        register(registry)


def test_a_gate_report_about_another_model_is_refused(registry: Backend) -> None:
    Path("reports/gate.md").write_text("# Gate: model 0\n\nAccepted: 3 of 3.\n", "utf-8")
    commit("Another report")
    with pytest.raises(Refused, match=r"reports/gate\.md is not about model"):
        register(registry)


@after_one
def test_a_version_from_a_dirty_working_tree_is_never_promoted(
    registry: Backend,
) -> None:
    (clean,) = registry.versions()
    manifest = add_seal(clean.manifest | {"release": "v0.2.0", "clean": False})
    registry.add_version(Version("v0.2.0", clean.commit, manifest), DAYS[1])
    with pytest.raises(Refused, match=r"v0\.2\.0 was not registered from a clean"):
        promote(registry, "v0.2.0")
    assert registry.events() == []


@after_one
def test_versions_and_events_are_read_back_unchanged(registry: Backend) -> None:
    promote(registry, "v0.1.0")
    actions.quarantine(registry, "v0.1.0", "a leak, naïve", "Eve", DAYS[2])
    later = open_backend(example.PACKAGE)
    assert later.versions() == registry.versions()
    first, second = later.events()
    assert (first.tag, second.tag) == ("model#prod#1", "model@v0.1.0!#2")
    report = later.versions()[0].manifest["tracked"]["reports/gate.md"]
    assert first == Event(1, "promote", "v0.1.0", "prod", "Ada", DAYS[1], "", report)
    assert second == Event(2, "quarantine", "v0.1.0", "", "Eve", DAYS[2], "a leak, naïve")


# Concurrency


@after_two
def test_of_two_concurrent_promotions_one_wins_and_the_other_names_the_winner(
    registry: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = open_backend(example.PACKAGE)
    with monkeypatch.context() as patch:
        patch.setattr(late, "events", list)  # as it was before the other one came
        promote(registry, "v0.1.0")
        with pytest.raises(Conflict, match="Ada was first: model#prod#1 is of 2024-05-02"):
            actions.promote(late, "v0.2.0", "prod", "Bob", DAYS[2])
    for one in (registry, late, open_backend(example.PACKAGE)):
        assert [(event.version, event.by) for event in one.events()] == [("v0.1.0", "Ada")]


@after_one
def test_concurrent_registrations_get_different_versions(
    registry: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_model("second")
    late = open_backend(example.PACKAGE)
    known = [late.versions(), late.versions()]
    read = late.versions
    register(registry)
    make_model("third")
    monkeypatch.setattr(late, "versions", lambda: known.pop() if known else read())
    assert register(late, day=1) == "v0.3.0"
    assert [one.name for one in registry.versions()] == ["v0.1.0", "v0.2.0", "v0.3.0"]


# Promotion and rollback


@after_two
def test_a_rollback_returns_the_files_of_the_previous_version(registry: Backend) -> None:
    first, second = promote(registry, "v0.1.0"), promote(registry, "v0.2.0")
    result = actions.roll_back(registry, "prod", "Bob", DAYS[2])
    assert (result.event, result.version.name) == ("model#prod#3", "v0.1.0")
    assert result.files == first.files != second.files
    assert serving_versions(registry.events()) == {"prod": "v0.1.0"}


@after_one
def test_promoting_the_serving_version_changes_nothing(registry: Backend) -> None:
    assert [promote(registry, "v0.1.0").event for _ in range(2)] == ["model#prod#1", ""]


@after_one
def test_an_event_has_person_time_and_gate_report(registry: Backend) -> None:
    promote(registry, "v0.1.0")
    (event,) = registry.events()
    report = registry.versions()[0].manifest["tracked"]["reports/gate.md"]
    assert (event.action, event.by, event.when) == ("promote", "Ada", DAYS[1])
    assert event.gate_report == report


@after_two
def test_a_quarantined_version_is_neither_promoted_nor_rolled_back_to(registry: Backend) -> None:
    promote(registry, "v0.1.0")
    promote(registry, "v0.2.0")
    actions.quarantine(registry, "v0.1.0", "trained on a leak", "Eve", DAYS[2])
    with pytest.raises(Refused, match=r"v0\.1\.0 is quarantined: trained on a leak"):
        promote(registry, "v0.1.0", "test")
    with pytest.raises(Refused, match="no version to go back to"):
        actions.roll_back(registry, "prod", "Ada", DAYS[3])
    with pytest.raises(Refused, match="is already quarantined"):
        actions.quarantine(registry, "v0.1.0", "again", "Eve", DAYS[3])


@after_one
def test_a_corrupt_model_is_never_promoted(registry: Backend) -> None:
    for path in Path(".dvc/cache").rglob("*"):
        if path.is_file() and path.read_bytes() == b"model first":
            path.chmod(0o644)
            path.write_bytes(b"model worst")
    with pytest.raises(Refused, match=r"does not match its manifest: files\.model\.onnx"):
        promote(registry, "v0.1.0")
    assert registry.events() == []


@after_one
def test_a_model_missing_from_cache_and_remote_is_an_error_with_a_remedy(registry: Backend) -> None:
    for path in Path(".dvc/cache").rglob("*"):
        if path.is_file() and path.read_bytes() == b"model first":
            path.unlink()
    with pytest.raises(UserError, match=r"run: git checkout [0-9a-f]{12} && uv run dvc push"):
        promote(registry, "v0.1.0")


@after_one
def test_an_unknown_version_is_an_error_with_the_known_ones(registry: Backend) -> None:
    with pytest.raises(UserError, match=r"no version 'v9\.0\.0'; registered versions: v0\.1\.0"):
        promote(registry, "v9.0.0")


@after_one
def test_a_version_is_found_by_its_model_and_by_its_stage(registry: Backend) -> None:
    promote(registry, "v0.1.0")
    model = registry.versions()[0].manifest["model"]["version"]
    for wanted in ("v0.1.0", "model@v0.1.0", "prod", model):
        assert actions.find(registry, wanted).name == "v0.1.0"
