"""gRPC's C core: grpcio.py once|load unary URL CA [CERT KEY]."""
import sys
import urllib.parse

import grpc

from loads import run

mode, _, url, ca = sys.argv[1:5]
read = lambda path: open(path, "rb").read()
pair = [read(path) for path in sys.argv[5:7]] or [None, None]
credentials = grpc.ssl_channel_credentials(read(ca), pair[1], pair[0])
channel = grpc.secure_channel(urllib.parse.urlsplit(url).netloc, credentials, [("grpc.enable_http_proxy", 0)])
ping = channel.unary_unary("/zerotrust.peers.Pings/Ping", request_serializer=bytes, response_deserializer=bytes)


def call():
    try:
        ping(b"", timeout=20)
        return "OK", ""
    except grpc.RpcError as error:
        raise RuntimeError(f"{error.code().name} {error.details()}") from None


run(mode, call)
