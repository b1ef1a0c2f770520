"""A complete Flowdash of our own: embedded in the program, or served to a team."""
