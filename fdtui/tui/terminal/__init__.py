"""The terminal: what is read from it and written to it. Only here are private parts of Textual used."""
