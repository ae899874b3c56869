"""A table of OMERO as a data set of Ray: each part is read where it is needed.

    OMERO_HOST=... OMERO_USER=... OMERO_PASSWORD=... python ray_example.py FILE_ID COLUMN [PARTITIONS]
"""
import os
import sys

import ray

import omero_scan


def read_part(rows):
    return omero_scan.table(rows["item"][0])


def read_omero(file_id, **selection):
    """Columns, query and partitions as `omero_scan.plan` takes them."""
    jobs = omero_scan.plan(file_id, **selection)
    return ray.data.from_items(jobs, override_num_blocks=len(jobs)).map_batches(read_part, batch_size=1)


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env={"env_vars": {"PYTHONPATH": here}})
    file_id, column = int(sys.argv[1]), sys.argv[2]
    partitions = int(sys.argv[3]) if len(sys.argv) > 3 else 8
    data = read_omero(file_id, partitions=partitions).materialize()
    print(f"{data.count()} rows in {partitions} parts, mean of {column}: {data.mean(column)}")
