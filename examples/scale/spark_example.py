"""Counts and groups a table of OMERO in Spark:

    OMERO_HOST=... OMERO_USER=... OMERO_PASSWORD=... python spark_example.py FILE_ID COLUMN [PARTITIONS]
"""
import os
import sys

from pyspark.sql import SparkSession, functions

from omero_spark import OmeroDataSource

file_id, column = sys.argv[1:3]
partitions = sys.argv[3] if len(sys.argv) > 3 else "8"
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
here = os.path.dirname(os.path.abspath(__file__))
os.environ["PYTHONPATH"] = os.pathsep.join([here, os.environ.get("PYTHONPATH", "")])

spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
spark.dataSource.register(OmeroDataSource)
frame = spark.read.format("omero").options(fileId=file_id, partitions=partitions).load()
count, mean = frame.agg(functions.count("*"), functions.mean(column)).first()
print(f"{count} rows in {partitions} parts, mean of {column}: {mean}")
spark.stop()
