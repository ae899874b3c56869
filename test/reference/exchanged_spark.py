"""`exchanged_spark.py FOLDER`: what Spark reads in the data sets `by-rows` and `by-text` there, as JSON."""
import json
import os
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", 1).getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
found = {}
for name in ["by-rows", "by-text"]:
    rows = spark.read.parquet(os.path.join(sys.argv[1], name)).orderBy("int").collect()
    found[name] = {"int": [str(row["int"]) for row in rows], "text": [row["text"] for row in rows]}
spark.stop()
print(json.dumps(found))
