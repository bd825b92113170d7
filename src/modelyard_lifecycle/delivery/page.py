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
    days = max(7, -(-(found.until - found.since).days // MOST_BARS))
    good, bad = by_period(found, timedelta(days=days))
    most = max(1, *(sum(pair) for pair in zip(good, bad, strict=True)))
    unit, step = (BASE - 20) / most, (WIDTH - LEFT - 10) / len(good)
    shapes = [
        f'<rect class="{kind}" x="{LEFT + at * step:.1f}" y="{BASE - unit * top:.1f}" '
        f'width="{max(step - 2, 1):.1f}" height="{unit * number:.1f}"/>'
        for at, (fine, failed) in enumerate(zip(good, bad, strict=True))
        for kind, number, top in (("ok", fine, fine), ("fault", failed, fine + failed))
        if number
    ]
    title = f"<title>Deployments in each {days} days, failed ones on top</title>"
    opened = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
    return "\n".join([opened, title, *shapes, *axis(found, most, BASE - unit * most), "</svg>"])


def by_period(found: Delivery, length: timedelta) -> tuple[list[int], list[int]]:
    """Return the number of deployments that held, and of those that failed, in each period."""
    count = max(1, -(-(found.until - found.since) // length))
    good, bad = [0] * count, [0] * count
    for one, why in found.deployments:
        (bad if why else good)[(one.served - found.since) // length] += 1
    return good, bad


def axis(found: Delivery, most: int, top: float) -> list[str]:
    """Draw the axes: dates, and the number at the height of the highest bar."""
    y, right, below = LEFT - 6, WIDTH - 10, HEIGHT - 8
    return [
        f'<path class="axis" d="M{LEFT} {BASE}H{right}"/>',
        f'<text x="{y}" y="{top + 4:.0f}" text-anchor="end">{most}</text>',
        f'<text x="{y}" y="{BASE + 4}" text-anchor="end">0</text>',
        f'<text x="{LEFT}" y="{below}">{found.since:%Y-%m-%d}</text>',
        f'<text x="{right}" y="{below}" text-anchor="end">{found.until:%Y-%m-%d}</text>',
    ]


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
