"""The certificate of a peer, by docs/reference/peer-certificate.md.

No CRLs: use it where the trust domain bounds the life of its leaves instead (the default, 24 hours). What it does not know it refuses:
critical extensions, and name constraints on others than DNS names, URIs and addresses.
"""

import datetime
import ipaddress
import re
import urllib.parse

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

SKEW = 5
BACK_DATING = 3600
LATE = 60
MAX_BESIDE = 10
MAX_BYTES = 64 * 1024
MAX_CAS = 6
CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH
SERVER = ExtendedKeyUsageOID.SERVER_AUTH

_DOMAIN = r"[a-z0-9._-]{1,255}"
_SPIFFE = re.compile(rf"spiffe://({_DOMAIN})((?:/(?!\.{{1,2}}(?:/|\Z))[A-Za-z0-9._-]+)+)")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DNS = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_KNOWN = {
    ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE, ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    ExtensionOID.NAME_CONSTRAINTS,
}


class Refused(Exception):
    """A rule was broken."""

    def __init__(self, code, detail="", cause=None):
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.cause = cause


def is_workload(text):
    """A SPIFFE ID with a path, or dns: and a name in lower case."""
    if text.startswith("dns:"):
        return len(text) <= 257 and _DNS.fullmatch(text[4:]) is not None
    return len(text) <= 2048 and _SPIFFE.fullmatch(text) is not None


def read(der):
    """A certificate with all of its extensions."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        _ = certificate.extensions, certificate.public_key()
        return certificate
    except Exception as error:
        raise Refused("x509.malformed", str(error)) from error


class Peer:
    """A leaf that was accepted. The workload is None where the leaf names none."""

    def __init__(self, certificate, workload):
        self.certificate = certificate
        self.workload = workload
        self.key = certificate.public_key()
        self.not_after = end_of(certificate)


class Trust:
    """The anchors of one trust domain, and who is denied."""

    def __init__(self, trust_domain, anchors, denied=(), max_leaf_lifetime=24 * 3600):
        self.trust_domain = trust_domain
        self._anchors = anchors
        self._denied = set(denied)
        self._max_leaf_lifetime = max_leaf_lifetime

    def verify(self, leaf_der, beside, now, purpose=CLIENT):
        """A peer by its leaf and what was sent beside it, as DER."""
        if len(beside) > MAX_BESIDE or len(leaf_der) + sum(map(len, beside)) > MAX_BYTES:
            raise Refused("mtls.too_large")
        leaf = read(leaf_der)
        workload = self._check_leaf(leaf, purpose, now)
        self._find_path(leaf, [read(der) for der in beside], now, purpose)
        return self._admit(leaf, workload)

    def verify_leaf_of_tls(self, leaf_der, now, purpose):
        """The same for a leaf whose path TLS has checked already."""
        leaf = read(leaf_der)
        workload = self._check_leaf(leaf, purpose, now)
        if purpose not in _purposes(leaf):
            raise Refused("x509.extended_key_usage_missing")
        return self._admit(leaf, workload)

    def _admit(self, leaf, workload):
        if workload in self._denied:
            raise Refused("mtls.workload_denied", workload)
        return Peer(leaf, workload)

    def _check_leaf(self, leaf, purpose, now):
        usage = _extension(leaf, ExtensionOID.KEY_USAGE)
        if usage is None or not usage.critical or not usage.value.digital_signature or usage.value.key_cert_sign or usage.value.crl_sign:
            raise Refused("mtls.key_usage_invalid")
        names = _extension(leaf, ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
        uris = names.value.get_values_for_type(x509.UniformResourceIdentifier) if names else []
        dns = names.value.get_values_for_type(x509.DNSName) if names else []
        spiffe = None
        if any(uri.lower().startswith("spiffe:") for uri in uris):
            if len(uris) > 1:
                raise Refused("mtls.uri_name_count")
            spiffe = _SPIFFE.fullmatch(uris[0])
            if spiffe is None or len(uris[0]) > 2048:
                raise Refused("mtls.spiffe_id_invalid")
            other = SERVER if purpose == CLIENT else CLIENT
            if purpose in _purposes(leaf) and other not in _purposes(leaf):
                raise Refused("mtls.extended_key_usage_incomplete")
        if spiffe and spiffe.group(1) != self.trust_domain:
            raise Refused("mtls.trust_domain_unknown", spiffe.group(1))
        begin, end = begin_of(leaf), end_of(leaf)
        if end - begin > self._max_leaf_lifetime + BACK_DATING + LATE or end - max(now, begin) > self._max_leaf_lifetime + LATE:
            raise Refused("mtls.lifetime_too_long")
        if spiffe:
            return uris[0]
        workload = f"dns:{dns[0].lower()}" if len(dns) == 1 else None
        return workload if workload and is_workload(workload) else None

    def _find_path(self, leaf, beside, now, purpose):
        _check_time(leaf, now)
        _check_critical(leaf)
        if purpose not in _purposes(leaf):
            raise Refused("x509.extended_key_usage_missing")
        if _is_ca(leaf):
            raise Refused("x509.leaf_is_ca")
        faults = []
        if not self._leads_to_anchor([leaf], beside, now, purpose, faults):
            raise Refused(faults[0] if faults else "x509.untrusted_anchor")

    def _leads_to_anchor(self, path, beside, now, purpose, faults):
        """Whether a path, from the leaf on, leads to an anchor."""
        for anchor in self._anchors:
            if _issued(anchor, path[-1]) and _may_issue(anchor, path, now, purpose, faults):
                return True
        if len(path) > MAX_CAS:
            return False
        for index, issuer in enumerate(beside):
            rest = beside[:index] + beside[index + 1:]
            if _issued(issuer, path[-1]) and _may_issue(issuer, path, now, purpose, faults):
                if self._leads_to_anchor([*path, issuer], rest, now, purpose, faults):
                    return True
        return False


def _extension(certificate, oid):
    try:
        return certificate.extensions.get_extension_for_oid(oid)
    except x509.ExtensionNotFound:
        return None


def _purposes(certificate):
    usage = _extension(certificate, ExtensionOID.EXTENDED_KEY_USAGE)
    return set(usage.value) if usage else set()


def _is_ca(certificate):
    constraints = _extension(certificate, ExtensionOID.BASIC_CONSTRAINTS)
    return constraints is not None and constraints.value.ca


def _moment(certificate, name):
    # The names with _utc came with cryptography 42, and those without go.
    moment = getattr(certificate, f"{name}_utc", None)
    return int((moment or getattr(certificate, name).replace(tzinfo=datetime.timezone.utc)).timestamp())


def begin_of(certificate):
    """When it begins, in seconds since 1970."""
    return _moment(certificate, "not_valid_before")


def end_of(certificate):
    """When it ends, likewise."""
    return _moment(certificate, "not_valid_after")


def _check_time(certificate, now):
    if now + SKEW < begin_of(certificate):
        raise Refused("x509.not_yet_valid")
    if now - SKEW > end_of(certificate):
        raise Refused("x509.expired")


def _check_critical(certificate):
    for extension in certificate.extensions:
        if extension.critical and extension.oid not in _KNOWN:
            raise Refused("x509.unknown_critical_extension", extension.oid.dotted_string)


def _may_issue(issuer, path, now, purpose, faults):
    try:
        _check_time(issuer, now)
        _check_critical(issuer)
    except Refused:
        return False
    usage = _extension(issuer, ExtensionOID.KEY_USAGE)
    constraints = _extension(issuer, ExtensionOID.BASIC_CONSTRAINTS)
    purposes = _purposes(issuer)
    if not _names_are_allowed(issuer, path):
        faults.append("x509.name_constraint_violated")
        return False
    return (
        constraints is not None and constraints.value.ca
        and (constraints.value.path_length is None or len(path) - 1 <= constraints.value.path_length)
        and (usage is None or usage.value.key_cert_sign)
        and (not purposes or purpose in purposes)
    )


def _names_are_allowed(issuer, path):
    """RFC 5280 section 4.2.1.10, for every certificate below."""
    constraints = _extension(issuer, ExtensionOID.NAME_CONSTRAINTS)
    if constraints is None:
        return True
    permitted, excluded = constraints.value.permitted_subtrees or [], constraints.value.excluded_subtrees or []
    if any(type(base) not in _WITHIN for base in [*permitted, *excluded]):
        return False
    for certificate in path:
        names = _extension(certificate, ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
        for name in names.value if names else []:
            bases = [base for base in permitted if type(base) is type(name)]
            if bases and not any(_is_within(name, base) for base in bases):
                return False
            if any(_is_within(name, base) for base in excluded if type(base) is type(name)):
                return False
    return True


def _is_within(name, base):
    return _WITHIN[type(name)](name.value, base.value)


def _dns_within(name, base):
    name, base = name.lower(), base.lower()
    return base == "" or name == base or name.endswith("." + base)


def _uri_within(uri, base):
    host, base = (urllib.parse.urlsplit(uri).hostname or "").lower(), base.lower()
    return host.endswith(base) if base.startswith(".") else host == base


def _address_within(address, network):
    return not isinstance(address, (ipaddress.IPv4Network, ipaddress.IPv6Network)) and address in network


_WITHIN = {x509.DNSName: _dns_within, x509.UniformResourceIdentifier: _uri_within, x509.IPAddress: _address_within}


def _issued(issuer, certificate):
    algorithm = certificate.signature_hash_algorithm
    if issuer.subject != certificate.issuer or not isinstance(algorithm, (hashes.SHA256, hashes.SHA384, hashes.SHA512)):
        return False
    key = issuer.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(algorithm))
        elif isinstance(key, rsa.RSAPublicKey) and key.key_size >= 2048:
            key.verify(certificate.signature, certificate.tbs_certificate_bytes, padding.PKCS1v15(), algorithm)
        else:
            return False
        return True
    except InvalidSignature:
        return False
