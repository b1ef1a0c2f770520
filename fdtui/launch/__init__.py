"""The time before anything heavy is imported: the last frame of the board, painted at once."""
