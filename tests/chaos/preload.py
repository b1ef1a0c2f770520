"""What the process that forks lives has imported before."""

import fdtui.api.client
import fdtui.sync.files.transfers
import fdtui.sync.storage.transfer_table
import fdtui.wiring.sessions
import tests.chaos.lives

__all__ = ["fdtui", "tests"]
