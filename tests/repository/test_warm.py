"""Tests that packages are compiled in uv's cache."""

from pathlib import Path

from tools.warm import archives


def test_only_installed_packages_are_found_in_the_cache(tmp_path: Path) -> None:
    cache, project = tmp_path / "cache", tmp_path / "project"
    for place in (
        cache / "archive-v0" / "right" / "numpy-2.4.0.dist-info",
        cache / "archive-v0" / "older" / "numpy-1.26.0.dist-info",
        cache / "archive-v0" / "other" / "scipy-1.17.0.dist-info",
        project / ".venv" / "lib" / "python3.11" / "site-packages" / "numpy-2.4.0.dist-info",
    ):
        place.mkdir(parents=True)
    assert archives(cache, project) == [str(cache / "archive-v0" / "right")]
