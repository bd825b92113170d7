"""The gate's picture: of each check the value as a bar and the limit as a mark, as SVG."""

from html import escape

from .check import Check, figure

STYLE = """
:root { color-scheme: light dark; --good: #1a7f37; --bad: #c62828; --mark: #111; --rule: #d0d0d0; }
@media (prefers-color-scheme: dark) {
  :root { --good: #4ac26b; --bad: #ff6b6b; --mark: #f2f2f2; --rule: #444; }
}
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
svg { width: 100%; height: auto; font: 13px system-ui, sans-serif; }
svg text { fill: currentColor; }
svg .good { fill: var(--good); } svg .bad { fill: var(--bad); }
svg .limit { stroke: var(--mark); stroke-width: 2; } svg .zero { stroke: var(--rule); }
table { border-collapse: collapse; width: 100%; margin-top: 1.5rem; }
td, th { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--rule); }
tr.bad td:first-child { color: var(--bad); font-weight: 600; }
tr.good td:first-child { color: var(--good); }
"""
WIDTH, NAMES, BARS, LINE = 920, 440, 280, 26


def picture(checks: list[Check]) -> str:
    """Draw all checks that were measured, each on a scale of its own."""
    shown = [check for check in checks if check.value is not None]
    height = LINE * (len(shown) + 1)
    drawn = "".join(bar(check, LINE * place) for place, check in enumerate(shown))
    legend = f'<text x="{NAMES}" y="{height - 6}">bar: measured; upright mark: asked</text>'
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="Each check: what was measured against what was asked">\n'
        f"{drawn}{legend}\n</svg>"
    )


def bar(check: Check, top: int) -> str:
    """Draw one check: name, bar from zero to the value, limit, and the value in figures."""
    value, limit = float(check.value or 0), float(check.limit or 0)
    low, high = min(0.0, value, limit), max(0.0, value, limit)
    scale = BARS / (high - low or 1.0)
    zero, end, mark = (NAMES + (number - low) * scale for number in (0.0, value, limit))
    colour = "good" if check.passed else "bad"
    sign = "✓" if check.passed else f"✗ asked {figure(check.limit)}"
    middle = top + LINE * 0.65
    return (
        f'<text x="0" y="{middle:.1f}">{escape(check.name)}</text>'
        f'<rect class="{colour}" x="{min(zero, end):.1f}" y="{top + 6}" '
        f'width="{max(1.0, abs(end - zero)):.1f}" height="{LINE - 12}"/>'
        f'<path class="zero" d="M{zero:.1f} {top + 2}v{LINE - 4}"/>'
        f'<path class="limit" d="M{mark:.1f} {top + 2}v{LINE - 4}"/>'
        f'<text x="{NAMES + BARS + 12}" y="{middle:.1f}">'
        f"{figure(check.value)} {sign}</text>\n"
    )
