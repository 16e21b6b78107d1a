"""Counts the lines of generated models against those of candle-transformers."""
