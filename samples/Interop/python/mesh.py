"""Mutual TLS with a ZeroTrust service: the settings, a call and a listener."""

import http.client
import json
import pathlib
import ssl
import sys
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from context_token import HEADERS, Grant, Sender, Verifier, read_key, read_pem
from peer_certificate import CLIENT, SERVER, Refused, Trust, read

TIMEOUT = 10


class Workload:
    """A workload by its settings file: such as ../orders.json."""

    def __init__(self, settings_file):
        path = pathlib.Path(settings_file)
        settings = json.loads(path.read_text("utf-8"))
        files = (path.parent / settings[name] for name in ("certificate", "key", "anchors"))
        self.certificate_file, self.key_file, self.anchor_file = files
        chain = read_pem(self.certificate_file.read_text("ascii"))
        anchors = [read(der) for der in read_pem(self.anchor_file.read_text("ascii"))]
        self.trust = Trust(settings["trustDomain"], anchors)
        self.id = self.trust.verify(chain[0], chain[1:], time.time()).workload
        self.sender = Sender(self.id, chain, read_key(self.key_file.read_text("ascii")), settings["trustDomain"])
        grants = {grant["workload"]: Grant.of(grant) for grant in settings.get("mintGrants", [])}
        self.verifier = Verifier(self.id, self.trust, grants)
        self.peers = set(settings.get("peers", []))
        self.port = settings.get("port", 0)
        self.next = settings.get("next")

    def tls(self, side):
        tls = ssl.SSLContext(side)
        tls.minimum_version = ssl.TLSVersion.TLSv1_3
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_REQUIRED
        tls.load_verify_locations(self.anchor_file)
        tls.load_cert_chain(self.certificate_file, self.key_file)
        return tls

    def call(self, server, headers):
        """GET at the server named in the settings. Nothing of the request is sent before the server has proved its workload id."""
        url = urllib.parse.urlsplit(server["url"])
        connection = http.client.HTTPSConnection(url.hostname, url.port, context=self.tls(ssl.PROTOCOL_TLS_CLIENT), timeout=TIMEOUT)
        try:
            connection.connect()
            peer = self.trust.verify_leaf_of_tls(connection.sock.getpeercert(binary_form=True), time.time(), SERVER)
            if peer.workload != server["workload"]:
                raise Refused("mtls.server_identity_mismatch", str(peer.workload))
            connection.request("GET", url.path or "/", headers=headers)
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8")
        finally:
            connection.close()


class Hop(BaseHTTPRequestHandler):
    """Verifies the context of a call, and hands it on where the settings name the next server."""

    protocol_version = "HTTP/1.1"
    timeout = TIMEOUT
    workload = None

    def setup(self):
        # Here and not where connections are accepted, so that a slow peer holds up itself alone.
        self.request.settimeout(TIMEOUT)
        self.request = self.workload.tls(ssl.PROTOCOL_TLS_SERVER).wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self):
        try:
            super().finish()
        finally:
            self.request.close()

    def do_GET(self):
        try:
            peer = self.workload.trust.verify_leaf_of_tls(self.request.getpeercert(binary_form=True), time.time(), CLIENT)
            if peer.workload not in self.workload.peers:
                raise Refused("mtls.peer_not_allowed", str(peer.workload))
            context = self.workload.verifier.verify({name: self.headers.get_all(name, []) for name in HEADERS}, peer.workload)
            self.answer(*self.pass_on(context))
        except Refused as refused:
            print(f"refused {refused}", flush=True)
            self.answer(403 if "_not_granted" in refused.code or refused.code == "authz.mint_grant_missing" else 401,
                        json.dumps({"type": f"urn:zerotrust:rejection:{refused.code}"}))

    def pass_on(self, context):
        if self.workload.next is None:
            return 200, json.dumps(context.describe())
        try:
            return self.workload.call(self.workload.next, self.workload.sender.link(context, self.workload.next["workload"]))
        except (Refused, OSError) as failure:
            print(f"not passed on {failure}", flush=True)
            return 502, json.dumps({"type": "about:blank"})

    def answer(self, status, body):
        data = body.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        print(f"connection ended: {sys.exc_info()[1]}", flush=True)


def serve(workload):
    """Listens on the loopback address until the process ends."""
    handler = type("WorkloadHop", (Hop,), {"workload": workload})
    listener = Listener(("127.0.0.1", workload.port), handler)
    print(f"listening {listener.server_address[1]}", flush=True)
    listener.serve_forever()
