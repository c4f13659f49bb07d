"""What other tools and data sets look like, each read into the same answers."""
