"""From bytes to a format; the extension is only a hint to disagree with."""
