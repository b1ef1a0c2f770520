"""The nouns and rules of the program: pure, standard library only, no clock, no I/O."""
