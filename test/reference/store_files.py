"""Image files as h5py and mrcfile see them.

    store_files.py check FOLDER   prints what is in the files written by the store, as JSON
    store_files.py make FOLDER    writes files that the store is to read
"""
import json
import os
import sys

import h5py
import mrcfile
import numpy as np

what, folder = sys.argv[1:]


def at(name):
    return os.path.join(folder, name)


def plain(value):
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()] if value.dtype.names is None else [list(item) for item in value.tolist()]
    return value.item() if isinstance(value, np.generic) else value


def check_hdf(path):
    with h5py.File(path, "r") as file:
        images = file["MDF/images"]
        last = images.attrs["imageid_max"]
        assert last.shape == (1,) and last.dtype == np.int32, last
        assert "num_dataset" not in file.attrs
        found = []
        for n in sorted(int(name) for name in images):
            assert n <= last[0], n
            group = images[str(n)]
            data = group["image"]
            attributes = {name[5:]: plain(value) for name, value in group.attrs.items() if name.startswith("EMAN.")}
            types = {name[5:]: h5py.h5a.open(group.id, name.encode()).get_type() for name in group.attrs}
            for name, kind in types.items():
                # What EMAN2 reads wrong or crashes on.
                assert not isinstance(kind, h5py.h5t.TypeStringID) or not kind.is_variable_str(), name
                assert not (isinstance(kind, h5py.h5t.TypeIntegerID) and kind.get_size() == 8), name
            assert [attributes["nx"][0], attributes["ny"][0]] == [data.shape[-1], data.shape[-2]]
            found.append({"type": str(data.dtype), "shape": list(data.shape), "sum": float(data[()].sum()),
                          "chunks": data.chunks and list(data.chunks), "attributes": attributes})
        return found


def check_mrc(path):
    with mrcfile.open(path) as file:
        return {"type": str(file.data.dtype), "shape": list(file.data.shape), "sum": float(file.data.astype("f8").sum()),
                "stack": bool(file.is_image_stack()), "voxel": [float(file.voxel_size[axis]) for axis in "xyz"],
                "valid": mrcfile.validate(path, print_file=sys.stderr)}


def check():
    files = {}
    for name in sorted(os.listdir(folder)):
        files[name] = check_hdf(at(name)) if name.endswith(".hdf") else check_mrc(at(name))
    print(json.dumps(files))


def make_unusual_stack():
    """What other programs write into stacks, and other versions of EMAN2."""
    with h5py.File(at("unusual.hdf"), "w", libver="latest") as file:
        images = file.create_group("MDF/images")
        group = images.create_group("0")
        group.attrs["EMAN.truth"] = np.bool_(True)
        group.attrs["EMAN.text"] = "\u00c4 \u20ac"
        group.attrs["EMAN.half"] = np.float16(1.5)
        group.attrs.create("EMAN.big", [2**60 + 1], dtype="i8")
        group.attrs.create("EMAN.swapped", [1.5, 2.5], dtype=">f4")
        group.attrs.create("TiltAngle", [30], dtype="f4")
        group.create_dataset("image", data=np.arange(12, dtype=">f4").reshape(3, 4), chunks=(3, 4), compression="gzip", shuffle=True)
        group = images.create_group("1")
        for name, value, kind in [("rendermin", -1, "f4"), ("rendermax", 2, "f4"), ("renderbits", 8, "i4")]:
            group.attrs.create("EMAN.stored_" + name, [value], dtype=kind)
        group.create_dataset("image", data=np.array([[0, 85], [170, 255]], dtype="u1"), chunks=(2, 2), compression=1)
    with h5py.File(at("eman1.hdf"), "w") as file:
        file.attrs.create("num_dataset", 1, dtype="i4")
        data = file.create_dataset("0", data=np.arange(12, dtype="f4").reshape(4, 3))
        data.attrs.create("apix_x", 1.5, dtype="f4")


def make():
    with h5py.File(at("peer.hdf"), "w") as file:
        images = file.create_group("MDF/images")
        images.attrs.create("imageid_max", [1], dtype="i4")
        for n in range(2):
            group = images.create_group(str(n))
            group.attrs.create("EMAN.apix_x", [1.5], dtype="f4")
            group.attrs.create("EMAN.label", np.bytes_("Zelle \u00e4".encode("utf-8")))
            group.attrs.create("EMAN.on", [84], dtype="i1")
            group.attrs.create("EMAN.numbers", [1, 2, 3], dtype="i4")
            group.create_dataset("image", data=np.arange(12, dtype="f4").reshape(3, 4) + n)
    make_unusual_stack()
    with mrcfile.new(at("stack.mrcs")) as file:
        file.set_data(np.arange(24, dtype="i2").reshape(2, 3, 4))
        file.set_image_stack()
        file.voxel_size = 2.5
    with mrcfile.new(at("volume.mrc")) as file:
        file.set_data(np.arange(24, dtype="f4").reshape(2, 3, 4))
        file.voxel_size = (1, 2, 3)
    with mrcfile.new(at("half.mrc")) as file:
        file.set_data(np.array([[0.5, -2, 1e-6, 65504]], dtype="f2"))
    with mrcfile.new(at("volumes.mrc")) as file:
        file.set_data(np.arange(48, dtype="u2").reshape(2, 2, 3, 4))


{"check": check, "make": make}[what]()
