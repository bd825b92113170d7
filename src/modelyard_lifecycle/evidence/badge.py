"""The badge of a score, an SVG for a README."""

from html import escape

from .score import Score

LEFT = "ML Test Score"
WIDTH_PX = 6.6  # of a letter
COLOURS = ((5, "#1b7340"), (3, "#2a7d46"), (2, "#6b6b00"), (1, "#8a5a00"), (-1, "#a3281f"))
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{label}">
<title>{label}</title>
<rect width="{width}" height="20" rx="3" fill="#444"/>
<rect x="{left}" width="{right}" height="20" rx="3" fill="{colour}"/>
<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,sans-serif" font-size="11">
<text x="{middle_left}" y="14">{first}</text>
<text x="{middle_right}" y="14">{second}</text>
</g>
</svg>
"""


def badge(score: Score) -> str:
    """Return the badge: the score, how much of it is automated, and about which problem it is."""
    second = f"{score.final:g} of 7, automated {min(score.automated.values())}"
    second += ", example" if score.is_example else ""
    left, right = (round(len(text) * WIDTH_PX + 12) for text in (LEFT, second))
    return SVG.format(
        width=left + right, left=left, right=right, middle_left=left / 2,
        middle_right=left + right / 2, first=LEFT, second=escape(second),
        label=escape(f"{LEFT}: {second}"),
        colour=next(colour for least, colour in COLOURS if score.final > least),
    )  # fmt: skip
