"""What projects install is compiled where uv keeps it."""

from pathlib import Path

from tools.warm import archives


def test_only_what_a_project_has_installed_is_found_in_the_cache(tmp_path: Path) -> None:
    cache, project = tmp_path / "cache", tmp_path / "project"
    for place in (
        cache / "archive-v0" / "right" / "numpy-2.4.0.dist-info",
        cache / "archive-v0" / "older" / "numpy-1.26.0.dist-info",
        cache / "archive-v0" / "other" / "scipy-1.17.0.dist-info",
        project / ".venv" / "lib" / "python3.11" / "site-packages" / "numpy-2.4.0.dist-info",
    ):
        place.mkdir(parents=True)
    assert archives(cache, project) == [str(cache / "archive-v0" / "right")]
