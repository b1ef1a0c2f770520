"""The parts of the documentation that are made of the code; ``python -m tests.docs`` writes them."""
