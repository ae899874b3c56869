"""Tables of OMERO in parts, read by as many processes as there are: what Dask, Spark and others have in common.

A table is planned once (`omero2frame scan plan`); each part is read by a process of its own (`omero2frame scan read`), which
writes Arrow to its standard output. Jobs are texts without a secret. Who may log in is told by the environment: OMERO_SESSION, or
OMERO_HOST, OMERO_USER and OMERO_PASSWORD.
"""
import os
import shlex
import subprocess

import pyarrow as pa


class ScanFailed(RuntimeError):
    pass


def command():
    """How to start omero2frame; OMERO2FRAME says otherwise."""
    return shlex.split(os.environ.get("OMERO2FRAME", "omero2frame"))


def plan(file_id, server=None, columns=None, query=None, partitions=None):
    """The jobs of a table, as texts."""
    words = command() + ["scan", "plan", "--file-id", str(file_id)]
    for option, value in (("--server", server), ("--query", query), ("--partitions", partitions)):
        if value is not None:
            words += [option, str(value)]
    if columns:
        words += ["--columns", *columns]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        raise ScanFailed(done.stderr.strip())
    return done.stdout.splitlines()


def batches(job):
    """The record batches of a job. They are good when all have come: a table that changed meanwhile raises at the end."""
    with subprocess.Popen(command() + ["scan", "read", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        process.stdin.write(job.encode())
        process.stdin.close()
        failure = None
        try:
            with pa.ipc.open_stream(process.stdout) as stream:
                yield from stream
        except pa.ArrowInvalid as error:  # cut off: why is said below
            failure = error
        except GeneratorExit:
            process.kill()
            raise
        message = process.stderr.read().decode().strip()
        if process.wait() != 0 or failure is not None:
            raise ScanFailed(message or str(failure))


def table(job):
    """All of a job."""
    return pa.Table.from_batches(list(batches(job)))


def without_rows(job):
    """The schema that all jobs of a plan share."""
    return next(iter(batches(job))).schema
