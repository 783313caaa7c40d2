from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=30,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("nightly", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


_HERE = ("127.0.0.1", "::1")


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """No test, and nothing that a test calls, may open a connection to elsewhere.

    A browser that tests drive listens on this very machine.
    """

    def guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
        def only_here(used: socket.socket, address: Any) -> Any:
            if not isinstance(address, tuple) or address[0] not in _HERE:
                message = "a test tried to open a network connection"
                raise AssertionError(message)
            return connect(used, address)

        return only_here

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield
