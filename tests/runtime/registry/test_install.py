"""Installation of a release's files: atomic, in order."""

from pathlib import Path

import pytest
from modelyard.console import UserError
from modelyard.files import read_json
from modelyard.registry.backend import Version
from modelyard.registry.install import install_files
from modelyard.registry.manifest import FILES

OLD, NEW = dict.fromkeys(FILES, b"old"), dict.fromkeys(FILES, b"new")


def found(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in OLD}


def test_files_and_manifest_are_installed(tmp_path: Path) -> None:
    install_files(Version("v0.1.0", "c", {"release": "v0.1.0"}), OLD, tmp_path / "served" / "prod")
    assert found(tmp_path / "served" / "prod") == OLD
    assert read_json(tmp_path / "served/prod/release.json", "") == {"release": "v0.1.0"}
    assert [path.name for path in (tmp_path / "served").iterdir()] == ["prod"]


def test_existing_files_are_replaced_with_model_json_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, order, replace = tmp_path / "prod", [], Path.replace
    install_files(Version("v0.1.0", "c"), OLD, folder)

    def noted(self: Path, target: Path) -> Path:
        order.append(target.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", noted)
    install_files(Version("v0.2.0", "c"), NEW, folder)
    assert found(folder) == NEW
    assert order[-1] == "model.json"


def test_a_failed_installation_leaves_existing_files(tmp_path: Path) -> None:
    (tmp_path / "prod").write_text("a file, no folder", "utf-8")
    with pytest.raises(UserError, match="cannot write"):
        install_files(Version("v0.1.0", "c"), OLD, tmp_path / "prod")
    assert [path.name for path in tmp_path.iterdir()] == ["prod"]
