"""How values are edited: text, days, choices, and the user's own editor."""
