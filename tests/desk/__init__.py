"""The two desks: what is redeemed, moved and ended, and what a race leaves behind."""
