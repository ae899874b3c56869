"""Tables of OMERO by Arrow Flight as a data source of Spark; see omero_flight.py for what the environment says.

    spark.dataSource.register(OmeroFlightDataSource)
    spark.read.format("omero-flight").options(fileId=402, query="area > 20", partitions=8).load()
"""
import pyarrow as pa
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.pandas.types import from_arrow_schema

import omero_flight


def nullable(schema):
    """Spark holds all columns of such sources for nullable."""
    return pa.schema([pa.field(field.name, field.type) for field in schema])


class OmeroFlightDataSource(DataSource):
    @classmethod
    def name(cls):
        return "omero-flight"

    def parts(self):
        columns, count = self.options.get("columns"), self.options.get("partitions")
        return omero_flight.parts(self.options["fileid"], columns=columns and columns.split(","),
                                  query=self.options.get("query"), partitions=count and int(count))

    def schema(self):
        return from_arrow_schema(nullable(self.parts()[0]))

    def reader(self, schema):
        return OmeroFlightReader(self.parts()[1])


class OmeroFlightReader(DataSourceReader):
    def __init__(self, tickets):
        self.tickets = tickets

    def partitions(self):
        return [InputPartition(ticket) for ticket in self.tickets]

    def read(self, partition):
        for batch in omero_flight.batches(partition.value):
            yield pa.RecordBatch.from_arrays(batch.columns, schema=nullable(batch.schema))
