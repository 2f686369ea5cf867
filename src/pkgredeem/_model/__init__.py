"""The values, and facts about them: they check themselves, and they know no rule."""
