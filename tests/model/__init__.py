"""Values and facts about them."""
