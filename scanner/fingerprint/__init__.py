"""From a picture to hash bits and their quality."""
