"""``scanner policy``: the policies there are, what one says, and what is wrong with one."""

from __future__ import annotations

import click

from scanner.cli.policy_page import policy_page
from scanner.judge.policy import load_packaged, packaged_policies
from scanner.judge.policy.mistakes import WrongPolicy
from scanner.judge.policy.schema import schema_text
from scanner.judge.policy.writing import policy_toml
from scanner.model.errors import CatalogueError
from scanner.model.text import shown
from scanner.pipeline.policies import find_policy


@click.group(name="policy", short_help="Look at policies and check your own.")
def policy_group() -> None:
    """Look at policies: what each rule's findings weigh, by zone, and who can allow them.

    A policy is a file (TOML) of your own or one of those shipped. Your own says only what differs:

    \b
      name = "my-show"
      extends = "netflix-genai-2025"
      approved_tools = ["Adobe Firefly"]
    """  # noqa: D301 - click takes \b for a block that is not wrapped


@policy_group.command(name="list", short_help="List the policies that are shipped.")
def list_command() -> int:
    """List the policies that are shipped: name, date of the document, document."""
    policies = [load_packaged(name) for name in packaged_policies()]
    widest = max(len(policy.name) for policy in policies)
    for policy in policies:
        click.echo(f"{policy.name:<{widest}}  {policy.date:<10}  {policy.document}")
    click.echo("\nAll are our reading; no client issued them. `scanner policy show NAME` says what one says.")
    return 0


@policy_group.command(name="show", short_help="Show a policy with all that it extends.")
@click.argument("wanted", metavar="NAME | FILE")
@click.option("--toml", "as_toml", is_flag=True, help="As one complete policy file (TOML).")
def show_command(wanted: str, as_toml: bool) -> int:
    """Show a policy with all that it extends: rules by zone, principles, approvals, lists."""
    policy = find_policy(wanted)
    click.echo(policy_toml(policy) if as_toml else policy_page(policy), nl=False)
    return 0


@policy_group.command(name="check", short_help="Check a policy file; tells every mistake.")
@click.argument("wanted", metavar="FILE | NAME")
def check_command(wanted: str) -> int:
    """Check a policy file: 0, or every mistake on a line of its own and exit code 2."""
    try:
        policy = find_policy(wanted)
    except WrongPolicy as error:
        for mistake in error.mistakes:
            click.echo(shown(str(mistake)))
        count = len(error.mistakes)
        click.echo(f"{shown(wanted)}: {count} {'mistake' if count == 1 else 'mistakes'}")
        return CatalogueError.exit_code
    parents = f", extends {', '.join(shown(name) for name in policy.extends)}" if policy.extends else ""
    click.echo(f"{shown(wanted)}: no mistake. Policy {shown(policy.name)}{parents}; sha256 {policy.sha256[:12]}")
    return 0


@policy_group.command(name="schema", short_help="Print the JSON Schema of policy files.")
def schema_command() -> int:
    """Print the JSON Schema of policy files, for an editor that checks TOML while you write."""
    click.echo(schema_text(), nl=False)
    return 0
