"""Pictures as SVG, in the colours of the page that they stand in."""

from collections.abc import Collection
from html import escape

from ..models.metrics import ERRORS

WIDTH, LEFT, RIGHT, STEP = 860, 210, 60, 22
HEIGHT, MARGIN = 220, 26
LIMITS_SHOWN = 4  # how many times the limit fits into the picture


def bars(values: dict[str, float], limit: float, bad: Collection[str]) -> str:
    """Draw a bar for each value, the longest first, the bad ones red; "" without any.

    Args:
        values: name to value, at least 0.
        limit: where a line is drawn, above 0.
        bad: names of the bad ones.
    """
    if not values:
        return ""
    unit = (WIDTH - LEFT - RIGHT) / (LIMITS_SHOWN * limit)
    names = sorted(values, key=values.__getitem__, reverse=True)
    drawn = "\n".join(bar(n, values[n], n in bad, unit, place) for place, n in enumerate(names))
    at, bottom = LEFT + limit * unit, STEP * len(names) + 6
    line = f'<line class="limit" x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="{bottom}"/>'
    return framed(f"{line}\n{drawn}", bottom, "Population stability index of each column")


def bar(name: str, value: float, bad: bool, unit: float, place: int) -> str:
    """Draw one bar with its name and value; one that is too long is cut."""
    top, room = place * STEP, WIDTH - LEFT - RIGHT
    length = min(value * unit, room)
    kind, cut = ("bad" if bad else "fine"), ("» " if value * unit > room else "")
    return (
        f'<text x="{LEFT - 10}" y="{top + 17}" text-anchor="end">{escape(name)}</text>'
        f'<rect class="{kind}" x="{LEFT}" y="{top + 5}" width="{length:.1f}" height="14" rx="2"/>'
        f'<text x="{LEFT + length + 6:.1f}" y="{top + 17}">{cut}{value:.2f}</text>'
    )


def curve(name: str, points: list[tuple[str, float]], then: float, fall: float) -> str:
    """Draw a metric from day to day, what it was on the test rows, and how far it may fall.

    Args:
        name: of the metric.
        points: day and value, at least one, in order.
        then: the value on the test rows.
        fall: by how much it may be worse.
    """
    limit = then + fall if name in ERRORS else then - fall
    values = [value for _, value in points]
    low, high = min(*values, limit, then), max(*values, limit, then)
    height = [y(value, low, high) for value in (*values, then, limit)]
    step = (WIDTH - 2 * RIGHT) / max(1, len(points) - 1)
    places = [(RIGHT + step * n, height[n]) for n in range(len(points))]
    path = " ".join(f"{x:.1f},{at:.1f}" for x, at in places)
    dots = "".join(map(dot, places, points))
    lines = level("then", height[-2], then) + level("limit", height[-1], limit)
    days = text(RIGHT, HEIGHT - 4, points[0][0], "start")
    days += text(WIDTH - RIGHT, HEIGHT - 4, points[-1][0], "end")
    shown = f'{lines}<polyline class="curve" points="{path}"/>{dots}{days}'
    return framed(text(RIGHT, 14, name, "start") + shown, HEIGHT, f"{name} from day to day")


def dot(place: tuple[float, float], point: tuple[str, float]) -> str:
    """Draw a point, which tells its day and value to whoever asks."""
    about = f"<title>{escape(point[0])}: {point[1]:.3f}</title>"
    return f'<circle class="fine" cx="{place[0]:.1f}" cy="{place[1]:.1f}" r="4">{about}</circle>'


def y(value: float, low: float, high: float) -> float:
    """Give a value's height in the picture."""
    share = (value - low) / (high - low or 1)
    return HEIGHT - MARGIN - 8 - share * (HEIGHT - 2 * MARGIN - 16)


def level(kind: str, at: float, value: float) -> str:
    """Draw a line through the whole picture, with its value."""
    line = f'<line class="{kind}" x1="{RIGHT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
    return line + text(WIDTH - RIGHT + 6, at + 4, f"{value:.3g}", "start")


def text(x: float, at: float, words: str, anchor: str) -> str:
    """Write words."""
    return f'<text x="{x:.1f}" y="{at:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def framed(content: str, height: int, title: str) -> str:
    """Make a picture of its parts."""
    label = escape(title)
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">{content}</svg>'
