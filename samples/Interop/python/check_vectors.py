"""Judges every test vector of the context token: check_vectors.py [folder]. Exit code 0 when all are as stated, 2 without vectors.

The folder is tests/vectors/context-token of the repository; no package holds it.
Then it mints and links as every workload of the vectors that can, and judges that too.
"""

import json
import pathlib
import sys

from context_token import Grant, Sender, Verifier, read_jwks, read_key, read_pem
from peer_certificate import Refused, Trust, read

DEFAULT = pathlib.Path(__file__).resolve().parent.joinpath("../../../tests/vectors/context-token").resolve()


def main(folder):
    world = json.loads((folder / "world.json").read_text("utf-8"))
    certificates = world["certificates"]
    trust = Trust(world["trustDomain"], [read(der) for pem in world["anchors"] for der in read_pem(pem)], world["denied"])
    grants = {grant["workload"]: Grant.of(grant) for grant in world["mintGrants"]}
    services = {
        service["grant"]["workload"]: (Grant.of(service["grant"]), read_jwks(service["keys"])) for service in world["tokenServices"]
    }

    def verifier(name):
        return Verifier(certificates[name]["workload"], trust, grants, services)

    count, wrong = 0, []
    for file in sorted(folder.glob("*.json")):
        for case in json.loads(file.read_text("utf-8")) if file.name != "world.json" else []:
            count += 1
            try:
                context = verifier(case["receiver"]).verify(case["headers"], certificates[case["sender"]]["workload"], world["time"])
                got = ("accepted", None, None, context.describe())
            except Refused as refused:
                got = ("refused", refused.code, refused.cause, None)
            if got != (case["verdict"], case.get("code"), case.get("cause"), case.get("context")):
                wrong.append(f"{case['name']}: {case['verdict']} {case.get('code')} {case.get('cause')} stated, got {got}")

    sent = 0
    for name in ("gateway", "rsa", "p384", "ledger"):
        sender, orders = (
            Sender(entry["workload"], read_pem(entry["chainPem"]), read_key(entry["testKeyPem"]), world["trustDomain"])
            for entry in (certificates[name], certificates["orders"]))
        headers = sender.link(sender.mint("acme", "idp/alice", ["orders:read"], world["time"]), orders.workload, now=world["time"])
        context = verifier("orders").verify({key: [value] for key, value in headers.items()}, sender.workload, world["time"])
        onwards = orders.link(context, certificates["billing"]["workload"], now=world["time"])
        verifier("billing").verify({key: [value] for key, value in onwards.items()}, orders.workload, world["time"])
        sent += 1

    print("\n".join(wrong))
    print(f"{count - len(wrong)} of {count} vectors as stated, {sent} senders accepted")
    return 1 if wrong or not count else 0


def fault_of(folder):
    """What keeps the folder from being judged, or None."""
    if not (folder / "world.json").is_file():
        return f"{folder} holds no world.json"
    if not any(file.name != "world.json" for file in folder.glob("*.json")):
        return f"{folder} holds no vectors beside world.json"
    return None


if __name__ == "__main__":
    chosen = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    fault = fault_of(chosen)
    if fault:
        print(
            f"{fault}: give the path of tests/vectors/context-token of the repository, as in check_vectors.py vectors/context-token",
            file=sys.stderr)
        sys.exit(2)
    sys.exit(main(chosen))
