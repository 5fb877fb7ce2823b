"""Makes what the copilot was taught: heard lines, the network and the judge's weights."""
