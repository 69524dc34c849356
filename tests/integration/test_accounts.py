"""Accounts, roles, sign-ins, tokens: what lets somebody in, for how long, and what is recorded."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from house_empty import empty_store
from sqlalchemy import text

from reviewer.errors import AccountError
from reviewer.review.permission import Grant, Person, Role
from reviewer.store import audit
from reviewer.store.accounts import Accounts
from reviewer.store.database import Database, open_database
from reviewer.store.entries import ATTEMPTS, LASTS, WINDOW, Entries

PASSWORD = "a long enough password"


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, by: timedelta) -> None:
        self.moment += by


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{empty_store(tmp_path)}")
    yield opened
    opened.close()


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    return Accounts(database, clock)


@pytest.fixture
def entries(database: Database, clock: Clock) -> Entries:
    return Entries(database, clock)


def known(accounts: Accounts, name: str = "ann") -> Person:
    found = accounts.named(name)
    assert found is not None
    return found


class TestAccounts:
    def test_an_account_has_its_roles(self, accounts: Accounts) -> None:
        accounts.add("ann", PASSWORD, [Grant(Role.EVALUATOR), Grant(Role.ISSUER, "c")])
        person = known(accounts)
        assert person.has(Role.EVALUATOR, "anything")
        assert person.has(Role.ISSUER, "c")
        assert not person.has(Role.ISSUER, "d")
        (listed,) = accounts.all()
        assert (listed.name, len(listed.grants), listed.disabled) == ("ann", 2, False)

    @pytest.mark.parametrize("name", ["", "a", "Ann", "ann brown", "ann\n", "-ann", "a" * 81])
    def test_a_name_that_cannot_be_one_is_refused(self, accounts: Accounts, name: str) -> None:
        with pytest.raises(AccountError, match="cannot be the name of an account"):
            accounts.add(name, PASSWORD, [])

    def test_a_name_is_given_once(self, accounts: Accounts) -> None:
        accounts.add("ann", PASSWORD, [])
        with pytest.raises(AccountError, match="an account named ann already"):
            accounts.add("ann", PASSWORD, [])

    def test_a_short_password_is_refused_and_no_account_made(self, accounts: Accounts) -> None:
        with pytest.raises(AccountError, match="has 5 characters; choose one of 10"):
            accounts.add("ann", "12345", [])
        assert accounts.all() == ()

    def test_roles_are_given_and_taken(self, accounts: Accounts) -> None:
        accounts.add("ann", PASSWORD, [])
        for _ in range(2):
            accounts.grant("ann", Grant(Role.TRAINER))
        assert known(accounts).has(Role.TRAINER)
        accounts.revoke("ann", Grant(Role.TRAINER))
        assert not known(accounts).grants
        with pytest.raises(AccountError, match="does not have the role trainer"):
            accounts.revoke("ann", Grant(Role.TRAINER))

    def test_an_unknown_name_is_said(self, accounts: Accounts) -> None:
        for act in (accounts.disable, accounts.enable):
            with pytest.raises(AccountError, match="no account named bob"):
                act("bob")

    def test_nothing_that_lets_anybody_in_is_in_the_file(
        self, accounts: Accounts, entries: Entries, tmp_path: Path, database: Database
    ) -> None:
        accounts.add("ann", PASSWORD, [])
        secrets = [entries.sign_in("ann", PASSWORD), entries.new_token(known(accounts), "my token")]
        database.close()
        kept = b"".join(path.read_bytes() for path in tmp_path.glob("reviewer.sqlite3*"))
        assert b"$argon2id$" in kept
        assert not any(secret.encode() in kept for secret in (PASSWORD, *secrets))


class TestSigningIn:
    def test_name_and_password_open_a_sign_in_that_ends(
        self, accounts: Accounts, entries: Entries, clock: Clock
    ) -> None:
        accounts.add("ann", PASSWORD, [])
        secret = entries.sign_in(" ann ", PASSWORD)
        assert entries.signed_in(secret) == known(accounts)
        clock.forward(LASTS)
        assert entries.signed_in(secret) is None

    def test_signing_out_ends_it(self, accounts: Accounts, entries: Entries) -> None:
        accounts.add("ann", PASSWORD, [])
        secret = entries.sign_in("ann", PASSWORD)
        entries.sign_out(secret)
        entries.sign_out(secret)
        assert entries.signed_in(secret) is None
        assert entries.signed_in("") is None

    def test_a_wrong_password_and_an_unknown_name_are_told_apart_by_nobody(
        self, accounts: Accounts, entries: Entries
    ) -> None:
        accounts.add("ann", PASSWORD, [])
        accounts.add("demo", None, [])
        said = set()
        for name, password in (("ann", "wrong password"), ("bob", PASSWORD), ("demo", "")):
            with pytest.raises(AccountError) as refused:
                entries.sign_in(name, password)
            said.add(str(refused.value))
        assert len(said) == 1

    def test_after_too_many_failures_even_the_right_password_waits(
        self, accounts: Accounts, entries: Entries, clock: Clock
    ) -> None:
        accounts.add("ann", PASSWORD, [])
        for _ in range(ATTEMPTS):
            with pytest.raises(AccountError):
                entries.sign_in("ann", "wrong password")
        with pytest.raises(AccountError, match="failed 5 times; wait 10 minutes"):
            entries.sign_in("ann", PASSWORD)
        clock.forward(WINDOW + timedelta(seconds=1))
        assert entries.sign_in("ann", PASSWORD)

    def test_a_new_password_or_a_disabled_account_ends_every_sign_in(
        self, accounts: Accounts, entries: Entries
    ) -> None:
        accounts.add("ann", PASSWORD, [])
        first = entries.sign_in("ann", PASSWORD)
        accounts.set_password("ann", "another long password")
        assert entries.signed_in(first) is None
        second = entries.sign_in("ann", "another long password")
        token = entries.new_token(known(accounts), "script")
        accounts.disable("ann")
        assert entries.signed_in(second) is None
        assert entries.by_token(token) is None
        with pytest.raises(AccountError):
            entries.sign_in("ann", "another long password")

    def test_who_is_let_in_again_has_the_roles_and_password_of_before_and_no_token(
        self, accounts: Accounts, entries: Entries, database: Database
    ) -> None:
        accounts.add("ann", PASSWORD, [Grant(Role.EVALUATOR)])
        before = known(accounts)
        signed_in, token = entries.sign_in("ann", PASSWORD), entries.new_token(before, "script")
        accounts.disable("ann", "root")
        accounts.enable("ann", "root")
        assert known(accounts) == before
        assert entries.signed_in(signed_in) is None
        assert entries.by_token(token) is None
        assert entries.sign_in("ann", PASSWORD)
        told = [(one.event, one.actor) for one in audit.events(database)]
        assert told[-3:-1] == [("account_disabled", "root"), ("account_enabled", "root")]

    def test_who_may_sign_in_is_not_let_in_again(
        self, accounts: Accounts, entries: Entries
    ) -> None:
        accounts.add("ann", PASSWORD, [])
        token = entries.new_token(known(accounts), "script")
        with pytest.raises(AccountError, match="ann is not deactivated, so there is nothing"):
            accounts.enable("ann")
        assert entries.by_token(token) == known(accounts)


class TestTokens:
    def test_a_token_is_its_owner_s_until_it_is_revoked(
        self, accounts: Accounts, entries: Entries
    ) -> None:
        accounts.add("ann", PASSWORD, [])
        accounts.add("bob", PASSWORD, [])
        secret = entries.new_token(known(accounts), "script")
        assert entries.by_token(secret) == known(accounts)
        assert entries.by_token(secret + "x") is None
        (token,) = entries.tokens(known(accounts))
        with pytest.raises(AccountError, match="bob has no token"):
            entries.revoke_token(known(accounts, "bob"), token.id)
        entries.revoke_token(known(accounts), token.id)
        assert entries.by_token(secret) is None


def test_every_change_is_in_the_record_and_no_secret_is(
    accounts: Accounts, entries: Entries, database: Database
) -> None:
    accounts.add("ann", PASSWORD, [Grant(Role.EVALUATOR)], "root")
    with pytest.raises(AccountError):
        entries.sign_in("ann", "wrong password")
    secret = entries.sign_in("ann", PASSWORD)
    accounts.revoke("ann", Grant(Role.EVALUATOR), "root")
    told = audit.events(database)
    assert [one.event for one in told] == [
        "account_added",
        "role_granted",
        "sign_in_refused",
        "signed_in",
        "role_revoked",
    ]
    assert not any(word in str(told) for word in (PASSWORD, "wrong password", secret))
    assert audit.verify(database) == 5
    with database.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sign_in")) == 1
