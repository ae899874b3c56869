"""Dask and Spark over a table of OMERO, by the examples: what they count, filter and add up, as JSON on standard output.

    scale_engines.py ENGINE WAY FILE_ID PARTITIONS [FOLDER TO WRITE INTO]

ENGINE is dask or spark, WAY is scan (a process of omero2frame for each part) or flight.
"""
import json
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
engine, way, file_id, partitions, *folder = sys.argv[1:]


def dask_answers():
    import dask
    import dask.dataframe as dd

    if way == "scan":
        from dask_example import read_omero as read
    else:
        from omero_flight import dask_frame as read
    frame = read(int(file_id), partitions=int(partitions))
    hits = frame[frame["area"] > 100]
    groups = frame.groupby("name")["area"].sum()
    with dask.config.set(scheduler="processes", num_workers=2):
        rows, count, areas, low, high, sums = dask.compute(
            frame.shape[0], hits.shape[0], hits["area"].sum(), frame["image"].min(), frame["image"].max(), groups)
        if folder:
            frame.to_parquet(folder[0], write_index=False)
            frame.assign(group=frame["image"] % 3).to_parquet(folder[0] + "-by-group", write_index=False, partition_on=["group"])
    return rows, count, areas, low, high, sums.to_dict()


def spark_answers():
    from pyspark.sql import SparkSession, functions as f

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    if way == "scan":
        from omero_spark import OmeroDataSource as Source
    else:
        from omero_flight_spark import OmeroFlightDataSource as Source
    spark.dataSource.register(Source)
    frame = spark.read.format(Source.name()).options(fileId=file_id, partitions=partitions).load()
    hit = f.col("area") > 100
    rows, count, areas, low, high = frame.agg(
        f.count("*"), f.count(f.when(hit, 1)), f.sum(f.when(hit, f.col("area"))), f.min("image"), f.max("image")).first()
    sums = {row["name"]: row["total"] for row in frame.groupBy("name").agg(f.sum("area").alias("total")).collect()}
    if folder:
        frame.write.parquet(folder[0])
        group = f.when(f.col("image") % 3 > 0, f.concat(f.lit("ä/:% "), f.col("image") % 3))
        frame.withColumn("group", group).write.partitionBy("group").parquet(folder[0] + "-by-group")
    return rows, count, areas, low, high, sums


def main():
    start = time.time()
    rows, count, areas, low, high, sums = {"dask": dask_answers, "spark": spark_answers}[engine]()
    print(json.dumps({
        "rows": int(rows), "hits": int(count), "area of hits": float(areas), "images": [str(low), str(high)],
        "area by name": {name: float(total) for name, total in sorted(sums.items())}, "seconds": time.time() - start,
    }))


if __name__ == "__main__":
    main()
