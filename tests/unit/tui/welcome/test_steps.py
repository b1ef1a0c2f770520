"""The steps of the welcome as layers: what can be done in each, and where it leads."""

from fdtui.tui.toolkit.line_editor import LineEditor
from fdtui.tui.welcome.screen import StepLayer
from fdtui.tui.welcome.steps import Menu, Option, StepForm


def menu(chosen: list[str]) -> Menu:
    return Menu("Title", "Intro", (Option("a", "A"), Option("b", "B")), chosen.append)


def test_a_menu_goes_round_and_chooses() -> None:
    chosen: list[str] = []
    keys = (it := menu(chosen)).bindings()
    keys["welcome.previous"](None)
    assert it.at == 1
    keys["welcome.choose"](None)
    keys["welcome.next"](None)
    keys["welcome.choose"](None)
    keys["welcome.choose-2"](None)
    assert chosen == ["b", "a", "b"]


def test_only_the_digits_of_the_options_are_bound() -> None:
    assert {"welcome.choose-2"} < set(menu([]).bindings())
    assert "welcome.choose-3" not in menu([]).bindings()


def test_a_form_asks_for_the_first_empty_line() -> None:
    done: list[str] = []
    form = StepForm(
        "Title",
        "Intro",
        (("Address", LineEditor("x")), ("Key", LineEditor())),
        lambda: done.append("done"),
    )
    form.bindings()["connect.try"](None)
    assert (form.at, done) == (1, [])
    form.bindings()["connect.try"](None)
    assert form.told[0] == "Key is needed."
    form.type("k", "k")
    form.bindings()["connect.try"](None)
    assert done == ["done"]


def test_the_first_step_can_be_quit_and_the_others_left() -> None:
    left: list[str] = []
    steps = [menu([])]
    layer = StepLayer(steps, lambda: left.append("left"))
    assert "welcome.back" not in layer.bindings()
    assert ("welcome.leave", "quit") in layer.footer()
    steps.append(menu([]))
    assert ("welcome.back", "back") in layer.footer()
    assert "welcome.leave" not in dict(layer.footer())
    layer.bindings()["welcome.back"](None)
    assert left == ["left"]
