"""What the pages for people are made of."""
