"""Small models, each with one thing that a compiler of traced graphs gets wrong."""
