"""What is said while something that went wrong still has to be read."""

from textual.app import App, ComposeResult

from fdtui.sync.gateway import Gateway
from fdtui.sync.session import Notice, Session, SessionOptions
from fdtui.tui.board.message import MessageLine
from fdtui.tui.preferences import UNICODE
from fdtui.tui.toolkit.theme import textual_themes, theme_name


class Alone(App[None]):
    def __init__(self) -> None:
        super().__init__()
        for theme in textual_themes():
            self.register_theme(theme)
        self.theme = theme_name("dark")

    def compose(self) -> ComposeResult:
        yield MessageLine(UNICODE)


async def test_good_news_waits_until_bad_news_is_read() -> None:
    app = Alone()
    async with app.run_test() as pilot:
        line = app.query_one(MessageLine)
        line.show_notice("The disk is full.", "warning")
        line.show_notice("One draft waits.")
        assert "full" in line.text
        line.clear()  # a key
        assert "draft" in line.text
        line.clear()
        assert "draft" not in line.text
        await pilot.pause()


async def test_worse_news_does_not_wait() -> None:
    app = Alone()
    async with app.run_test():
        line = app.query_one(MessageLine)
        line.show_notice("The disk is full.", "warning")
        line.show_notice("It was refused.", "error")
        assert "refused" in line.text
        line.clear()
        line.show_notice("Copied.")
        assert "Copied" in line.text


def test_what_is_said_before_anybody_listens_is_said_then() -> None:
    async def connect() -> Gateway:
        raise AssertionError

    session, said = Session(connect, SessionOptions(), clock=lambda: 0.0), list[Notice]()
    early = Notice("The disk is full.", "warning")
    session.on_notice(early)
    session.on_notice = said.append
    session.on_notice = said.append
    assert said == [early]
