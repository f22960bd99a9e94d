"""Policies: what each observation weighs, as TOML. Checked whole when loaded, so that no file is read under a broken one.

A policy file says only what differs from the one it ``extends``. `sources` finds the bytes, `reading` checks one file,
`chain` follows what it extends, `resolving` makes of them one `Policy`, and `loading` is the door.
"""

from scanner.judge.policy.loading import load_packaged, load_policy
from scanner.judge.policy.sources import packaged_policies
from scanner.judge.policy.value import Policy, Principle

__all__ = ["Policy", "Principle", "load_packaged", "load_policy", "packaged_policies"]
