"""Images of any kind become something that a terminal draws, or a sentence."""

import base64
import io
import re

import pytest

from fdtui.tui.terminal.encode import MAX_DRAWN, Shown, show
from fdtui.tui.terminal.graphics import Canvas, Way
from fdtui.tui.toolkit.cells import line_width

Image = pytest.importorskip("PIL.Image")
RED = (255, 0, 0)


def encoded(size: tuple[int, int], kind: str = "PNG", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, RED).save(out, kind, **more)
    return out.getvalue()


def sentence(shown: Shown) -> str:
    assert shown.picture is None
    return "".join(text for text, _ in shown.lines[0])


def kitty_image(sequence: str) -> tuple[str, "Image.Image"]:
    """The control data of a kitty sequence, and the picture in it."""
    found = re.fullmatch(r"(?:\x1b_G[^;]*;[A-Za-z0-9+/=]*\x1b\\)+", sequence)
    assert found, "nothing but whole messages"
    pieces = re.findall(r"\x1b_G([^;]*);([^\x1b]*)", sequence)
    assert all(len(data) <= 4096 for _, data in pieces)
    assert [more.endswith("m=1") for more, _ in pieces] == [True] * (len(pieces) - 1) + [False]
    data = base64.b64decode("".join(data for _, data in pieces))
    return pieces[0][0], Image.open(io.BytesIO(data))


def test_blocks_are_two_pixels_a_cell() -> None:
    shown = show(encoded((4, 6)), 4, 3, Canvas(Way.BLOCKS))
    assert shown.lines == ((("▀", "=#f80000@=#f80000"),) * 4,) * 3


@pytest.mark.parametrize("size", [(1, 1), (3000, 10), (10, 3000), (801, 601), (7, 5)])
@pytest.mark.parametrize("room", [(1, 1), (76, 17), (196, 53)])
@pytest.mark.parametrize("way", Way)
def test_no_picture_is_larger_than_its_room(
    size: tuple[int, int], room: tuple[int, int], way: Way
) -> None:
    cell = 9, 18
    shown = show(encoded(size), *room, Canvas(way, cell))
    if shown.picture is None:
        assert 1 <= len(shown.lines) <= room[1]
        assert all(line_width(line) <= room[0] for line in shown.lines)
        return
    columns, rows = shown.picture.columns, shown.picture.rows
    assert 1 <= columns <= room[0]
    assert 1 <= rows <= room[1]
    if way is Way.SIXEL:
        raster = re.search(r'"1;1;(\d+);(\d+)', shown.picture.draw)
        assert raster
        assert int(raster[1]) <= columns * cell[0]
        assert int(raster[2]) <= rows * cell[1]


def test_kitty_gets_a_png_and_can_forget_it() -> None:
    picture = show(encoded((2000, 1500)), 100, 40, Canvas(Way.KITTY)).picture
    assert picture is not None
    control, image = kitty_image(picture.draw)
    keys = dict(pair.split("=") for pair in control.split(","))
    assert (keys["a"], keys["f"], keys["q"], keys["C"]) == ("T", "100", "2", "1")
    assert (keys["c"], keys["r"]) == (str(picture.columns), str(picture.rows))
    assert picture.erase == f"\x1b_Ga=d,d=I,i={keys['i']},q=2\x1b\\"
    assert image.width * image.height <= MAX_DRAWN
    assert image.convert("RGB").getpixel((9, 9)) == RED


def test_iterm_gets_a_file_in_line() -> None:
    picture = show(encoded((200, 100)), 20, 40, Canvas(Way.ITERM)).picture
    assert picture is not None
    found = re.fullmatch(r"\x1b\]1337;File=([^:]*):([A-Za-z0-9+/=]+)\x07", picture.draw)
    assert found
    assert "inline=1;width=20;height=5" in found[1]
    assert Image.open(io.BytesIO(base64.b64decode(found[2]))).size == (200, 100)


def test_sixel_uses_no_more_colours_than_there_are() -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    for colours in (16, 256):
        picture = show(out.getvalue(), 60, 20, Canvas(Way.SIXEL, (9, 18), colours)).picture
        assert picture is not None
        assert min(colours, 128) / 2 <= len(set(re.findall(r"#(\d+)", picture.draw))) <= colours


def test_a_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    shown = show(encoded((40, 20), "JPEG", exif=exif), 80, 80, Canvas(Way.ITERM, (1, 1)))
    assert shown.picture is not None
    assert (shown.picture.columns, shown.picture.rows) == (40, 80)


def test_what_shines_through_is_grey() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (2, 2), (0, 0, 0, 0)).save(out, "PNG")
    assert show(out.getvalue(), 2, 1, Canvas()).lines == ((("▀", "=#606060@=#606060"),) * 2,)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP"])
def test_the_usual_kinds_are_drawn(kind: str) -> None:
    assert show(encoded((30, 20), kind), 40, 20, Canvas(Way.KITTY)).picture is not None


@pytest.mark.parametrize("kind", ["PPM", "PCX", "ICO"])
def test_a_kind_that_is_seldom_seen_is_not_even_tried(kind: str) -> None:
    assert "not known here" in sentence(show(encoded((30, 20), kind), 40, 20, Canvas()))


@pytest.mark.parametrize("way", Way)
def test_every_cut_of_a_picture_is_a_picture_or_a_sentence(way: Way) -> None:
    for kind in ("PNG", "JPEG", "GIF", "WEBP", "TIFF"):
        data = encoded((30, 20), kind)
        for length in range(0, len(data), 7):
            shown = show(data[:length], 20, 10, Canvas(way))
            assert shown.picture is not None or shown.lines


def test_a_bomb_is_told_and_not_opened() -> None:
    data = bytearray(encoded((20, 20), "GIF"))
    data[6:10] = b"\xff\xff\xff\xff"  # 65,535 × 65,535, it says
    assert sentence(show(bytes(data), 20, 10, Canvas())).endswith("it has too many pixels.")
