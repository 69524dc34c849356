"""Where the pages are served: this machine alone, at a port that is free or asked for."""

import socket
from collections.abc import Iterator

import pytest

from reviewer.errors import SettingsError
from reviewer.web.serving import address_of, listen


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_that_was_asked_for_and_is_taken_is_refused_in_one_sentence(taken: int) -> None:
    with pytest.raises(SettingsError, match=f"Port {taken} is in use .* --port or REVIEWER_PORT"):
        listen("127.0.0.1", taken, exactly=True)


def test_from_the_default_port_upwards_the_first_free_one_is_taken(taken: int) -> None:
    with listen("127.0.0.1", taken, exactly=False) as listener:
        assert taken < listener.getsockname()[1] <= taken + 20


def test_port_0_takes_any() -> None:
    with listen("127.0.0.1", 0, exactly=True) as listener:
        assert address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_the_socket_says_that_it_is_tcp_so_that_no_answer_waits_for_an_acknowledgement() -> None:
    """asyncio sets TCP_NODELAY on what it accepts from such a socket, and on nothing else."""
    with (
        listen("127.0.0.1", 0, exactly=True) as listener,
        socket.create_connection(listener.getsockname()),
    ):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.20", "example.org", "::", ""])
def test_any_address_but_loopback_is_refused_in_one_sentence(host: str) -> None:
    with pytest.raises(SettingsError, match="on this machine alone") as caught:
        listen(host, 0, exactly=True)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8"])
def test_every_loopback_address_is_served(host: str) -> None:
    with listen(host, 0, exactly=True) as listener:
        assert listener.getsockname()[0].startswith("127.")
