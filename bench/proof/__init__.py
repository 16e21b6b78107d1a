"""The proof that numbers follow settings: code of one configuration, run as two others."""
