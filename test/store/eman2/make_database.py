"""Makes a folder with databases as EMAN2 (db/EMAN2db.py, until 2022) writes them, by Berkeley DB itself.

    make_database.py FOLDER [ENTRIES [PAGE_SIZE [BYTE_ORDER]]]

needs the package berkeleydb and libdb 5.3.
"""
import os
import pickle
import struct
import sys

from berkeleydb import db

folder = os.path.join(sys.argv[1], "EMAN2DB")
count = int(sys.argv[2]) if len(sys.argv) > 2 else 5
page_size = int(sys.argv[3]) if len(sys.argv) > 3 else 0
byte_order = int(sys.argv[4]) if len(sys.argv) > 4 else 1234  # or 4321
os.makedirs(folder, exist_ok=True)


def dumps(value):
    return pickle.dumps(value, 2)


class Database:
    def __init__(self, name):
        self.name = name
        self.file = db.DB()
        self.file.set_lorder(byte_order)
        if page_size:
            self.file.set_pagesize(page_size)
        self.file.open(os.path.join(folder, name + ".bdb"), name, db.DB_BTREE, db.DB_CREATE)
        self.slots = {}
        self.highest = -1

    def note(self, key):
        if isinstance(key, int):
            self.highest = max(self.highest, key)
            self.file.put(dumps("maxrec"), dumps(self.highest))

    def value(self, key, value):
        self.file.put(dumps(key), dumps(value))
        self.note(key)

    def image(self, key, size, pixels, **attributes):
        nx, ny, nz = size
        name = "%dx%dx%d" % size
        slot = self.slots[name] = self.slots.get(name, -1) + 1
        self.file.put(dumps(name), dumps(slot))
        self.file.put(name.encode() + dumps(key), dumps(slot))
        self.header(key, size, **attributes)
        with open(os.path.join(folder, "%s_%s" % (self.name, name)), "r+b" if slot else "w+b") as flat:
            flat.seek(slot * 4 * nx * ny * nz)
            flat.write(struct.pack("%s%df" % ("<" if byte_order == 1234 else ">", len(pixels)), *pixels))

    def header(self, key, size, **attributes):
        nx, ny, nz = size
        own = {"nx": nx, "ny": ny, "nz": nz, "is_complex": 0, "is_complex_x": 0, "is_complex_ri": 1, "minimum": 0.0}
        self.value(key, dict(own, **attributes))


class Transform(object):
    def __init__(self, numbers):
        self.numbers = numbers


particles = Database("particles")
for n in range(count):
    particles.image(n, (4, 3, 1), [n * 100 + i for i in range(12)], apix_x=1.25, label=u"Zelle \xe4 %d" % n, big=2 ** 60 + n, low=-(2 ** 40))
particles.image("volume", (2, 3, 2), [i / 2 for i in range(12)], mykey=5.5, long_text="x" * 20000)
particles.value("alist", [1, 2, 3, 4, 5])
particles.value("nested", {"a": (1, None, True), 2: {"b": [0.5]}, "set": set([1])})
particles.value("transform", Transform([1.5, 2.5]))
particles.header("lost", (9, 9, 1))
particles.value((1, 2), "a key of two numbers")
particles.value(count + 5, "beyond a gap")
particles.value("gone", 1)
particles.file.delete(dumps("gone"))
particles.file.close()

virtual = Database("virtual")
virtual.header(0, (4, 3, 1), data_path="particles_4x3x1*%d" % (2 * 4 * 12), apix_x=2.0)
virtual.file.close()
