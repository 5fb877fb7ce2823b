"""What is loaded once for all tests."""

import pytest
from scenarios import Hearing

from copilot.dialogue.space import multilingual_encoder


@pytest.fixture(scope="session")
def hearing() -> Hearing:
    return Hearing(multilingual_encoder())
