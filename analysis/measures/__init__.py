"""What a number means and how sure it is."""
