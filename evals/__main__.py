"""``python -m evals``."""

from evals.run import main

main()
