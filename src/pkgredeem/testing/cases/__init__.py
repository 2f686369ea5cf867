"""Cases made up: from a seed, by hypothesis, and as small as they can be."""
