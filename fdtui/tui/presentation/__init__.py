"""Values to lines: how tasks, details, runs and files read on the screen. Pure, and without Textual."""
