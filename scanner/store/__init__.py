"""What is kept on disk: the reference library."""
