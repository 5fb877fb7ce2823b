"""What is loaded once for all tests, and the flag that draws the snapshots anew."""

import pytest

from tests.scenarios import Hearing


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-snapshots", action="store_true", help="draw tests/snapshots anew, to be looked at"
    )


@pytest.fixture(scope="session")
def hearing() -> Hearing:
    return Hearing()
