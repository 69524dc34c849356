"""Accounts, roles and tokens: an administrator manages everybody's, anyone their own tokens.

Invariant: permission first, then the act. No administrator takes away their own way in, so there
is always one left who can give it back to others.
"""

from collections.abc import Iterable

from reviewer.errors import AccountError, NotPermitted
from reviewer.review.permission import Act, Grant, Person, Role, may
from reviewer.store.accounts import Account, Accounts
from reviewer.store.entries import Entries, Token


class People:
    """Accounts and tokens of one store; every change names who made it. Safe among threads."""

    def __init__(self, accounts: Accounts, entries: Entries) -> None:
        self._accounts = accounts
        self._entries = entries

    def everybody(self, me: Person) -> tuple[Account, ...]:
        """All accounts by name; raises `NotPermitted` as every act for administrators does."""
        _refuse_others(me)
        return self._accounts.all()

    def add(self, me: Person, name: str, password: str, grants: Iterable[Grant]) -> None:
        """Add a person; raises `AccountError` for a name or password that cannot be used."""
        _refuse_others(me)
        self._accounts.add(name, password, grants, me.name)

    def grant(self, me: Person, name: str, grant: Grant) -> None:
        """Give a role."""
        _refuse_others(me)
        self._accounts.grant(name, grant, me.name)

    def revoke(self, me: Person, name: str, grant: Grant) -> None:
        """Take a role away, at once; raises `AccountError` for one's own as administrator."""
        _refuse_others(me)
        if name == me.name and grant.role is Role.ADMINISTRATOR:
            raise AccountError(_OWN)
        self._accounts.revoke(name, grant, me.name)

    def set_password(self, me: Person, name: str, password: str) -> None:
        """Set a new password and end every sign-in of the person."""
        _refuse_others(me)
        self._accounts.set_password(name, password, me.name)

    def disable(self, me: Person, name: str) -> None:
        """Let nobody sign in under this name any more; raises `AccountError` for one's own."""
        _refuse_others(me)
        if name == me.name:
            raise AccountError(_OWN)
        self._accounts.disable(name, me.name)

    def enable(self, me: Person, name: str) -> None:
        """Let somebody in again, without the tokens of before; see `Accounts.enable`."""
        _refuse_others(me)
        self._accounts.enable(name, me.name)

    def tokens(self, me: Person) -> tuple[Token, ...]:
        """One's own tokens, oldest first."""
        return self._entries.tokens(me)

    def new_token(self, me: Person, label: str) -> str:
        """The secret of a new token of one's own; it cannot be had again."""
        if not label.strip():
            raise AccountError("Say what the token is for, so that you know later which to revoke.")
        return self._entries.new_token(me, label.strip())

    def revoke_token(self, me: Person, token_id: str) -> None:
        """Let one's own token in no more; raises `AccountError` where there is none."""
        self._entries.revoke_token(me, token_id)


_OWN = "Nobody takes away their own way in as administrator: let another administrator do it."


def _refuse_others(me: Person) -> None:
    if not may(me, Act.MANAGE_USERS):
        raise NotPermitted("Accounts and roles are for administrators.")
