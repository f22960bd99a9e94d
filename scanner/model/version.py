"""The version of this package, in the one place that every layer may read."""

VERSION = "0.1.0"
