"""The keys of a file on its way, in the pane at the bottom."""

from __future__ import annotations

from collections.abc import Mapping

from fdtui.core.safetext import quoted
from fdtui.core.transfer import Status, Transfer, TransferKind
from fdtui.tui.confirm import confirm
from fdtui.tui.focus import Handler
from fdtui.tui.host import Host
from fdtui.tui.terminal import clipboard


class TransferKeys:
    """What the keys of the pane do with a file that is on its way, or was."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def bindings(self, transfer: Transfer) -> Mapping[str, Handler]:
        """What can be done with ``transfer``: one on its way is cancelled, others are tried again."""
        keys: dict[str, Handler] = {
            "transfers.retry": lambda _: self._retry(transfer),
            "transfers.forget": lambda _: self._forget(transfer),
            "transfers.copy": lambda _: self._copy(transfer),
        }
        if not transfer.is_over:
            transfers = self._host.session.transfers
            keys["transfers.cancel"] = lambda _: transfers.cancel(transfer.ticket)
        return keys

    def _retry(self, transfer: Transfer) -> None:
        if transfer.is_over:
            self._host.session.transfers.retry(transfer.ticket)
        else:
            self._hint_at_cancel()

    def _forget(self, transfer: Transfer) -> None:
        if transfer.is_over:
            self._host.run(dismiss(self._host, transfer))
        else:
            self._hint_at_cancel()

    def _hint_at_cancel(self) -> None:
        key = self._host.key_of("transfers.cancel")
        self._host.notify("Still on its way." + (f" {key} cancels it." if key else ""))

    def _copy(self, transfer: Transfer) -> None:
        if transfer.status is Status.DONE and transfer.kind is TransferKind.DOWNLOAD:
            self._host.notify(*clipboard.copy(self._host.app, "The path", transfer.target))
        else:
            self._host.notify("No path to copy: only a saved file has one.", "warning")


async def dismiss(host: Host, transfer: Transfer) -> None:
    """Take an ended transfer out of sight; asks where it could still be gone on with."""
    is_harmless = not transfer.is_over or transfer.status in (Status.DONE, Status.CANCELLED)
    if is_harmless or await confirm(
        host,
        f"Forget this {transfer.kind.value}? It did not arrive, and can then not be tried again.",
        yes="Forget it",
        subject=(quoted(transfer.name),),
    ):
        host.session.transfers.dismiss(transfer.ticket)
