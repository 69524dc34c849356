"""Accounts and their roles: who there is and what they are in a program.

Invariant: every change is recorded in the chain of events in the same transaction; an account is
disabled, never removed, because ratings name it.
"""

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Result, Select, delete, insert, select, update

from reviewer.errors import AccountError
from reviewer.review.permission import Grant, Person, Role
from reviewer.store import audit
from reviewer.store.database import Database
from reviewer.store.passwords import hashed
from reviewer.store.people_schema import account, api_token, role_grant, sign_in

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,78}[a-z0-9]")

Clock = Callable[[], datetime]


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Account:
    """A person as administrators see them."""

    id: str
    name: str
    grants: tuple[Grant, ...]
    created_at: datetime
    disabled: bool


class Accounts:
    """All accounts of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def add(
        self, name: str, password: str | None, grants: Iterable[Grant], actor: str = "reviewer"
    ) -> str:
        """Add an account and return its id; raises `AccountError` for a bad or taken name.

        Without a password it can sign in only where the demo lets it.
        """
        if not _NAME.fullmatch(name):
            raise AccountError(
                f"{name!r} cannot be the name of an account: use 2 to 80 small letters, digits, "
                "dots, hyphens, underscores or @."
            )
        kept = None if password is None else hashed(password)
        new = secrets.token_hex(6)
        with self._database.writing() as connection:
            if _id_of(connection, name) is not None:
                raise AccountError(f"There is an account named {name} already; choose another.")
            connection.execute(
                insert(account).values(
                    id=new, name=name, password=kept, created_at=self._clock(), disabled_at=None
                )
            )
            audit.append(connection, "account_added", {"account": name}, actor)
            for one in sorted(set(grants), key=lambda one: (one.role, one.credential)):
                self._grant(connection, new, name, one, actor)
        return new

    def _grant(
        self, connection: Connection, account_id: str, name: str, grant: Grant, actor: str
    ) -> None:
        connection.execute(
            insert(role_grant).values(
                account=account_id, role=grant.role.value, credential=grant.credential
            )
        )
        audit.append(
            connection,
            "role_granted",
            {"account": name, "role": grant.role.value, "credential": grant.credential},
            actor,
        )

    def grant(self, name: str, grant: Grant, actor: str = "reviewer") -> None:
        """Give a role; giving it twice changes nothing. Raises `AccountError`."""
        with self._database.writing() as connection:
            account_id = self._known(connection, name)
            if grant not in _grants(connection, account_id):
                self._grant(connection, account_id, name, grant, actor)

    def revoke(self, name: str, grant: Grant, actor: str = "reviewer") -> None:
        """Take a role away, and at once; raises `AccountError` where it was not given."""
        with self._database.writing() as connection:
            account_id = self._known(connection, name)
            if grant not in _grants(connection, account_id):
                raise AccountError(f"{name} does not have the role {grant.role.value} there.")
            connection.execute(
                delete(role_grant).where(
                    role_grant.c.account == account_id,
                    role_grant.c.role == grant.role.value,
                    role_grant.c.credential == grant.credential,
                )
            )
            details: audit.Details = {
                "account": name,
                "role": grant.role.value,
                "credential": grant.credential,
            }
            audit.append(connection, "role_revoked", details, actor)

    def set_password(self, name: str, password: str, actor: str = "reviewer") -> None:
        """Set a new password and end every sign-in of the account; raises `AccountError`."""
        kept = hashed(password)
        with self._database.writing() as connection:
            account_id = self._known(connection, name)
            connection.execute(
                update(account).where(account.c.id == account_id).values(password=kept)
            )
            connection.execute(delete(sign_in).where(sign_in.c.account == account_id))
            audit.append(connection, "password_set", {"account": name}, actor)

    def disable(self, name: str, actor: str = "reviewer") -> None:
        """Let nobody in under this name any more; what the person rated stays."""
        with self._database.writing() as connection:
            account_id = self._known(connection, name)
            connection.execute(
                update(account).where(account.c.id == account_id).values(disabled_at=self._clock())
            )
            connection.execute(delete(sign_in).where(sign_in.c.account == account_id))
            audit.append(connection, "account_disabled", {"account": name}, actor)

    def enable(self, name: str, actor: str = "reviewer") -> None:
        """Let the person in again, with the roles and the password of before, and no token.

        A token lies in a program that nobody thought of for months: it is made anew. Raises
        `AccountError` where the account is not disabled.
        """
        with self._database.writing() as connection:
            account_id = self._known(connection, name)
            done = connection.execute(
                update(account)
                .where(account.c.id == account_id, account.c.disabled_at.is_not(None))
                .values(disabled_at=None)
            )
            if not done.rowcount:
                raise AccountError(f"{name} is not deactivated, so there is nothing to undo.")
            connection.execute(
                update(api_token)
                .where(api_token.c.account == account_id, api_token.c.revoked_at.is_(None))
                .values(revoked_at=self._clock())
            )
            audit.append(connection, "account_enabled", {"account": name}, actor)

    def all(self) -> tuple[Account, ...]:
        """All accounts by name."""
        with self._database.reading() as connection:
            rows = connection.execute(select(account).order_by(account.c.name)).all()
            return tuple(
                Account(
                    row.id,
                    row.name,
                    tuple(sorted(_grants(connection, row.id), key=str)),
                    row.created_at,
                    row.disabled_at is not None,
                )
                for row in rows
            )

    def person(self, account_id: str) -> Person | None:
        """Who signs in with this account now; null where it is disabled or not there."""
        with self._database.reading() as connection:
            return person_of(connection, account_id)

    def named(self, name: str) -> Person | None:
        """The person of this name; null where there is none or they are disabled."""
        with self._database.reading() as connection:
            found = _id_of(connection, name)
            return None if found is None else person_of(connection, found)

    def _known(self, connection: Connection, name: str) -> str:
        found = _id_of(connection, name)
        if found is None:
            raise AccountError(f"There is no account named {name}; see `reviewer user list`.")
        return found


def person_of(connection: Connection, account_id: str) -> Person | None:
    """The person of an account inside the caller's transaction; null where disabled or absent."""
    return person_among(connection.execute(grants_where(account.c.id == account_id)))


def grants_where(*whose: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Asks for the one account that the conditions lead to, with its roles: see `person_among`.

    Conditions on another table join it to the account, which every page asks for.
    """
    return (
        select(account.c.id, account.c.name, role_grant.c.role, role_grant.c.credential)
        .outerjoin(role_grant, role_grant.c.account == account.c.id)
        .where(account.c.disabled_at.is_(None), *whose)
    )


def person_among(found: Result[*tuple[Any, ...]]) -> Person | None:
    """The person whom `grants_where` found; null where it found nobody."""
    rows = found.all()
    if not rows:
        return None
    grants = (Grant(Role(row.role), row.credential) for row in rows if row.role is not None)
    return Person(rows[0].id, rows[0].name, frozenset(grants))


def _id_of(connection: Connection, name: str) -> str | None:
    found: str | None = connection.scalar(select(account.c.id).where(account.c.name == name))
    return found


def _grants(connection: Connection, account_id: str) -> frozenset[Grant]:
    rows = connection.execute(select(role_grant).where(role_grant.c.account == account_id))
    return frozenset(Grant(Role(row.role), row.credential) for row in rows)
