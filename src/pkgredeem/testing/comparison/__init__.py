"""Two policies side by side, one under review, and an old function in the shadow of one."""
