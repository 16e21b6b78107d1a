"""Tells which definitions are one struct or one function with numbers as arguments."""
