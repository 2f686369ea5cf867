"""Decides and settles: asks the rules by scope, allocates credits, and knows no rule itself."""
