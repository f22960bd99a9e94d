"""Where the work runs: worker processes of this machine."""
