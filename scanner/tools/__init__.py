"""The outside, with limits: processes, untrusted bytes, versions."""
