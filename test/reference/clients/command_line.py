"""The `omero` command, which otherwise refuses to run as the superuser of a container."""
import os

os.geteuid = lambda: 1000

import omero.main  # noqa: E402

omero.main.main()
