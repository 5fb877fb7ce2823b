"""`python -m copilot` is the same as `call-copilot`."""

from copilot.cli import main

main()
