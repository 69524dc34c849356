"""Passwords as argon2id hashes, and secrets of sign-ins and tokens as SHA-256.

Invariant: a password or secret is never kept, logged or compared in the clear; checking one takes
the same time whether or not the account exists.
"""

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from reviewer.errors import AccountError

SHORTEST, LONGEST = 10, 1000
"""Characters of a password: fewer can be guessed, more only cost time."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()  # argon2id with the parameters of RFC 9106's second choice (64 MiB)


def hashed(password: str) -> str:
    """The argon2id hash with salt and parameters; raises `AccountError` for a short password."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise AccountError(
            f"The password has {len(password)} characters; choose one of {SHORTEST} to {LONGEST}."
        )
    return _hasher().hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether `password` is the one of the hash `kept`; null costs the same time and is no."""
    try:
        _hasher().verify(kept or _nobodys(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_hex(16))


def new_secret() -> str:
    """A random secret of 256 bits, as URL-safe text."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret: random secrets need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
