"""Speed and memory, as ratios within one run. `make bench` prints them beside the project's limits."""
