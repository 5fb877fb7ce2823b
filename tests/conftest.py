"""What is loaded once for all tests."""

import pytest

from tests.scenarios import Hearing


@pytest.fixture(scope="session")
def hearing() -> Hearing:
    return Hearing()
