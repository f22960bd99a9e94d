"""The page where people look, compare and decide."""
