"""Takes many architectures through the whole of PyCandle, and says what became of each."""
