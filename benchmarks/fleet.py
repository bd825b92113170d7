"""Compare `modelyard fleet report` with `copier check-update` and a render for each repository.

Run: .venv/bin/python -m benchmarks.fleet
"""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.pairs import Cost, run
from benchmarks.upkeep import COPIER, OURS, create_project, two_releases

DISTINCT, SAMPLE = 20, 15


def make_bases(work: Path) -> list[Path]:
    """Create projects with different names, and update half of them."""
    bases = []
    for place in range(DISTINCT):
        base = work / "bases" / f"{place:02}"
        base.parent.mkdir(exist_ok=True)
        create_project(work / "template", base, f"project_name=Team {place} predicts")
        if place % 2:
            run([*COPIER, "update", "--defaults", "--quiet"], base)
            run(["git", "commit", "--quiet", "--all", "--message", "Updated"], base)
        bases.append(base)
    return bases


def make_fleet(bases: list[Path], folder: Path, count: int) -> None:
    """Copy projects until there are `count`, each with an edit of its own, committed."""
    folder.mkdir()
    for place in range(count):
        project = folder / f"{place:03}"
        shutil.copytree(bases[place % len(bases)], project, symlinks=True)
        with (project / "README.md").open("a", encoding="utf-8") as file:
            file.write(f"\nEdit {place}.\n")
        run(["git", "commit", "--quiet", "--all", "--message", "Edit"], project)


def one_by_one(work: Path, sample: list[Path]) -> Cost:
    """Check a sample without modelyard: run `check-update` and a render for each repository."""
    costs = []
    for project in sample:
        check = '"$0" -m copier check-update --quiet; test $? = 0 -o $? = 2'
        costs.append(run(["sh", "-c", check, sys.executable], project))
        answers = project / ".copier-answers.yml"
        copy: list[str | Path] = [*COPIER, "copy", "--defaults", "--quiet", "--data-file", answers]
        costs.append(run([*copy, work / "template", work / "rendered"], work))
        shutil.rmtree(work / "rendered")
    cpu, wall = (sum(getattr(cost, name) for cost in costs) for name in ("cpu_s", "wall_s"))
    return Cost(cpu / len(sample), wall / len(sample))


def main() -> None:
    """Measure three sizes of fleet; exit with 1 if a claim does not hold."""
    sizes = [int(word) for word in sys.argv[1:]] or [100, 200, 300]
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        two_releases(work / "template")
        bases = make_bases(work)
        make_fleet(bases, work / "fleet", max(sizes))
        projects = sorted((work / "fleet").iterdir())
        costs = [run([*OURS, "fleet", "report", *projects[:size]], work) for size in sizes]
        single = one_by_one(work, projects[:SAMPLE])
    for size, cost in zip(sizes, costs, strict=True):
        print(f"{size} repositories  {cost.cpu_s:7.1f} s CPU  {cost.wall_s:7.1f} s wall")
    print(f"one by one, each   {single.cpu_s:7.1f} s CPU  {single.wall_s:7.1f} s wall")
    ratio = single.cpu_s * sizes[-1] / costs[-1].cpu_s
    print(f"one by one costs {ratio:.1f} times the report of {sizes[-1]}")
    if ratio < 5 or costs[-1].wall_s > 180:
        sys.exit("too slow: allowed are 1/5 of the CPU time of single checks, and 3 minutes")


if __name__ == "__main__":
    main()
