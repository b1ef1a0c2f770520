"""An image made ready for a terminal: as half blocks, or with the terminal's own protocol.

Whatever the file holds, the terminal gets only what was decoded and encoded again here. Needs the
extra ``images`` (Pillow, and textual-image for sixel).
"""

from __future__ import annotations

import base64
import io
import itertools
import secrets
import warnings
from typing import TYPE_CHECKING

from fdtui.core.errors import FdtuiError
from fdtui.core.frozen import frozen
from fdtui.tui.terminal.graphics import Canvas, Way
from fdtui.tui.terminal.images import Picture
from fdtui.tui.toolkit.cells import Line

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")
MAX_PIXELS = 25_000_000
"""Pixels of an image that is decoded whole; of a JPEG a smaller version can be, so it may have more."""
MAX_JPEG_PIXELS = 120_000_000
MAX_DRAWN = 640_000
"""Pixels that are sent: some hundred kilobytes."""
MAX_ENLARGEMENT = 4.0
"""How much a small image may grow."""
DITHERED_BELOW = 64
"""Colours below which they are mixed of dots; with more, dots would only make it longer."""
_CHUNK = 4096
_GREY = (96, 96, 96)
"""What shines through: dark signs and light ones can be seen on it."""
_ids = itertools.count(secrets.randbelow(2**30) + 1)
"""Of pictures in a terminal that other programs draw in, too."""


@frozen
class Shown:
    """A picture, or the lines that stand for it."""

    lines: tuple[Line, ...] = ()
    picture: Picture | None = None


def show(data: bytes, columns: int, rows: int, canvas: Canvas) -> Shown:
    """The image in at most this many cells; a sentence instead where it cannot be drawn."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # sizes are looked at here
            return _shown(data, max(1, columns), max(1, rows), canvas)
    except ImportError:
        why = "Pictures are drawn where the extra is installed: fdtui[images]"
        return Shown((((why, "italic dim"),),))
    except _NotDrawnError as error:
        return Shown((((f"The picture cannot be drawn: {error}", "italic dim"),),))


class _NotDrawnError(FdtuiError):
    """Why not."""


def _shown(data: bytes, columns: int, rows: int, canvas: Canvas) -> Shown:
    if canvas.way is Way.BLOCKS:
        return Shown(_blocks(_scaled(data, columns, rows * 2)))
    across, down = canvas.cell
    image = _scaled(data, columns * across, rows * down, most=MAX_DRAWN)
    if canvas.way is Way.SIXEL:
        image = image.crop((0, 0, image.width, max(6, image.height // 6 * 6)))
    cells = -(-image.width // across), min(rows, -(-image.height // down))
    if canvas.way is Way.SIXEL:
        return Shown(picture=Picture(*cells, _sixel(image, canvas.colours)))
    if canvas.way is Way.ITERM:
        return Shown(picture=Picture(*cells, _iterm(image, cells)))
    return Shown(picture=Picture(*cells, *_kitty(image, cells)))


def _scaled(data: bytes, width: int, height: int, most: int = 10**9) -> Image:
    """The image as RGB in at most this many pixels, the right side up."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - an extra

    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            limit = MAX_JPEG_PIXELS if image.format == "JPEG" else MAX_PIXELS
            if image.width * image.height > limit:
                raise _NotDrawnError("it has too many pixels.")
            image.draft("RGB", (width * 2, height * 2))
            turned = ImageOps.exif_transpose(image)
            scale = min(width / turned.width, height / turned.height, MAX_ENLARGEMENT)
            scale = min(scale, (most / (turned.width * turned.height)) ** 0.5)
            size = max(1, int(turned.width * scale)), max(1, int(turned.height * scale))
            small = turned.convert("RGBA").resize(size, reducing_gap=2.0)
    except (OSError, ValueError, SyntaxError, ArithmeticError, MemoryError, EOFError, LookupError):
        raise _NotDrawnError("it is broken, or of a kind that is not known here.") from None
    except Image.DecompressionBombError:
        raise _NotDrawnError("it has too many pixels.") from None
    ground = Image.new("RGBA", small.size, (*_GREY, 255))
    return Image.alpha_composite(ground, small).convert("RGB")


def _blocks(image: Image) -> tuple[Line, ...]:
    """Two pixels a cell, one above the other."""
    # Few enough colours that their styles can be kept.
    row, pixels = image.width * 3, bytes(part & 0xF8 for part in image.tobytes())
    if image.height % 2:
        pixels += bytes(part & 0xF8 for part in _GREY) * image.width

    def colour(at: int) -> str:
        return "=#" + pixels[at : at + 3].hex()

    return tuple(
        tuple(("▀", f"{colour(at)}@{colour(at + row)}") for at in range(top, top + row, 3))
        for top in range(0, len(pixels), row * 2)
    )


def _kitty(image: Image, cells: tuple[int, int]) -> tuple[str, str]:
    # A palette makes a third of it, which a preview does not show.
    text, number = _base64(image.quantize(256), "PNG"), next(_ids)
    pieces = [text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)]
    sequences = []
    for index, piece in enumerate(pieces):
        first = f"a=T,f=100,t=d,i={number},p=1,c={cells[0]},r={cells[1]},C=1,q=2,"
        more = int(index + 1 < len(pieces))
        sequences.append(f"\x1b_G{'' if index else first}m={more};{piece}\x1b\\")
    return "".join(sequences), f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\"


def _iterm(image: Image, cells: tuple[int, int]) -> str:
    text = _base64(image, "JPEG")
    what = f"inline=1;width={cells[0]};height={cells[1]};preserveAspectRatio=1;doNotMoveCursor=1"
    return f"\x1b]1337;File={what}:{text}\x07"


def _sixel(image: Image, colours: int) -> str:
    from PIL.Image import Dither  # noqa: PLC0415 - an extra
    from textual_image._sixel import SixelOptions, image_to_sixels  # noqa: PLC0415

    reduced = image.quantize(colours)
    if colours < DITHERED_BELOW:
        reduced = image.quantize(palette=reduced, dither=Dither.FLOYDSTEINBERG)
    return image_to_sixels(reduced, SixelOptions(colors=colours))


def _base64(image: Image, kind: str) -> str:
    out = io.BytesIO()
    image.save(out, kind)
    return base64.b64encode(out.getvalue()).decode("ascii")
