"""One file a command: parse, call, choose the exit code."""
