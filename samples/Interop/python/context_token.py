"""A sender and a verifier of the context token, by docs/reference/context-token.md alone."""

import base64
import hashlib
import json
import os
import re
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from peer_certificate import Refused, end_of, is_workload, read

HEADERS = ("Txn-Token", "Txn-Chain", "Txn-Certs")
MAX_LENGTH = 8192
MAX_LINKS = 4
MAX_CERTIFICATES = 16
MAX_HEADER = 512
MAX_LIFETIME = 120
SKEW = 5
ROOT, LINK = "txntoken+jwt", "zt-link+jwt"
ROOT_CLAIMS = {"iss", "iat", "exp", "aud", "txn", "sub", "scope", "req_wl", "tctx"}
LINK_CLAIMS = {"prv", "to", "scope", "iat", "exp"}

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_PRINTABLE = re.compile(r"[ -~]{1,256}")
_PERMISSION = re.compile(r"[a-z0-9][a-z0-9._:-]{0,63}")
_TENANT = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}")
_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,255}")


# Encodings

def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text):
    """The one spelling of the bytes, or None."""
    if _BASE64URL.fullmatch(text) is None or len(text) % 4 == 1:
        return None
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return data if encode(data) == text else None


def sha256(data):
    return encode(hashlib.sha256(data).digest())


def hash_of(compact):
    return sha256(compact.encode("ascii"))


def strict_json(data, max_depth):
    """One object in UTF-8, no member twice, no number but whole ones as int."""
    def once(pairs):
        members = dict(pairs)
        if len(members) != len(pairs):
            raise Refused("jose.duplicate_member")
        return members

    def no_constant(name):
        raise ValueError(name)

    def whole(digits):
        return float(digits) if digits.startswith("-") else int(digits)

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=no_constant, parse_int=whole)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Refused("jose.json_invalid", str(error)) from error
    if not isinstance(value, dict) or _depth(value) > max_depth:
        raise Refused("jose.json_invalid", "no object, or too deep")
    return value


def _depth(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_depth, inner), default=0)


# Keys

def algorithm_of(key):
    """The algorithm that the key fixes, or None."""
    if isinstance(key, (ec.EllipticCurvePublicKey, ec.EllipticCurvePrivateKey)):
        return {"secp256r1": "ES256", "secp384r1": "ES384"}.get(key.curve.name)
    return "PS256" if isinstance(key, (rsa.RSAPublicKey, rsa.RSAPrivateKey)) and 2048 <= key.key_size <= 8192 else None


def sign(key, data):
    algorithm = algorithm_of(key)
    if algorithm == "PS256":
        return key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    size, digest = (32, hashes.SHA256()) if algorithm == "ES256" else (48, hashes.SHA384())
    r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(digest)))
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def is_signature(key, signature, data):
    algorithm = algorithm_of(key)
    try:
        if algorithm == "PS256":
            key.verify(signature, data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
            return True
        size, digest = (32, hashes.SHA256()) if algorithm == "ES256" else (48, hashes.SHA384())
        if len(signature) != 2 * size:
            return False
        der = utils.encode_dss_signature(int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))
        key.verify(der, data, ec.ECDSA(digest))
        return True
    except InvalidSignature:
        return False


# Reading

class Token:
    """A compact JWS taken apart; nothing of it is believed yet."""

    def __init__(self, compact, kind):
        if len(compact) > MAX_LENGTH:
            raise Refused("jose.too_large")
        parts = compact.split(".")
        if len(parts) != 3 or not parts[0] or not parts[2]:
            raise Refused("jose.part_count")
        if len(parts[0]) > MAX_HEADER:
            raise Refused("jose.too_large")
        header, payload, self.signature = map(decode, parts)
        if header is None or payload is None or self.signature is None:
            raise Refused("jose.encoding_invalid")
        self.compact = compact
        self.signed = f"{parts[0]}.{parts[1]}".encode("ascii")
        self.header = _header(header, kind)
        self.claims = strict_json(payload, 4)
        self.certificate = self.header.get("x5t#S256")

    def verify(self, key):
        if self.header["alg"] != algorithm_of(key):
            raise Refused("jose.algorithm_mismatch")
        if not is_signature(key, self.signature, self.signed):
            raise Refused("jose.signature_invalid")


def _header(data, kind):
    header = strict_json(data, 8)
    for name, value in header.items():
        if name in ("crit", "b64"):
            raise Refused("jose.critical_extension", name)
        if name in ("jwk", "jku", "x5u", "x5c"):
            raise Refused("jose.embedded_key", name)
        if name in ("alg", "typ", "kid", "x5t#S256") and not (isinstance(value, str) and _PRINTABLE.fullmatch(value)):
            raise Refused("jose.header_invalid", name)
    if "alg" not in header:
        raise Refused("jose.algorithm_missing")
    if header["alg"] not in ("ES256", "ES384", "PS256", "RS256"):
        raise Refused("jose.algorithm_refused", header["alg"])
    by_kid = kind == ROOT and "kid" in header
    if set(header) != {"alg", "typ", "kid" if by_kid else "x5t#S256"}:
        raise Refused("authz.token_header_refused")
    if header["typ"] != kind:
        raise Refused("authz.token_type_refused", header["typ"])
    if by_kid and header["alg"] == "RS256":
        raise Refused("authz.root_algorithm_refused")
    return header


def _permissions(text):
    if not isinstance(text, str):
        return None
    words = text.split(" ") if text else []
    fit = len(words) <= 64 and len(set(words)) == len(words) and all(_PERMISSION.fullmatch(word) for word in words)
    return frozenset(words) if fit else None


def _time(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 253402300799


def _text(value, pattern):
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _workload(value):
    return isinstance(value, str) and is_workload(value)


def _require(code, claims, rules):
    for name, fits in rules.items():
        if name not in claims:
            raise Refused(code, f"{name} is missing")
        if not fits(claims[name]):
            raise Refused(code, f"{name} is not what it has to be")
    if len(claims) != len(rules):
        raise Refused(code, "a claim too many")


_ROOT_RULES = {
    "iss": lambda value: isinstance(value, str) and 1 <= len(value) <= 2048,
    "iat": _time,
    "exp": _time,
    "aud": lambda value: isinstance(value, str) and 1 <= len(value) <= 2048,
    "txn": lambda value: isinstance(value, str) and len(decode(value) or b"") == 16,
    "sub": lambda value: _text(value, _SUBJECT),
    "scope": lambda value: _permissions(value) is not None,
    "req_wl": _workload,
    "tctx": lambda value: isinstance(value, dict) and set(value) == {"tenant_id"} and _text(value["tenant_id"], _TENANT),
}
_LINK_RULES = {
    "prv": lambda value: isinstance(value, str) and len(decode(value) or b"") == 32,
    "to": _workload,
    "scope": lambda value: _permissions(value) is not None,
    "iat": _time,
    "exp": _time,
}


# Verifying

class Grant:
    """What a workload or a token service may mint."""

    def __init__(self, tenants, subject_kinds, permissions, max_lifetime=MAX_LIFETIME):
        self._tenants = tenants
        self._kinds = subject_kinds
        self._permissions = frozenset(permissions)
        self._max_lifetime = max_lifetime

    @staticmethod
    def of(settings):
        return Grant(settings["tenants"], settings["subjectKinds"], settings["permissions"], settings.get("maxLifetime", MAX_LIFETIME))

    def check(self, claims):
        if self._tenants != ["*"] and claims["tctx"]["tenant_id"] not in self._tenants:
            raise Refused("authz.mint_tenant_not_granted")
        is_system = claims["sub"].startswith("system:")
        if ("System" if is_system else "User") not in self._kinds:
            raise Refused("authz.mint_subject_kind_not_granted")
        if is_system and claims["sub"] != "system:" + claims["req_wl"]:
            raise Refused("authz.mint_subject_not_granted")
        if not _permissions(claims["scope"]) <= self._permissions:
            raise Refused("authz.mint_permission_not_granted")
        if claims["exp"] - claims["iat"] > self._max_lifetime:
            raise Refused("authz.mint_lifetime_not_granted")


class Context:
    """A verified context. Keep it as it is: it is handed on with its tokens."""

    def __init__(self, claims, scope, expires_at, call_chain, root, links, certificates):
        self.tenant = claims["tctx"]["tenant_id"]
        self.subject = claims["sub"]
        self.permissions = sorted(scope)
        self.transaction_id = claims["txn"]
        self.call_chain = call_chain
        self.expires_at = expires_at
        self.root, self.links, self.certificates = root, links, certificates

    def describe(self):
        return {
            "tenant": self.tenant, "subject": self.subject, "permissions": self.permissions,
            "transactionId": self.transaction_id, "callChain": self.call_chain, "expiresAt": self.expires_at,
        }


class Verifier:
    """Rules 1 to 7."""

    def __init__(self, own, trust, grants, token_services=None):
        self._own = own
        self._trust = trust
        self._grants = grants
        self._services = token_services or {}

    def verify(self, values, sender, now=None):
        """A context by the values of each header, and the verified peer of the connection."""
        now = time.time() if now is None else now
        token, chain, certs = self._one_of_each(values)
        if len(token) + len(chain) + len(certs) > MAX_LENGTH:
            raise Refused("authz.too_large")
        root, links, certificates = self._parse(token, chain, certs)
        signers = self._signers(root, links, certificates, now)
        self._check_root(root, signers)
        self._check_times(root.claims, now)
        context = self._follow(root, links, signers, certs, now)
        if context.call_chain[-1] != self._own:
            raise Refused("authz.not_addressed_here", context.call_chain[-1])
        if signers[links[-1].certificate].workload != sender:
            raise Refused("authz.sender_mismatch", str(sender))
        return context

    @staticmethod
    def _one_of_each(values):
        lists = [values.get(name, []) for name in HEADERS]
        if not any(lists):
            raise Refused("authz.context_missing")
        if any(len(each) > 1 for each in lists):
            raise Refused("authz.header_duplicated")
        for each, code in zip(lists, ("authz.token_malformed", "authz.chain_missing", "authz.certificates_malformed")):
            if not each:
                raise Refused(code)
        return [each[0] for each in lists]

    @staticmethod
    def _parse(token, chain, certs):
        root = Token(token, ROOT)
        _require("authz.token_malformed", root.claims, _ROOT_RULES)
        if not chain:
            raise Refused("authz.chain_missing")
        compacts = chain.split("~")
        if len(compacts) > MAX_LINKS:
            raise Refused("authz.chain_too_long")
        links = []
        for compact in compacts:
            links.append(Token(compact, LINK))
            _require("authz.link_malformed", links[-1].claims, _LINK_RULES)
        encoded = certs.split("~")
        ders = [decode(text) for text in encoded]
        if len(encoded) > MAX_CERTIFICATES or not all(ders) or len(set(encoded)) != len(encoded):
            raise Refused("authz.certificates_malformed")
        return root, links, {sha256(der): der for der in ders}

    def _signers(self, root, links, certificates, now):
        names = dict.fromkeys(token.certificate for token in [root, *links] if token.certificate is not None)
        beside = [der for name, der in certificates.items() if name not in names]
        signers = {}
        for name in names:
            if name not in certificates:
                raise Refused("authz.signer_certificate_missing")
            try:
                peer = self._trust.verify(certificates[name], beside, now)
            except Refused as refused:
                raise Refused("authz.signer_untrusted", str(refused), refused.code) from refused
            if peer.workload is None:
                raise Refused("authz.signer_unnamed")
            if algorithm_of(peer.key) is None:
                raise Refused("authz.signer_untrusted", "key", "jose.key_unsupported")
            signers[name] = peer
        return signers

    def _check_root(self, root, signers):
        claims = root.claims
        if root.certificate is None:
            if claims["iss"] not in self._services:
                raise Refused("authz.token_service_unknown")
            grant, keys = self._services[claims["iss"]]
            if root.header["kid"] not in keys:
                raise Refused("authz.token_service_key_unknown")
            root.verify(keys[root.header["kid"]])
            grant.check(claims)
            return
        signer = signers[root.certificate]
        root.verify(signer.key)
        if signer.workload not in self._grants:
            raise Refused("authz.mint_grant_missing", signer.workload)
        self._grants[signer.workload].check(claims)
        if claims["iss"] != signer.workload:
            raise Refused("authz.issuer_mismatch")
        if claims["req_wl"] != signer.workload:
            raise Refused("authz.requester_mismatch")

    def _check_times(self, claims, now):
        if claims["aud"] != self._trust.trust_domain:
            raise Refused("authz.audience_mismatch")
        _check_clock(claims, now)
        if not 0 < claims["exp"] - claims["iat"] <= MAX_LIFETIME:
            raise Refused("authz.lifetime_refused")

    @staticmethod
    def _follow(root, links, signers, certs, now):
        call_chain = [root.claims["req_wl"]]
        before, scope = root, _permissions(root.claims["scope"])
        for link in links:
            claims, signer = link.claims, signers[link.certificate]
            link.verify(signer.key)
            if signer.workload != call_chain[-1]:
                raise Refused("authz.link_signer_mismatch")
            if claims["prv"] != hash_of(before.compact):
                raise Refused("authz.chain_broken")
            if not _permissions(claims["scope"]) <= scope:
                raise Refused("authz.scope_widened")
            if claims["exp"] > before.claims["exp"]:
                raise Refused("authz.link_expiry_extended")
            if claims["exp"] > signer.not_after:
                raise Refused("authz.link_outlives_signer")
            _check_clock(claims, now)
            if claims["iat"] >= claims["exp"] or claims["iat"] + SKEW < before.claims["iat"]:
                raise Refused("authz.lifetime_refused")
            call_chain.append(claims["to"])
            before, scope = link, _permissions(claims["scope"])
        return Context(
            root.claims, scope, before.claims["exp"], call_chain, root.compact, [link.compact for link in links], certs.split("~"))


def _check_clock(claims, now):
    if claims["iat"] > now + SKEW:
        raise Refused("authz.not_yet_valid")
    if now >= claims["exp"] + SKEW:
        raise Refused("authz.expired")


# Sending

class Sender:
    """A workload with its key and its certificates: it mints, and hands on."""

    def __init__(self, workload, certificates, key, trust_domain):
        self.workload = workload
        self._key = key
        self._trust_domain = trust_domain
        self._certificates = [encode(der) for der in certificates]
        self._not_after = end_of(read(certificates[0]))
        self._name = sha256(certificates[0])

    def mint(self, tenant, subject, permissions, now=None, lifetime=MAX_LIFETIME):
        """A context that this workload holds. Only code that has authenticated the subject may call it."""
        issued = int(time.time() if now is None else now)
        claims = {
            "iss": self.workload, "iat": issued, "exp": min(issued + lifetime, self._not_after), "aud": self._trust_domain,
            "txn": encode(os.urandom(16)), "sub": subject, "scope": " ".join(sorted(permissions)), "req_wl": self.workload,
            "tctx": {"tenant_id": tenant},
        }
        return Context(claims, permissions, claims["exp"], [self.workload], self._sign(ROOT, claims), [], [])

    def link(self, context, to, narrow_to=None, now=None):
        """The headers that hand a context to the one workload that the connection proves."""
        now = time.time() if now is None else now
        if now >= context.expires_at or now >= self._not_after:
            raise Refused("authz.expired")
        if context.call_chain[-1] != self.workload:
            raise Refused("authz.not_addressed_here")
        if len(context.links) == MAX_LINKS:
            raise Refused("authz.chain_too_long")
        scope = context.permissions if narrow_to is None else set(context.permissions) & set(narrow_to)
        link = self._sign(LINK, {
            "prv": hash_of(context.links[-1] if context.links else context.root), "to": to, "scope": " ".join(sorted(scope)),
            "iat": int(now), "exp": min(context.expires_at, self._not_after),
        })
        values = (
            context.root,
            "~".join([*context.links, link]),
            "~".join(dict.fromkeys([*context.certificates, *self._certificates])),
        )
        if sum(map(len, values)) > MAX_LENGTH:
            raise Refused("authz.too_large", str(sum(map(len, values))))
        return dict(zip(HEADERS, values))

    def _sign(self, kind, claims):
        header = {"alg": algorithm_of(self._key), "typ": kind, "x5t#S256": self._name}
        signed = ".".join(encode(json.dumps(part, separators=(",", ":")).encode("utf-8")) for part in (header, claims))
        return f"{signed}.{encode(sign(self._key, signed.encode('ascii')))}"


# Files

def read_jwks(document):
    """The keys of a token service by kid; an RSA key that states no algorithm is for PS256."""
    keys = {}
    for jwk in document["keys"]:
        number = lambda name: int.from_bytes(decode(jwk[name]), "big")
        if jwk["kty"] == "EC":
            curve = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}[jwk["crv"]]
            keys[jwk["kid"]] = ec.EllipticCurvePublicNumbers(number("x"), number("y"), curve).public_key()
        elif jwk["kty"] == "RSA" and jwk.get("alg", "PS256") == "PS256":
            keys[jwk["kid"]] = rsa.RSAPublicNumbers(number("e"), number("n")).public_key()
    return keys


def read_pem(text):
    """The certificates of a PEM, as DER."""
    blocks = re.findall(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", text, re.DOTALL)
    return [base64.b64decode(block) for block in blocks]


def read_key(text):
    return serialization.load_pem_private_key(text.encode("ascii"), password=None)
