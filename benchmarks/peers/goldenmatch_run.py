"""goldenmatch on one file, with no configuration.

python goldenmatch_run.py RECORDS.csv ANSWER.csv
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import time
from pathlib import Path

import goldenmatch as gm


def main() -> None:
    records_path, answer_path = map(Path, sys.argv[1:3])
    with records_path.open(encoding="utf-8", newline="") as file:
        ids = [row[0] for row in csv.reader(file)][1:]
    start, cpu = time.perf_counter(), time.process_time()
    result = gm.dedupe(str(records_path))
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    with answer_path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "entity_id"])
        for entity, found in result.clusters.items():
            writer.writerows((ids[row], entity) for row in found["members"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": peak}))


if __name__ == "__main__":
    main()
