"""From a moving picture to small upright frames with exact times."""
