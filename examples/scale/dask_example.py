"""A table of OMERO as a Dask DataFrame: each part is read where it is needed.

    OMERO_HOST=... OMERO_USER=... OMERO_PASSWORD=... python dask_example.py FILE_ID COLUMN [PARTITIONS]
"""
import sys

import dask.dataframe as dd

import omero_scan


def read_part(job):
    return omero_scan.table(job).to_pandas()


def read_omero(file_id, **selection):
    """Columns, query and partitions as `omero_scan.plan` takes them."""
    jobs = omero_scan.plan(file_id, **selection)
    meta = omero_scan.without_rows(jobs[0]).empty_table().to_pandas()
    return dd.from_map(read_part, jobs, meta=meta)


if __name__ == "__main__":
    file_id, column = int(sys.argv[1]), sys.argv[2]
    frame = read_omero(file_id, partitions=int(sys.argv[3]) if len(sys.argv) > 3 else 8)
    count, mean = dd.compute(frame.shape[0], frame[column].mean(), scheduler="processes", num_workers=2)
    print(f"{count} rows in {frame.npartitions} parts, mean of {column}: {mean}")
