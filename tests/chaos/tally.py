"""What came of many ends of the program."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.chaos.ledger import Verdict

_COUNTS = ("kills", "acts", "taken", "told", "lost", "doubled", "overwritten", "early", "stuck")


@dataclass
class Tally:
    """What came of it."""

    kills: int = 0
    acts: int = 0
    taken: int = 0
    told: int = 0
    ends: dict[str, int] = field(default_factory=dict)
    lost: int = 0
    doubled: int = 0
    overwritten: int = 0
    early: int = 0
    """Acts on tasks whose creation waited for the network."""
    stuck: int = 0
    """Times that something still waited though the network was well."""
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether the promise was kept."""
        return not self.problems

    def add(self, verdict: Verdict) -> None:
        """Count what is wrong."""
        self.lost += len(verdict.lost)
        self.doubled += len(verdict.doubled)
        self.overwritten += len(verdict.overwritten)
        self.told += verdict.told
        self.problems += verdict.problems

    def take(self, other: Tally) -> None:
        """Add what came of another part of it."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for how, count in other.ends.items():
            self.ends[how] = self.ends.get(how, 0) + count
        self.problems += other.problems

    def __str__(self) -> str:
        ends = ", ".join(f"{how} {count}" for how, count in sorted(self.ends.items()))
        return (
            f"{self.lost} lost, {self.doubled} doubled, {self.overwritten} overwritten, "
            f"{self.stuck} stuck\nof {self.taken} acts that the board showed as taken "
            f"({self.acts} done, {self.early} on tasks that waited for their creation, "
            f"{self.told} of which it says that they are not on the server)\n"
            f"in {self.kills} ends ({ends}), {self.seconds:.0f} s"
        )
