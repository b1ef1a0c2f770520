"""One frame in flight: a slow link shows the newest picture, not all of them."""

import fcntl
import signal
import struct
import termios
from collections.abc import Callable

from tests.pty.conftest import wait_until
from tests.pty.test_terminal import stopped
from tests.terminal import Program

QUERY = b"\x1b[5n"
CURSOR = "▌"


def at(program: Program) -> int:
    """The line on which the cursor's card begins."""
    return next(y for y, line in enumerate(program.vt.lines) if CURSOR in line)


def demo(start: Callable[..., Program], **environ: str) -> Program:
    program = start("demo", **environ)
    program.wait_for("● live")
    program.settle()
    return program


def test_while_a_frame_is_on_its_way_no_other_is_sent(start: Callable[..., Program]) -> None:
    program = demo(start)
    before, asked = at(program), program.output.count(QUERY)
    program.vt.is_late = True
    for _ in range(4):
        program.press("j")
        program.settle(0.1)
    one = at(program)
    assert one > before, "the first key is shown at once"
    assert program.output.count(QUERY) == asked + 1
    program.vt.answer()
    wait_until(lambda: at(program) > one, program)
    program.settle(0.1)
    assert at(program) - before == 4 * (one - before), "only the newest difference"
    assert program.output.count(QUERY) == asked + 2


def test_a_terminal_that_stops_answering_is_not_waited_for_long(start: Callable[..., Program]) -> None:
    program = demo(start)
    program.vt.is_late = True
    program.press("j")
    program.settle(0.1)
    one = at(program)
    program.press("j")
    wait_until(lambda: at(program) > one, program)


def test_a_terminal_that_never_answers_is_never_waited_for(start: Callable[..., Program]) -> None:
    program = start("demo")
    program.vt.is_late = True
    program.wait_for("● live")
    program.settle()
    for _ in range(4):
        before, taken = at(program), len(program.output)
        program.press("j")
        wait_until(lambda before=before: at(program) > before, program, 1.5)  # type: ignore[misc]
        assert len(program.output) > taken
    assert program.output.count(QUERY) <= 3


def test_an_answer_on_its_way_is_not_typed_into_the_shell(start: Callable[..., Program]) -> None:
    program = demo(start)
    program.vt.is_late = True
    program.press("j")
    program.settle(0.1)
    program.press("q")
    program.settle(0.1)
    assert program.vt.late
    program.vt.answer()
    assert program.wait_end() == 0
    assert left_to_read(program) == 0


def test_nor_while_the_program_is_stopped(start: Callable[..., Program]) -> None:
    program = demo(start)
    program.vt.is_late = True
    program.press("j")
    program.settle(0.1)
    program.press("ctrl+z")
    program.settle(0.1)
    program.vt.answer()
    wait_until(lambda: stopped(program), program)
    assert left_to_read(program) == 0
    program.vt.is_late = False
    program.signal(signal.SIGCONT)
    program.wait_for("▌ Northwind")
    program.settle()
    program.press("j")
    program.wait_gone("▌ Northwind")


def left_to_read(program: Program) -> int:
    """Bytes that the next program on this terminal would read."""
    attributes = termios.tcgetattr(program._slave)
    attributes[3] &= ~termios.ICANON
    termios.tcsetattr(program._slave, termios.TCSANOW, attributes)
    found: int = struct.unpack("i", fcntl.ioctl(program._slave, termios.FIONREAD, bytes(4)))[0]
    return found


def test_what_a_slow_link_has_to_carry(start: Callable[..., Program]) -> None:
    program = demo(start)
    assert len(program.output) <= 9_000, "until the board stands"
    taken = list[int]()
    for key in "jjkk":
        before = len(program.output)
        program.press(key)
        program.settle(0.1)
        taken.append(len(program.output) - before)
    assert all(0 < each <= 350 for each in taken)


def test_a_pane_goes_in_one_frame(start: Callable[..., Program]) -> None:
    program = demo(start)
    program.press("enter")
    program.wait_for("Contract Value")
    program.settle()
    before = len(program.output)
    program.press("escape")
    program.settle()
    assert "Contract Value" not in program.screen
    assert program.output[before:].count(b"\x1b[?2026h") == 1, "the columns take its room at once"


def test_ctrl_l_draws_what_something_else_wrote_over(start: Callable[..., Program]) -> None:
    program = demo(start)
    wanted, taken = program.screen, len(program.output)
    program.vt.feed(b"\x1b[H\x1b[Jwall: the printer is on fire")
    assert program.screen != wanted
    program.press("r")
    program.settle()
    assert len(program.output) - taken < 1_000, "what is on the screen is not sent again"
    for over, sign in (("", ""), ("/", "esc drop"), ("?", "▾ more"), ("m", "Move .* to")):
        program.press(*over)  # also with something over it, and where one types
        program.wait_for(sign)
        program.settle(0.3)
        shown = program.screen
        program.vt.feed(b"\x1b[H\x1b[Jwall: the printer is on fire")
        program.press("ctrl+l")
        program.wait_gone("on fire")
        program.wait_for("● live")
        program.settle(0.3)
        assert not over or program.screen == shown
        program.press("escape")
        program.settle(0.3)
