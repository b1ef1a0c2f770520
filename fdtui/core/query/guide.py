"""The filter language by examples: for the help, the documentation, and whoever asks what it can do."""

from __future__ import annotations

from fdtui.core.frozen import frozen


@frozen
class Example:
    """A query, and which cards it shows."""

    query: str
    words: str


GUIDE: tuple[Example, ...] = (
    Example("acme corp", "Both words, in any field, whatever the case and the accents."),
    Example('"acme corp"', "Exactly this text. In quotes, no word or sign has another meaning."),
    Example("severity:critical", "The field has this value; one of several values has it among them."),
    Example("severity:critical,high", "One of these values."),
    Example("-severity:low", "Not this; - stands before anything, a group in brackets too."),
    Example("title~invoice", "This field contains this text."),
    Example("value>=10000", "Numbers, dates and texts compare with < <= > >= and != (is not)."),
    Example("close<+3d", "Before 3 days from now; also today, tomorrow, fri, 31 jan, -1w, 2030-01-31."),
    Example("assignee:ada", "By any part of the name, or by e-mail; me is you."),
    Example("assignee:none", "Has no value; any is some value."),
    Example('stage:"In Review"', "A value, or a field, of several words stands in quotes."),
    Example("id:42", "The unique id."),
    Example("me", "Assigned to you."),
    Example("late", "Past the deadline and not done; today is due today, <+3d due within 3 days."),
    Example("changed", "Others changed it while you were away, or since you looked."),
    Example("me or late", "One of the two holds; without or, all parts must hold."),
    Example("(me or assignee:none) late", "Brackets group."),
)
"""In the order in which one learns it."""

NAMES = (
    "A field is named by its name, whatever the case, or by a word of it that no other field has:"
    " “close” for “Expected Close Date”. Any other word is searched for."
)
"""How fields are named."""
