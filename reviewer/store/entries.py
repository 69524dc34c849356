"""Ways in: sign-ins of browsers, tokens of programs, and the limit on failed attempts.

Invariant: a secret is kept as its SHA-256 alone. After `ATTEMPTS` failures for one name within
`WINDOW` no password of that name is even looked at until the window has passed.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, insert, select, update

from reviewer.errors import AccountError
from reviewer.review.permission import Person
from reviewer.store import audit
from reviewer.store.accounts import Clock, grants_where, now, person_among, person_of
from reviewer.store.database import Database
from reviewer.store.passwords import digest, fits, new_secret
from reviewer.store.people_schema import account, api_token, sign_in, sign_in_attempt

LASTS = timedelta(hours=12)
"""How long a sign-in lasts: a working day."""

ATTEMPTS = 5
WINDOW = timedelta(minutes=10)

_REFUSED = "That name and password do not belong together; try again, or ask your administrator."

_SIGNED_IN = grants_where(
    account.c.id == sign_in.c.account,
    sign_in.c.secret_sha256 == bindparam("secret"),
    sign_in.c.expires_at > bindparam("now"),
)
_BY_TOKEN = grants_where(
    account.c.id == api_token.c.account,
    api_token.c.secret_sha256 == bindparam("secret"),
    api_token.c.revoked_at.is_(None),
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its owner sees it; the secret was shown once, when it was made."""

    id: str
    label: str
    created_at: datetime
    revoked: bool


class Entries:
    """Sign-ins and tokens of one store; safe to share among threads."""

    def __init__(self, database: Database, clock: Clock = now) -> None:
        self._database = database
        self._clock = clock

    def sign_in(self, name: str, password: str) -> str:
        """The secret of a new sign-in; raises `AccountError`, with one sentence for every cause.

        The password is checked outside any transaction: that takes a tenth of a second on purpose.
        """
        name = name.strip()[:80]
        self._refuse_too_many(name)
        with self._database.reading() as connection:
            row = connection.execute(
                select(account.c.id, account.c.password).where(
                    account.c.name == name, account.c.disabled_at.is_(None)
                )
            ).one_or_none()
        if not fits(password, row.password if row else None) or row is None:
            with self._database.writing() as connection:
                connection.execute(insert(sign_in_attempt).values(name=name, at=self._clock()))
                # What a stranger typed as a name may be a password: it is not kept for good.
                known = name if row else None
                audit.append(connection, "sign_in_refused", {"account": known})
            raise AccountError(_REFUSED)
        return self.open(row.id)

    def _refuse_too_many(self, name: str) -> None:
        since = self._clock() - WINDOW
        with self._database.writing() as connection:
            connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.at < since))
            failed = connection.scalar(
                select(func.count())
                .select_from(sign_in_attempt)
                .where(sign_in_attempt.c.name == name)
            )
        if (failed or 0) >= ATTEMPTS:
            raise AccountError(
                f"Signing in as this name failed {ATTEMPTS} times; wait "
                f"{WINDOW.seconds // 60} minutes and try again."
            )

    def open(self, account_id: str) -> str:
        """Sign an account in without a password (the caller has made sure); returns the secret."""
        secret, at = new_secret(), self._clock()
        with self._database.writing() as connection:
            who = person_of(connection, account_id)
            if who is None:
                raise AccountError(_REFUSED)
            connection.execute(delete(sign_in).where(sign_in.c.expires_at < at))
            connection.execute(
                insert(sign_in).values(
                    secret_sha256=digest(secret),
                    account=account_id,
                    created_at=at,
                    expires_at=at + LASTS,
                )
            )
            audit.append(connection, "signed_in", {"account": who.name}, who.name)
        return secret

    def signed_in(self, secret: str) -> Person | None:
        """Who signed in with this secret; null where nobody did, or it has expired."""
        with self._database.reading() as connection:
            asked = {"secret": digest(secret), "now": self._clock()}
            return person_among(connection.execute(_SIGNED_IN, asked))

    def sign_out(self, secret: str) -> None:
        """End a sign-in; one that is not there is no error."""
        with self._database.writing() as connection:
            connection.execute(delete(sign_in).where(sign_in.c.secret_sha256 == digest(secret)))

    def new_token(self, person: Person, label: str) -> str:
        """The secret of a new token of `person`; it cannot be had again."""
        secret = new_secret()
        with self._database.writing() as connection:
            connection.execute(
                insert(api_token).values(
                    id=secrets.token_hex(6),
                    account=person.id,
                    label=label[:200],
                    secret_sha256=digest(secret),
                    created_at=self._clock(),
                    revoked_at=None,
                )
            )
            audit.append(connection, "token_made", {"account": person.name}, person.name)
        return secret

    def tokens(self, person: Person) -> tuple[Token, ...]:
        """The tokens of `person`, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                select(api_token)
                .where(api_token.c.account == person.id)
                .order_by(api_token.c.created_at, api_token.c.id)
            ).all()
        return tuple(
            Token(row.id, row.label, row.created_at, row.revoked_at is not None) for row in rows
        )

    def revoke_token(self, person: Person, token_id: str) -> None:
        """Let a token of `person` in no more; raises `AccountError` where there is none."""
        with self._database.writing() as connection:
            done = connection.execute(
                update(api_token)
                .where(api_token.c.id == token_id, api_token.c.account == person.id)
                .values(revoked_at=self._clock())
            )
            if not done.rowcount:
                raise AccountError(f"{person.name} has no token {token_id}.")
            audit.append(connection, "token_revoked", {"account": person.name}, person.name)

    def by_token(self, secret: str) -> Person | None:
        """Whose token this is; null where it is nobody's, or revoked."""
        with self._database.reading() as connection:
            return person_among(connection.execute(_BY_TOKEN, {"secret": digest(secret)}))
