"""From marks and matches to findings and verdicts.

`subject` says what a rule may see, `rules` what is seen, `policy` what that weighs, and `decide` what becomes of it.
"""
