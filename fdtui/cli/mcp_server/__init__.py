"""The tools of ``fdtui mcp``: a module for each noun; only `serving` knows the protocol."""
