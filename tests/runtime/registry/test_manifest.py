"""A release manifest tells every change of what it describes."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from modelyard.files import write_bytes
from modelyard.registry import actions, release_files
from modelyard.registry.backend import Backend
from modelyard.registry.events import Version
from modelyard.registry.manifest import sealed

from tests.runtime.registered import register


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, one in value.items():
        yield from leaves(one, (*path, name)) if isinstance(one, dict) else [(*path, name)]


def changed(manifest: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Change one value of a manifest."""
    told = copy.deepcopy(manifest)
    inner = told
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = f"{inner[path[-1]]}0"
    return told


@pytest.fixture
def version(registry: Backend) -> Version:
    register(registry)
    return registry.versions()[0]


def test_a_version_says_where_it_came_from(version: Version) -> None:
    told = version.manifest
    assert told["commit"] == version.commit
    assert told["model"]["sha256"] == told["files"]["model.onnx"]
    assert told["features"] == {"schema": "aaaaaaaaaaaa", "code": "bbbbbbbbbbbb"}
    assert told["gate"] == {"accepted": True, "verdict": "Accepted: 3 of 3 checks hold."}
    assert told["metrics"] == {"roc_auc": 0.55}
    assert told["params"] == {"data": {"as_of": "2024-05-01"}}
    assert len(told["data"]["rows"]) == 32
    assert told["by"] == "Ada"


def test_a_version_is_as_it_was_registered(version: Version) -> None:
    assert actions.check(version)[1] == []


def test_any_change_of_a_manifest_is_seen(version: Version) -> None:
    paths = list(leaves(version.manifest))
    unseen = [
        path
        for path in paths
        if not actions.check(Version("v0.1.0", version.commit, changed(version.manifest, path)))[1]
    ]
    assert len(paths) > 20
    assert unseen == []


def test_a_changed_hash_is_seen_even_by_who_seals_anew(version: Version) -> None:
    hashes = [("commit",), *[(a, b) for a in ("files", "tracked") for b in version.manifest[a]]]
    hashes += [("data", "rows"), ("model", "sha256"), ("features", "schema"), ("features", "code")]
    for path in hashes:
        forged = sealed(changed(version.manifest, path))
        (line,) = actions.check(Version("v0.1.0", version.commit, forged))[1]
        assert line.startswith(f"{'.'.join(path)}: the manifest says")


@pytest.mark.parametrize("name", release_files.FILES)
def test_a_corrupt_file_is_seen(name: str, version: Version) -> None:
    content = Path("models", name).read_bytes()
    spoilt = [path for path in Path(".dvc/cache").rglob("*") if holds(path, content)]
    for path in spoilt:
        path.chmod(0o644)
        write_bytes(path, content + b" ")
    assert spoilt
    assert any(line.startswith(f"files.{name}: ") for line in actions.check(version)[1])


def holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
