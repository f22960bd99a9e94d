"""Cut files read as events of the programme, and histories of sealed hashes."""
