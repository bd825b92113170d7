"""HTML page of the delivery metrics, without scripts or external resources."""

from datetime import timedelta
from html import escape
from importlib.resources import files
from string import Template

from .bands import YEAR
from .display import line
from .measure import Delivery, Metric
from .texts import detail, shown

WIDTH, HEIGHT, BASE, LEFT = 720, 190, 160, 34
MOST_BARS = 60


def page(name: str, found: Delivery) -> str:
    """Render the page."""
    template = Template((files(__package__) / "page.html").read_text("utf-8"))
    return template.substitute(
        name=escape(name),
        since=f"{found.since:%Y-%m-%d}",
        until=f"{found.until:%Y-%m-%d}",
        year=YEAR,
        open="\n".join(f'<p class="bad">{escape(line(one))}</p>' for one in found.open),
        cards="\n".join(map(card, found.metrics)),
        trend=trend(found),
        rows="\n".join(rows(found)) or '<tr><td colspan="6">none</td></tr>',
    )


def card(metric: Metric) -> str:
    """Render a metric with its parts."""
    band = f'<p class="band">{escape(metric.band)}</p>' if metric.band else ""
    parts = "".join(
        f"<tr><td>{escape(part)}</td><td>{escape(detail(part, value, metric.unit))}</td></tr>"
        for part, value in metric.details.items()
    )
    head = f"<h2>{escape(metric.name)}</h2><p class=value>{escape(shown(metric))}</p>{band}"
    return f"<section>{head}<p>{metric.count} events</p><table>{parts}</table></section>"


def trend(found: Delivery) -> str:
    """Draw the deployments of each period as bars, the failed ones on top in another colour."""
    span = found.until - found.since
    days = max(7, -(-span.days // MOST_BARS))
    count = max(1, -(-span // timedelta(days=days)))
    good, bad = [0] * count, [0] * count
    for one, why in found.deployments:
        place = (one.served - found.since) // timedelta(days=days)
        (bad if why else good)[place] += 1
    most = max(1, *(sum(pair) for pair in zip(good, bad, strict=True)))
    unit, step = (BASE - 20) / most, (WIDTH - LEFT - 10) / count
    shapes = [
        f'<rect class="{kind}" x="{LEFT + at * step:.1f}" y="{BASE - unit * top:.1f}" '
        f'width="{max(step - 2, 1):.1f}" height="{unit * number:.1f}"/>'
        for at in range(count)
        for kind, number, top in (
            ("ok", good[at], good[at]),
            ("fault", bad[at], good[at] + bad[at]),
        )
        if number
    ]
    texts = [
        f'<text x="{LEFT - 6}" y="{BASE - unit * most + 4:.0f}" text-anchor="end">{most}</text>',
        f'<text x="{LEFT - 6}" y="{BASE + 4}" text-anchor="end">0</text>',
        f'<text x="{LEFT}" y="{HEIGHT - 8}">{found.since:%Y-%m-%d}</text>',
        f'<text x="{WIDTH - 10}" y="{HEIGHT - 8}" text-anchor="end">{found.until:%Y-%m-%d}</text>',
    ]
    title = f"<title>Deployments in each {days} days, failed ones on top</title>"
    axis = f'<path class="axis" d="M{LEFT} {BASE}H{WIDTH - 10}"/>'
    opened = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
    return "\n".join([opened, title, *shapes, axis, *texts, "</svg>"])


def rows(found: Delivery) -> list[str]:
    """Render the deployments, the newest first."""
    return [
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
        for one, why in reversed(found.deployments)
        for cells in [
            (
                f"{one.served:%Y-%m-%d %H:%M}", one.version.name, one.by, str(len(one.commits)),
                ", ".join(sorted(one.changed)), why or "-",
            )
        ]
    ]  # fmt: skip
