"""The pages, their examples and the site."""
