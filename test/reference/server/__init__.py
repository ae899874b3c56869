"""A reference OMERO.tables server for conformance tests and benchmarks.

The table servants are omero-py's own (`omero.tables.TableI` on PyTables) and the router is ZeroC's glacier2router; only
what surrounds them (log-in, groups, object look-up, saving, deleting, files) is a small in-memory stand-in.
"""
