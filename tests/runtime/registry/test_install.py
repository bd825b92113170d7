"""A release's files appear in a folder whole, and are replaced in order."""

from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.files import read_json
from modelyard.registry.events import Version
from modelyard.registry.install import put
from modelyard.registry.release_files import FILES

OLD, NEW = dict.fromkeys(FILES, b"old"), dict.fromkeys(FILES, b"new")


def found(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in OLD}


def test_the_files_lie_in_the_folder_with_the_manifest(tmp_path: Path) -> None:
    put(Version("v0.1.0", "c", {"release": "v0.1.0"}), OLD, tmp_path / "served" / "prod")
    assert found(tmp_path / "served" / "prod") == OLD
    assert read_json(tmp_path / "served/prod/release.json", "") == {"release": "v0.1.0"}
    assert [path.name for path in (tmp_path / "served").iterdir()] == ["prod"]


def test_newer_files_take_the_place_of_older_ones_and_model_json_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, order, replace = tmp_path / "prod", [], Path.replace
    put(Version("v0.1.0", "c"), OLD, folder)

    def noted(self: Path, target: Path) -> Path:
        order.append(target.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", noted)
    put(Version("v0.2.0", "c"), NEW, folder)
    assert found(folder) == NEW
    assert order[-1] == "model.json"


def test_a_disk_that_refuses_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "prod").write_text("a file, no folder", "utf-8")
    with pytest.raises(UserError, match="cannot write"):
        put(Version("v0.1.0", "c"), OLD, tmp_path / "prod")
    assert [path.name for path in tmp_path.iterdir()] == ["prod"]
