'use strict';
// The certificate of a peer, by docs/reference/peer-certificate.md.
//
// No CRLs: use it where the trust domain bounds the life of its leaves instead (the default, 24 hours). What it does not know it refuses:
// critical extensions, and name constraints on others than DNS names, URIs and addresses.

const { X509Certificate } = require('node:crypto');
const { Refused } = require('./refused');
const { list, objectIdentifier, extensions } = require('./der');

const SKEW = 5;
const BACK_DATING = 3600;
const LATE = 60;
const MAX_BESIDE = 10;
const MAX_BYTES = 64 * 1024;
const MAX_CAS = 6;
const SERVER = '2b06010505070301';
const CLIENT = '2b06010505070302';
const KEY_USAGE = '551d0f';
const ALTERNATIVE_NAME = '551d11';
const BASIC_CONSTRAINTS = '551d13';
const NAME_CONSTRAINTS = '551d1e';
const EXTENDED_KEY_USAGE = '551d25';
const KNOWN = [KEY_USAGE, ALTERNATIVE_NAME, BASIC_CONSTRAINTS, NAME_CONSTRAINTS, EXTENDED_KEY_USAGE];
const DNS_NAME = 0x82;
const URI = 0x86;
const ADDRESS = 0x87;

// ecdsa-with-SHA256, -384, -512; sha256, -384, -512WithRSAEncryption
const SIGNATURES = [
  '2a8648ce3d040302', '2a8648ce3d040303', '2a8648ce3d040304', '2a864886f70d01010b', '2a864886f70d01010c', '2a864886f70d01010d',
];

const SPIFFE = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._-]+)+)$/;
const DNS = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** A SPIFFE ID with a path, or dns: and a name in lower case. */
const isWorkload = (text) => (text.startsWith('dns:')
  ? text.length <= 257 && DNS.test(text.slice(4))
  : text.length <= 2048 && SPIFFE.test(text));

const lower = (bytes) => bytes.toString('latin1').toLowerCase();

function isDnsWithin(name, base) {
  return base.length === 0 || lower(name) === lower(base) || lower(name).endsWith(`.${lower(base)}`);
}

function isUriWithin(uri, base) {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#@:]+)(?::[0-9]*)?(?:[/?#]|$)/.exec(lower(uri))?.[1] ?? '';
  return base[0] === 0x2e ? host.endsWith(lower(base)) : host === lower(base);
}

/** The base is an address and a mask of its length. */
function isAddressWithin(address, base) {
  const mask = base.subarray(address.length);
  return mask.length === address.length && address.every((octet, index) => ((octet ^ base[index]) & mask[index]) === 0);
}

const WITHIN = new Map([[DNS_NAME, isDnsWithin], [URI, isUriWithin], [ADDRESS, isAddressWithin]]);

/** A certificate with what its extensions say. */
class Certificate {
  constructor(der) {
    try {
      this.x509 = new X509Certificate(der);
      this.key = this.x509.publicKey;
      this.extensions = extensions(this.x509.raw);
      this.notBefore = Date.parse(this.x509.validFrom) / 1000;
      this.notAfter = Date.parse(this.x509.validTo) / 1000;
      this.signature = objectIdentifier(list(list(list(this.x509.raw)[0].content)[1].content)[0].content);
      this.#readNames();
      this.#readUsage();
    } catch (error) {
      throw new Refused('x509.malformed', String(error));
    }
  }

  #readNames() {
    const names = this.extensions.get(ALTERNATIVE_NAME);
    this.names = names ? list(list(names.value)[0].content) : [];
    const ofKind = (tag) => this.names.filter((name) => name.tag === tag).map((name) => name.content.toString('latin1'));
    this.uris = ofKind(URI);
    this.dns = ofKind(DNS_NAME);
    const constraints = this.extensions.get(NAME_CONSTRAINTS);
    this.constraints = constraints && list(list(constraints.value)[0].content);
  }

  #readUsage() {
    const usage = this.extensions.get(KEY_USAGE);
    const bits = usage ? list(usage.value)[0].content[1] ?? 0 : 0;
    this.usage = usage && {
      critical: usage.critical, digitalSignature: (bits & 0x80) !== 0, keyCertSign: (bits & 0x04) !== 0, crlSign: (bits & 0x02) !== 0,
    };
    const purposes = this.extensions.get(EXTENDED_KEY_USAGE);
    this.purposes = purposes ? list(list(purposes.value)[0].content).map((purpose) => objectIdentifier(purpose.content)) : [];
    const constraints = this.extensions.get(BASIC_CONSTRAINTS);
    const parts = constraints ? list(list(constraints.value)[0].content) : [];
    this.isCa = parts[0]?.tag === 0x01 && parts[0].content[0] === 0xff;
    const length = parts.find((part) => part.tag === 0x02);
    this.pathLength = length ? length.content.readUIntBE(0, length.content.length) : undefined;
  }

  checkTime(now) {
    if (now + SKEW < this.notBefore) throw new Refused('x509.not_yet_valid');
    if (now - SKEW > this.notAfter) throw new Refused('x509.expired');
  }

  checkCritical() {
    for (const [name, { critical }] of this.extensions) {
      if (critical && !KNOWN.includes(name)) throw new Refused('x509.unknown_critical_extension', name);
    }
  }

  mayIssue(path, now, purpose, faults) {
    try {
      this.checkTime(now);
      this.checkCritical();
    } catch {
      return false;
    }
    if (!this.#allowsNames(path)) {
      faults.push('x509.name_constraint_violated');
      return false;
    }
    return this.isCa
      && (this.pathLength === undefined || path.length - 1 <= this.pathLength)
      && (this.usage === undefined || this.usage.keyCertSign)
      && (this.purposes.length === 0 || this.purposes.includes(purpose));
  }

  // RFC 5280 section 4.2.1.10, for every certificate below.
  #allowsNames(path) {
    if (this.constraints === undefined) return true;
    const bases = (tag) => this.constraints
      .filter((trees) => trees.tag === tag)
      .flatMap((trees) => list(trees.content))
      .map((tree) => list(tree.content));
    const [permitted, excluded] = [bases(0xa0), bases(0xa1)];
    if ([...permitted, ...excluded].some((tree) => tree.length !== 1 || !WITHIN.has(tree[0].tag))) return false;
    return path.flatMap((certificate) => certificate.names).every((name) => {
      const isWithin = ([base]) => base.tag === name.tag && WITHIN.get(name.tag)(name.content, base.content);
      return (!permitted.some(([base]) => base.tag === name.tag) || permitted.some(isWithin)) && !excluded.some(isWithin);
    });
  }

  issued(certificate) {
    return SIGNATURES.includes(certificate.signature) && certificate.x509.checkIssued(this.x509) && certificate.x509.verify(this.key);
  }
}

/** The anchors of one trust domain, and who is denied. */
class Trust {
  #anchors;
  #denied;
  #maxLeafLifetime;

  constructor(trustDomain, anchors, denied = [], maxLeafLifetime = 24 * 3600) {
    this.trustDomain = trustDomain;
    this.#anchors = anchors;
    this.#denied = denied;
    this.#maxLeafLifetime = maxLeafLifetime;
  }

  /** A peer by its leaf and what was sent beside it, as DER. */
  verify(leafDer, beside, now, purpose = CLIENT) {
    const bytes = beside.reduce((sum, der) => sum + der.length, leafDer.length);
    if (beside.length > MAX_BESIDE || bytes > MAX_BYTES) throw new Refused('mtls.too_large');
    const leaf = new Certificate(leafDer);
    const workload = this.#checkLeaf(leaf, purpose, now);
    const others = beside.map((der) => new Certificate(der));
    leaf.checkTime(now);
    leaf.checkCritical();
    if (!leaf.purposes.includes(purpose)) throw new Refused('x509.extended_key_usage_missing');
    if (leaf.isCa) throw new Refused('x509.leaf_is_ca');
    const faults = [];
    if (!this.#leadsToAnchor([leaf], others, now, purpose, faults)) throw new Refused(faults[0] ?? 'x509.untrusted_anchor');
    return this.#admit(leaf, workload);
  }

  /** The same for a leaf whose path TLS has checked already. */
  verifyLeafOfTls(leafDer, now, purpose) {
    const leaf = new Certificate(leafDer);
    const workload = this.#checkLeaf(leaf, purpose, now);
    if (!leaf.purposes.includes(purpose)) throw new Refused('x509.extended_key_usage_missing');
    return this.#admit(leaf, workload);
  }

  #admit(leaf, workload) {
    if (this.#denied.includes(workload)) throw new Refused('mtls.workload_denied', workload);
    return { workload, key: leaf.key, notAfter: leaf.notAfter };
  }

  #checkLeaf(leaf, purpose, now) {
    const { usage } = leaf;
    if (!usage?.critical || !usage.digitalSignature || usage.keyCertSign || usage.crlSign) throw new Refused('mtls.key_usage_invalid');
    let spiffe;
    if (leaf.uris.some((uri) => /^spiffe:/i.test(uri))) {
      if (leaf.uris.length > 1) throw new Refused('mtls.uri_name_count');
      spiffe = SPIFFE.exec(leaf.uris[0]);
      if (spiffe === null || leaf.uris[0].length > 2048) throw new Refused('mtls.spiffe_id_invalid');
      const other = purpose === CLIENT ? SERVER : CLIENT;
      if (leaf.purposes.includes(purpose) && !leaf.purposes.includes(other)) throw new Refused('mtls.extended_key_usage_incomplete');
      if (spiffe[1] !== this.trustDomain) throw new Refused('mtls.trust_domain_unknown', spiffe[1]);
    }
    const left = leaf.notAfter - Math.max(now, leaf.notBefore);
    const life = leaf.notAfter - leaf.notBefore;
    const longest = this.#maxLeafLifetime + LATE;
    if (life > longest + BACK_DATING || left > longest) throw new Refused('mtls.lifetime_too_long');
    if (spiffe) return leaf.uris[0];
    const workload = leaf.dns.length === 1 ? `dns:${leaf.dns[0].toLowerCase()}` : undefined;
    return workload !== undefined && isWorkload(workload) ? workload : undefined;
  }

  // Whether a path, from the leaf on, leads to an anchor.
  #leadsToAnchor(path, beside, now, purpose, faults) {
    const mayFollow = (issuer) => issuer.issued(path.at(-1)) && issuer.mayIssue(path, now, purpose, faults);
    if (this.#anchors.some(mayFollow)) return true;
    return path.length <= MAX_CAS && beside.some((issuer) => mayFollow(issuer)
      && this.#leadsToAnchor([...path, issuer], beside.filter((each) => each !== issuer), now, purpose, faults));
  }
}

module.exports = { Certificate, Trust, isWorkload, SERVER, CLIENT };
