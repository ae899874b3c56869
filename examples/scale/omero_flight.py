"""Tables of OMERO by Arrow Flight, for Dask, Ray and Spark: their processes need pyarrow, and nothing of omero2frame.

    frame = omero_flight.dask_frame(402, query="area > 20", partitions=8)

The environment says where `omero2frame serve-flight` listens and who asks: OMERO_FLIGHT (grpc://127.0.0.1:8815), and OMERO_SESSION
(key of a session, or the server's token), or OMERO_USER and OMERO_PASSWORD. OMERO_FLIGHT_CA is a file with the authority of its certificate.
"""
import base64
import json
import os

from pyarrow import flight


def connect():
    """A client, and the options of its calls."""
    authority = os.environ.get("OMERO_FLIGHT_CA")
    roots = {"tls_root_certs": open(authority, "rb").read()} if authority else {}
    client = flight.connect(os.environ.get("OMERO_FLIGHT", "grpc://127.0.0.1:8815"), **roots)
    return client, flight.FlightCallOptions(headers=[(b"authorization", credentials().encode())])


def credentials():
    if "OMERO_SESSION" in os.environ:
        return "Bearer " + os.environ["OMERO_SESSION"]
    pair = f"{os.environ['OMERO_USER']}:{os.environ['OMERO_PASSWORD']}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def parts(file_id, **selection):
    """The schema of a table, and the tickets of its parts, as bytes. Columns, query, partitions and partitionRows may be given."""
    client, options = connect()
    command = json.dumps({"fileId": int(file_id), **{name: value for name, value in selection.items() if value}})
    info = client.get_flight_info(flight.FlightDescriptor.for_command(command), options)
    return info.schema, [endpoint.ticket.ticket for endpoint in info.endpoints]


def batches(ticket):
    """The record batches of a part. They are good when all have come."""
    client, options = connect()
    with client:
        for chunk in client.do_get(flight.Ticket(ticket), options):
            yield chunk.data


def table(ticket):
    """All of a part."""
    client, options = connect()
    with client:
        return client.do_get(flight.Ticket(ticket), options).read_all()


def dask_frame(file_id, **selection):
    import dask.dataframe as dd

    schema, tickets = parts(file_id, **selection)
    return dd.from_map(read_part, tickets, meta=schema.empty_table().to_pandas())


def read_part(ticket):
    return table(ticket).to_pandas()

