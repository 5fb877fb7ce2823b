"""Speed, memory, word error and delay, beside a plain pipeline: python -m tests.benchmarks."""
