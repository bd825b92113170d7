"""Run a command and print its CPU seconds and peak memory as JSON."""

import json
import resource
import subprocess
import sys

done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=False)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
peak = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
print(json.dumps({"cpu_s": used.ru_utime + used.ru_stime, "peak_mb": peak}))
sys.exit(done.returncode)
