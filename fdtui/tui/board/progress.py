"""A line above the message while a bulk change runs: how far it is, and how to stop it."""

from __future__ import annotations

from fdtui.core.batch import Batch
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.line_view import LineView


class ProgressLine(LineView):
    """There only while something runs; it moves only when an answer arrives."""

    DEFAULT_CSS = """
    ProgressLine { display: none; }
    """

    def show(self, batch: Batch | None, glyphs: Glyphs, stop_key: str) -> None:
        """Draw the batch, or nothing."""
        running = batch is not None and not batch.is_over
        if self.display != running:
            self.display = running
        if batch is not None and running:
            from fdtui.tui.bulk.plan import progress_line  # noqa: PLC0415 (not for the first frame)

            width = self.size.width or self.app.size.width
            self.draw(progress_line(batch, width, glyphs, stop_key))
