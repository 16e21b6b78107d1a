"""`Config`: which numbers follow from settings, and how settings are read."""
