"""A gRPC client that is not .NET's. Asks Check and follows Watch of grpc.health.v1, and prints every answer on a line.

usage: OutsideClient.py check|watch ADDRESS SERVICE [CA CERTIFICATE KEY]
"""
import sys

import grpc


def request(service):
    name = service.encode()
    return bytes([0x0A, len(name)]) + name if name else b""


def status(message):
    # field 1, varint; left out where it is 0 (proto3)
    return message[1] if len(message) == 2 and message[0] == 0x08 else 0 if not message else -1


def channel(arguments):
    if len(arguments) == 3:
        return grpc.insecure_channel(arguments[1])
    ca, certificate, key = (open(name, "rb").read() for name in arguments[3:6])
    return grpc.secure_channel(
        arguments[1],
        grpc.ssl_channel_credentials(ca, key, certificate),
        (("grpc.ssl_target_name_override", "orders.test"),))


def main(arguments):
    names = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"]
    with channel(arguments) as connection:
        try:
            if arguments[0] == "check":
                check = connection.unary_unary("/grpc.health.v1.Health/Check")
                print(names[status(check(request(arguments[2]), timeout=20))], flush=True)
            else:
                watch = connection.unary_stream("/grpc.health.v1.Health/Watch")
                for answer in watch(request(arguments[2]), timeout=60):
                    print(names[status(answer)], flush=True)
                print("END", flush=True)
        except grpc.RpcError as error:
            print(error.code().name, flush=True)


main(sys.argv[1:])
