"""Release manifest: content, and detection of changes."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from modelyard.files import write_bytes
from modelyard.registry import actions
from modelyard.registry.backend import Backend, Version
from modelyard.registry.manifest import FILES, add_seal

from tests.runtime.registered import register


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, one in value.items():
        yield from leaves(one, (*path, name)) if isinstance(one, dict) else [(*path, name)]


def changed(manifest: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """Change one value of a manifest."""
    copied = copy.deepcopy(manifest)
    inner = copied
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = f"{inner[path[-1]]}0"
    return copied


@pytest.fixture
def version(registry: Backend) -> Version:
    register(registry)
    return registry.versions()[0]


def test_a_manifest_has_the_lineage(version: Version) -> None:
    manifest = version.manifest
    assert manifest["commit"] == version.commit
    assert manifest["model"]["sha256"] == manifest["files"]["model.onnx"]
    assert manifest["features"] == {"schema": "aaaaaaaaaaaa", "code": "bbbbbbbbbbbb"}
    assert manifest["gate"] == {"accepted": True, "verdict": "Accepted: 3 of 3 checks passed."}
    assert manifest["metrics"] == {"roc_auc": 0.55}
    assert manifest["params"] == {"data": {"as_of": "2024-05-01"}}
    assert len(manifest["data"]["rows"]) == 32
    assert manifest["by"] == "Ada"


def test_a_registered_version_matches_its_manifest(version: Version) -> None:
    assert actions.compare_with_manifest(version)[1] == []


def test_any_change_of_a_manifest_is_detected(version: Version) -> None:
    paths = list(leaves(version.manifest))
    unseen = [
        path
        for path in paths
        if not actions.compare_with_manifest(
            Version("v0.1.0", version.commit, changed(version.manifest, path))
        )[1]
    ]
    assert len(paths) > 20
    assert unseen == []


def test_a_changed_hash_is_detected_even_with_a_new_seal(version: Version) -> None:
    hashes = [("commit",), *[(a, b) for a in ("files", "tracked") for b in version.manifest[a]]]
    hashes += [("data", "rows"), ("model", "sha256"), ("features", "schema"), ("features", "code")]
    for path in hashes:
        forged = add_seal(changed(version.manifest, path))
        (line,) = actions.compare_with_manifest(Version("v0.1.0", version.commit, forged))[1]
        assert line.startswith(f"{'.'.join(path)}: the manifest says")


@pytest.mark.parametrize("name", FILES)
def test_a_corrupt_file_is_detected(name: str, version: Version) -> None:
    content = Path("models", name).read_bytes()
    corrupted = [path for path in Path(".dvc/cache").rglob("*") if holds(path, content)]
    for path in corrupted:
        path.chmod(0o644)
        write_bytes(path, content + b" ")
    assert corrupted
    assert any(
        line.startswith(f"files.{name}: ") for line in actions.compare_with_manifest(version)[1]
    )


def holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
