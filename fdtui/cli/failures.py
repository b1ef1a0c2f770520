"""The outermost border: what goes wrong becomes a sentence and an exit code."""

from __future__ import annotations

import os
from collections.abc import Callable

from fdtui.cli import output
from fdtui.cli.exit_codes import ExitCode, exit_code_of
from fdtui.core.errors import FdtuiError


def exit_code_after(run: Callable[[], object]) -> int:
    """The exit code of the program once ``run`` has ended, well or not."""
    output.log_safely()
    try:
        code = run()
    except FdtuiError as error:
        output.report_error(error)
        code = exit_code_of(error)
    except (KeyboardInterrupt, EOFError):  # at a question; what follows begins on a line of its own
        output.notify("")
        code = ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the outermost border
        if isinstance(error, MemoryError) or "can't start new thread" in str(error):
            output.notify("fdtui: There is not enough memory to run in.")
            output.notify("       `ulimit -v` says how much this shell allows; the board needs 400000.")
            return ExitCode.FAILED
        output.notify(f"fdtui: internal error: {type(error).__name__}.")
        output.notify("       Please report it, with what you did. FDTUI_DEBUG=1 shows where it was.")
        if os.environ.get("FDTUI_DEBUG"):
            import traceback

            output.notify("".join(traceback.format_exception(error)))
        code = ExitCode.FAILED
    return code if isinstance(code, int) else ExitCode.DONE
