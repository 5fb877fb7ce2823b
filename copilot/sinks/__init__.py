"""Where events go: the console, plain lines, the event log."""
