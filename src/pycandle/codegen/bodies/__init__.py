"""Prints the fields, constructors and bodies of structs and functions."""
