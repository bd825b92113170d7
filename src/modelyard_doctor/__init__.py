"""`modelyard doctor`: check a user's own files together, in seconds, before a training.

The package runs in the project's environment and imports the runtime there. It is part of the
distribution `modelyard`, but never of a project that contains the runtime.
"""

import time

START = time.perf_counter()  # of the run, before the libraries are imported
