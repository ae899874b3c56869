"""Names the channels of the first image, and gives the first two rendering settings: prepare.py PORT IDS.json"""
import sys, json, omero, omero.clients
from omero.rtypes import *
PORT, IDS = int(sys.argv[1]), json.load(open(sys.argv[2]))
c = omero.client("127.0.0.1", PORT); s = c.createSession("user", "pass")
q = s.getQueryService(); u = s.getUpdateService()
p = q.findByQuery("select p from Pixels p left outer join fetch p.channels as c join fetch c.logicalChannel as lc where p.image.id = %d" % IDS["image"], None)
for ch, n in zip(p.copyChannels(), "ABC"):
    lc = ch.getLogicalChannel(); lc.setName(rstring(n)); u.saveObject(lc)
rs = s.getRenderingSettingsService()
rs.resetDefaultsInSet("Image", [IDS["image"]]); rs.resetDefaultsInSet("Image", [IDS["image2"]])
c.closeSession()
