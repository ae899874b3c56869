"""Tables of OMERO as a data source of Spark:

    spark.dataSource.register(OmeroDataSource)
    spark.read.format("omero").options(fileId=402, query="area > 20", partitions=8).load()

Executors need omero2frame and pyarrow, and in their environment what omero_scan.py says.
"""
import pyarrow as pa
from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
from pyspark.sql.pandas.types import from_arrow_schema

import omero_scan


def nullable(schema):
    """Spark holds all columns of such sources for nullable."""
    return pa.schema([pa.field(field.name, field.type) for field in schema])


class OmeroDataSource(DataSource):
    @classmethod
    def name(cls):
        return "omero"

    def jobs(self):
        columns = self.options.get("columns")
        return omero_scan.plan(self.options["fileid"], self.options.get("server"), columns and columns.split(","),
                               self.options.get("query"), self.options.get("partitions"))

    def schema(self):
        return from_arrow_schema(nullable(omero_scan.without_rows(self.jobs()[0])))

    def reader(self, schema):
        return OmeroReader(self.jobs())


class OmeroReader(DataSourceReader):
    def __init__(self, jobs):
        self.jobs = jobs

    def partitions(self):
        return [InputPartition(job) for job in self.jobs]

    def read(self, partition):
        for batch in omero_scan.batches(partition.value):
            yield pa.RecordBatch.from_arrays(batch.columns, schema=nullable(batch.schema))
