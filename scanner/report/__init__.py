"""From a scan to its reports. Pure: bytes and text out, thumbnails passed in."""
