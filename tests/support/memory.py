"""How much memory a process took at most, asked from within."""

# Python that defines `peak()`: in KiB, for the process that runs it, whoever started it.
PEAK = """
import resource, sys
from pathlib import Path

def peak():
    status = Path("/proc/self/status")
    if status.exists():  # on Linux, `ru_maxrss` may be that of the process which started this one
        return int(status.read_text().partition("VmHWM:")[2].split()[0])
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return taken // 1024 if sys.platform == "darwin" else taken  # bytes there, KiB elsewhere
"""
