"""Python imports this by itself when the folder is on PYTHONPATH: it puts fault points into a function's process."""

import os

if "FAULT_POINTS_DIR" in os.environ and "AWS_LAMBDA_RUNTIME_API" in os.environ:
    import fault_points

    fault_points.install()
