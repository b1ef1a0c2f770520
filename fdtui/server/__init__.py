"""A complete Flowdash of our own: embedded in the program, or served to a team."""

EMBEDDED_URL = "http://localhost"
"""Where the embedded workspace says that it is; nothing listens there on its behalf."""
KEPT_SECONDS = 24 * 3600
"""How long the answer to a request is kept that came with an `Idempotency-Key`."""
