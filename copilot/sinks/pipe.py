"""Standard output into a pipe whose reader has left."""

import os


def unheard(descriptor: int) -> None:
    """Let what is still written go nowhere: the reader (head, less) has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
