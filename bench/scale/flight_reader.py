"""Reads a table by Arrow Flight with pyarrow: rows and seconds, as JSON."""
import json
import sys
import time

from pyarrow import flight

url, token, file_id = sys.argv[1:]
client = flight.connect(url)
options = flight.FlightCallOptions(headers=[(b"authorization", f"Bearer {token}".encode())])
start = time.time()
info = client.get_flight_info(flight.FlightDescriptor.for_path(file_id), options)
rows = sum(chunk.data.num_rows for endpoint in info.endpoints for chunk in client.do_get(endpoint.ticket, options))
print(json.dumps({"rows": rows, "seconds": time.time() - start}))
