"""An image as half blocks, two pixels a cell; needs Pillow (the extra ``images``)."""

from __future__ import annotations

import io
import warnings

from fdtui.tui.cells import Line

MAX_PIXELS = 50_000_000
MAX_HEIGHT = 120
"""Pixels of height, that is twice the lines."""


def picture_lines(data: bytes, width: int) -> list[Line]:
    """The image in at most ``width`` cells; a sentence instead where it cannot be drawn."""
    try:
        from PIL import Image  # noqa: PLC0415 - an extra
    except ImportError:
        return [(("Pictures are drawn where the extra is installed: fdtui[images]", "italic dim"),)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                if image.width * image.height > MAX_PIXELS:
                    return _not_drawn("it has too many pixels")
                image.draft("RGB", (width * 2, MAX_HEIGHT * 2))
                scale = min(width / image.width, MAX_HEIGHT / image.height, 4.0)
                size = max(1, int(image.width * scale)), max(2, int(image.height * scale) // 2 * 2)
                small = image.convert("RGBA").resize(size)
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return _not_drawn("it is broken, or of a kind that is not known here")
    pixels = small.load()
    if pixels is None:
        return _not_drawn("it is empty")

    def colour(x: int, y: int) -> str:
        red, green, blue, alpha = pixels[x, y]  # type: ignore[misc]
        # Few enough colours that their styles can be kept; what shines through is a middle grey.
        mixed = (int(part * alpha / 255 + 96 * (1 - alpha / 255)) & 0xF8 for part in (red, green, blue))
        return "=#" + "".join(f"{part:02x}" for part in mixed)

    return [
        tuple(("▀", f"{colour(x, y)}@{colour(x, y + 1)}") for x in range(size[0]))
        for y in range(0, size[1], 2)
    ]


def _not_drawn(why: str) -> list[Line]:
    return [((f"The picture cannot be drawn: {why}.", "italic dim"),)]
