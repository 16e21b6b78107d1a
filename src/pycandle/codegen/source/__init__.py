"""Puts the types of a program together to files."""
