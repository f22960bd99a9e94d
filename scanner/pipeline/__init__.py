"""What to do, in what order, and keep going."""
