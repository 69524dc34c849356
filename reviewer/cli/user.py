"""``reviewer user …``: who may sign in, and as what.

Invariant: a password is asked for on the terminal or read from standard input, never taken as an
argument: arguments are seen by everybody on the machine.
"""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.usage import PlainCommand, text_given

if TYPE_CHECKING:
    from reviewer.review.permission import Grant
    from reviewer.store.accounts import Accounts
    from reviewer.store.entries import Entries

app = typer.Typer(help="Accounts, roles and tokens.", no_args_is_help=True)

Name = Annotated[
    str,
    typer.Argument(parser=text_given, metavar="NAME", help="What the person signs in with."),
]
Roles = Annotated[
    list[str],
    typer.Option(
        "--role",
        parser=text_given,
        metavar="ROLE",
        help="evaluator, issuer, trainer, trainee, adjudicator or administrator; with "
        ":CREDENTIAL for that credential alone. Can be given several times.",
    ),
]
RoleName = Annotated[
    str, typer.Argument(parser=text_given, metavar="ROLE", help="A role, or ROLE:CREDENTIAL.")
]


def _opened() -> tuple["Accounts", "Entries"]:
    from reviewer.settings import load_settings
    from reviewer.wiring import open_records

    records = open_records(load_settings())
    return records.accounts, records.entries


def _grant(text: str) -> "Grant":
    from reviewer.errors import AccountError
    from reviewer.review.permission import EVERY, Grant, Role

    role, _, credential = text.partition(":")
    if role not in set(Role):
        raise AccountError(f"{role!r} is no role; there are {', '.join(Role)}.")
    return Grant(Role(role), credential or EVERY)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    return asked


@app.command(cls=PlainCommand)
def add(name: Name, role: Roles) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    grants = [_grant(one) for one in role]
    accounts, _ = _opened()
    accounts.add(name, _password(), grants)
    typer.echo(f"{name} may sign in now as {', '.join(role)}.")


@app.command("list")
def list_() -> None:
    """List everybody with their roles."""
    for one in _opened()[0].all():
        roles = ", ".join(
            grant.role if grant.credential == "*" else f"{grant.role}:{grant.credential}"
            for grant in one.grants
        )
        typer.echo(f"{one.name}\t{'disabled' if one.disabled else roles or 'no role'}")


@app.command(cls=PlainCommand)
def grant(name: Name, role: RoleName) -> None:
    """Give somebody a role."""
    _opened()[0].grant(name, _grant(role))
    typer.echo(f"{name} is {role} now.")


@app.command(cls=PlainCommand)
def revoke(name: Name, role: RoleName) -> None:
    """Take a role away; it takes effect at once."""
    _opened()[0].revoke(name, _grant(role))
    typer.echo(f"{name} is {role} no more.")


@app.command(cls=PlainCommand)
def password(name: Name) -> None:
    """Set a new password and end every sign-in of the person."""
    _opened()[0].set_password(name, _password())
    typer.echo(f"{name} signs in with the new password from now on.")


@app.command(cls=PlainCommand)
def disable(name: Name) -> None:
    """Let nobody sign in under this name any more; what the person rated stays."""
    _opened()[0].disable(name)
    typer.echo(f"{name} cannot sign in any more.")


@app.command(cls=PlainCommand)
def enable(name: Name) -> None:
    """Let somebody in again who was disabled: roles and password of before, no token."""
    _opened()[0].enable(name)
    typer.echo(f"{name} may sign in again.")


@app.command(cls=PlainCommand)
def token(
    name: Name,
    label: Annotated[str, typer.Option(help="What it is for.")] = "command line",
) -> None:
    """Make a token for the REST interface and print it; it cannot be shown again."""
    from reviewer.errors import AccountError

    accounts, entries = _opened()
    person = accounts.named(name)
    if person is None:
        raise AccountError(f"There is no account named {name}; see `reviewer user list`.")
    typer.echo(entries.new_token(person, label))
