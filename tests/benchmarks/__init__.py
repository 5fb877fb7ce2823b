"""Speed, memory, word error and delay, each beside the plain pipeline: python -m tests.benchmarks."""
