"""The second implementation, and the corpus of answers."""
