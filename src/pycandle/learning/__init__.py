"""From recordings of several configurations to formulas for the numbers of a program."""
