"""What each address answers: plain functions from a `Call` to a response, run in a thread."""
