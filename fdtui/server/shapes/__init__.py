"""The workflow file as models: what a file may hold, every mistake of one, and its JSON Schema.

Loaded only where a file is applied or planned. The store reads its own checked JSON with
`fdtui.server.workflow.definition`, so that a start does not wait for pydantic.
"""
