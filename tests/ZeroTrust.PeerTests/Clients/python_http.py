"""http.client or requests: python_http.py once|load http.client|requests URL CA [CERT KEY]."""
import http.client
import ssl
import sys
import urllib.parse

from loads import run

mode, library, url, ca = sys.argv[1:5]
pair = tuple(sys.argv[5:7]) or None


def connect():
    context = ssl.create_default_context(cafile=ca)
    if pair:
        context.load_cert_chain(*pair)
    parts = urllib.parse.urlsplit(url)
    return http.client.HTTPSConnection(parts.hostname, parts.port, context=context, timeout=20)


class Plain:
    connection = None

    def call(self):
        # As its own documentation has it: after "Connection: close" the object connects again by itself.
        if self.connection is None:
            self.connection = connect()
        try:
            self.connection.request("POST", "/echo", body=b"x")
            answer = self.connection.getresponse()
            return answer.status, answer.read().decode()
        except Exception:
            self.connection.close()
            self.connection = None
            raise


class Requests:
    def __init__(self):
        import requests

        self.session = requests.Session()
        self.session.verify = ca
        self.session.cert = pair
        self.session.trust_env = False

    def call(self):
        answer = self.session.post(url + "/echo", data=b"x", timeout=20)
        return answer.status_code, answer.text


run(mode, (Plain() if library == "http.client" else Requests()).call)
