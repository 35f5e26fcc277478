"""A service that verifies contexts and hands them on: hop.py settings.json"""

import sys

from mesh import Workload, serve

serve(Workload(sys.argv[1]))
