"""Tell what a coverage report covers; fail below 90 % of lines or 80 % of branches.

python tests/enough_coverage.py coverage.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

LINES, BRANCHES = 90, 80


def main(report: str) -> int:
    """The exit code."""
    totals = json.loads(Path(report).read_text())["totals"]
    lines = 100 * totals["covered_lines"] / totals["num_statements"]
    branches = 100 * totals["covered_branches"] / totals["num_branches"]
    print(f"{lines:.1f} % of lines (at least {LINES}), {branches:.1f} % of branches ({BRANCHES})")
    return 0 if lines >= LINES and branches >= BRANCHES else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
