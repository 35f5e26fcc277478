"""A service that verifies contexts and hands them on: hop.py settings.json"""

import sys

from mesh import Workload, serve
from peer_certificate import Refused

try:
    serve(Workload(sys.argv[1]))
except Refused as refused:
    sys.exit(f"the own certificate is refused: {refused}")
except KeyboardInterrupt:
    pass
