"""Recovers modules, functions, loops and options from a flat graph. Prints nothing."""
