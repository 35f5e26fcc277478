"""Begins a context and calls the next server with it: send.py settings.json tenant subject permission..."""

import sys

from mesh import Workload
from peer_certificate import Refused

try:
    workload = Workload(sys.argv[1])
    context = workload.sender.mint(sys.argv[2], sys.argv[3], sys.argv[4:])
    status, body = workload.call(workload.next, workload.sender.link(context, workload.next["workload"]))
    print(status, body)
except (Refused, OSError) as failure:
    sys.exit(str(failure))
