'use strict';
// A sender and a verifier of the context token, by docs/reference/context-token.md alone.

const crypto = require('node:crypto');
const { Refused } = require('./refused');
const { strictJson, Numeral } = require('./strict-json');
const { Certificate, isWorkload } = require('./peer-certificate');

const HEADERS = ['Txn-Token', 'Txn-Chain', 'Txn-Certs'];
const MAX_LENGTH = 8192;
const MAX_LINKS = 4;
const MAX_CERTIFICATES = 16;
const MAX_HEADER = 512;
const MAX_LIFETIME = 120;
const SKEW = 5;
const ROOT = 'txntoken+jwt';
const LINK = 'zt-link+jwt';

const PERMISSION = /^[a-z0-9][a-z0-9._:-]{0,63}$/;
const TENANT = /^[a-z0-9][a-z0-9._-]{0,127}$/;
const SUBJECT = /^[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,255}$/;
const PRINTABLE = /^[ -~]{1,256}$/;

// Encodings

const encode = (bytes) => Buffer.from(bytes).toString('base64url');

/** The bytes of the one spelling, or undefined. */
function decode(text) {
  const bytes = Buffer.from(text, 'base64url');
  return encode(bytes) === text ? bytes : undefined;
}

const sha256 = (data) => crypto.createHash('sha256').update(data).digest('base64url');

// Keys

/** The algorithm that the key fixes, or undefined. */
function algorithmOf(key) {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec') return { prime256v1: 'ES256', secp384r1: 'ES384' }[namedCurve];
  return key.asymmetricKeyType === 'rsa' && modulusLength >= 2048 && modulusLength <= 8192 ? 'PS256' : undefined;
}

const wayOf = (key) => (algorithmOf(key) === 'PS256'
  ? ['sha256', { key, padding: crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }]
  : [algorithmOf(key) === 'ES256' ? 'sha256' : 'sha384', { key, dsaEncoding: 'ieee-p1363' }]);

function sign(key, data) {
  const [hash, options] = wayOf(key);
  return crypto.sign(hash, data, options);
}

function isSignature(key, signature, data) {
  const [hash, options] = wayOf(key);
  return crypto.verify(hash, data, options, signature);
}

// Reading

/** A compact JWS taken apart; nothing of it is believed yet. */
class Token {
  constructor(compact, kind) {
    if (compact.length > MAX_LENGTH) throw new Refused('jose.too_large');
    const parts = compact.split('.');
    if (parts.length !== 3 || parts[0] === '' || parts[2] === '') throw new Refused('jose.part_count');
    if (parts[0].length > MAX_HEADER) throw new Refused('jose.too_large');
    const [header, payload, signature] = parts.map(decode);
    if (header === undefined || payload === undefined || signature === undefined) throw new Refused('jose.encoding_invalid');
    this.compact = compact;
    this.signed = Buffer.from(`${parts[0]}.${parts[1]}`, 'ascii');
    this.signature = signature;
    this.header = readHeader(header, kind);
    this.claims = strictJson(payload, 4);
    this.certificate = this.header.get('x5t#S256');
  }

  verify(key) {
    if (this.header.get('alg') !== algorithmOf(key)) throw new Refused('jose.algorithm_mismatch');
    if (!isSignature(key, this.signature, this.signed)) throw new Refused('jose.signature_invalid');
  }
}

function readHeader(bytes, kind) {
  const header = strictJson(bytes, 8);
  for (const [name, value] of header) {
    if (['crit', 'b64'].includes(name)) throw new Refused('jose.critical_extension', name);
    if (['jwk', 'jku', 'x5u', 'x5c'].includes(name)) throw new Refused('jose.embedded_key', name);
    if (['alg', 'typ', 'kid', 'x5t#S256'].includes(name) && !isText(value, PRINTABLE)) throw new Refused('jose.header_invalid', name);
  }
  const algorithm = header.get('alg');
  if (algorithm === undefined) throw new Refused('jose.algorithm_missing');
  if (!['ES256', 'ES384', 'PS256', 'RS256'].includes(algorithm)) throw new Refused('jose.algorithm_refused', algorithm);
  const byKid = kind === ROOT && header.has('kid');
  if (!hasExactly(header, ['alg', 'typ', byKid ? 'kid' : 'x5t#S256'])) throw new Refused('authz.token_header_refused');
  if (header.get('typ') !== kind) throw new Refused('authz.token_type_refused', header.get('typ'));
  if (byKid && algorithm === 'RS256') throw new Refused('authz.root_algorithm_refused');
  return header;
}

const hasExactly = (members, names) => members.size === names.length && names.every((name) => members.has(name));
const isText = (value, pattern) => typeof value === 'string' && pattern.test(value);
const isTime = (value) => value instanceof Numeral && value.seconds !== undefined;

/** A set, or undefined. */
function permissionsOf(text) {
  if (typeof text !== 'string') return undefined;
  const words = text === '' ? [] : text.split(' ');
  const set = new Set(words);
  return words.length <= 64 && set.size === words.length && words.every((word) => PERMISSION.test(word)) ? set : undefined;
}

const isName = (value) => typeof value === 'string' && value.length >= 1 && value.length <= 2048;
const isWorkloadId = (value) => typeof value === 'string' && isWorkload(value);
const isScope = (value) => permissionsOf(value) !== undefined;

const ROOT_RULES = {
  iss: isName,
  iat: isTime,
  exp: isTime,
  aud: isName,
  txn: (value) => typeof value === 'string' && decode(value)?.length === 16,
  sub: (value) => isText(value, SUBJECT),
  scope: isScope,
  req_wl: isWorkloadId,
  tctx: (value) => value instanceof Map && hasExactly(value, ['tenant_id']) && isText(value.get('tenant_id'), TENANT),
};
const LINK_RULES = {
  prv: (value) => typeof value === 'string' && decode(value)?.length === 32,
  to: isWorkloadId,
  scope: isScope,
  iat: isTime,
  exp: isTime,
};

/** The claims as an object, when they are exactly those of the rules. */
function claimsOf(token, rules, code) {
  for (const [name, fits] of Object.entries(rules)) {
    if (!token.claims.has(name)) throw new Refused(code, `${name} is missing`);
    if (!fits(token.claims.get(name))) throw new Refused(code, `${name} is not what it has to be`);
  }
  if (!hasExactly(token.claims, Object.keys(rules))) throw new Refused(code, 'a claim too many');
  const claims = Object.fromEntries(token.claims);
  const [iat, exp] = [claims.iat.seconds, claims.exp.seconds];
  return { ...claims, iat, exp, scope: permissionsOf(claims.scope), tenant: claims.tctx?.get('tenant_id') };
}

const isSubset = (some, all) => [...some].every((each) => all.has(each));

// Verifying

/** What a workload or a token service may mint. */
class Grant {
  constructor({ tenants, subjectKinds, permissions, maxLifetime = MAX_LIFETIME }) {
    Object.assign(this, { tenants, subjectKinds, permissions: new Set(permissions), maxLifetime });
  }

  check(claims) {
    if (this.tenants[0] !== '*' && !this.tenants.includes(claims.tenant)) throw new Refused('authz.mint_tenant_not_granted');
    const isSystem = claims.sub.startsWith('system:');
    if (!this.subjectKinds.includes(isSystem ? 'System' : 'User')) throw new Refused('authz.mint_subject_kind_not_granted');
    if (isSystem && claims.sub !== `system:${claims.req_wl}`) throw new Refused('authz.mint_subject_not_granted');
    if (!isSubset(claims.scope, this.permissions)) throw new Refused('authz.mint_permission_not_granted');
    if (claims.exp - claims.iat > this.maxLifetime) throw new Refused('authz.mint_lifetime_not_granted');
  }
}

/** Rules 1 to 7. */
class Verifier {
  #own;
  #trust;
  #grants;
  #services;

  constructor(own, trust, grants, tokenServices = new Map()) {
    this.#own = own;
    this.#trust = trust;
    this.#grants = grants;
    this.#services = tokenServices;
  }

  /** A context by the values of each header, and the verified peer of the connection. */
  verify(values, sender, now = Date.now() / 1000) {
    const [token, chain, certs] = oneOfEach(values);
    if (token.length + chain.length + certs.length > MAX_LENGTH) throw new Refused('authz.too_large');
    const root = new Token(token, ROOT);
    root.says = claimsOf(root, ROOT_RULES, 'authz.token_malformed');
    const links = readLinks(chain);
    const signers = this.#signers([root, ...links], readCertificates(certs), now);
    this.#checkRoot(root, signers);
    this.#checkTimes(root.says, now);
    const context = follow(root, links, signers, certs, now);
    if (context.callChain.at(-1) !== this.#own) throw new Refused('authz.not_addressed_here', context.callChain.at(-1));
    if (signers.get(links.at(-1).certificate).workload !== sender) throw new Refused('authz.sender_mismatch', sender);
    return context;
  }

  #signers(tokens, certificates, now) {
    const names = new Set(tokens.map((token) => token.certificate).filter((name) => name !== undefined));
    const beside = [...certificates].filter(([name]) => !names.has(name)).map(([, der]) => der);
    const signers = new Map();
    for (const name of names) {
      if (!certificates.has(name)) throw new Refused('authz.signer_certificate_missing');
      const peer = this.#signer(certificates.get(name), beside, now);
      if (peer.workload === undefined) throw new Refused('authz.signer_unnamed');
      if (algorithmOf(peer.key) === undefined) throw new Refused('authz.signer_untrusted', 'key', 'jose.key_unsupported');
      signers.set(name, peer);
    }
    return signers;
  }

  #signer(leaf, beside, now) {
    try {
      return this.#trust.verify(leaf, beside, now);
    } catch (refused) {
      throw refused instanceof Refused ? new Refused('authz.signer_untrusted', refused.message, refused.code) : refused;
    }
  }

  #checkRoot(root, signers) {
    const claims = root.says;
    if (root.certificate === undefined) {
      const service = this.#services.get(claims.iss);
      if (service === undefined) throw new Refused('authz.token_service_unknown');
      const key = service.keys.get(root.header.get('kid'));
      if (key === undefined) throw new Refused('authz.token_service_key_unknown');
      root.verify(key);
      service.grant.check(claims);
      return;
    }
    const signer = signers.get(root.certificate);
    root.verify(signer.key);
    const grant = this.#grants.get(signer.workload);
    if (grant === undefined) throw new Refused('authz.mint_grant_missing', signer.workload);
    grant.check(claims);
    if (claims.iss !== signer.workload) throw new Refused('authz.issuer_mismatch');
    if (claims.req_wl !== signer.workload) throw new Refused('authz.requester_mismatch');
  }

  #checkTimes(claims, now) {
    if (claims.aud !== this.#trust.trustDomain) throw new Refused('authz.audience_mismatch');
    checkClock(claims, now);
    if (claims.exp <= claims.iat || claims.exp - claims.iat > MAX_LIFETIME) throw new Refused('authz.lifetime_refused');
  }
}

function oneOfEach(values) {
  const lists = HEADERS.map((name) => values[name] ?? []);
  if (lists.every((list) => list.length === 0)) throw new Refused('authz.context_missing');
  if (lists.some((list) => list.length > 1)) throw new Refused('authz.header_duplicated');
  const missing = lists.findIndex((list) => list.length === 0);
  if (missing >= 0) throw new Refused(['authz.token_malformed', 'authz.chain_missing', 'authz.certificates_malformed'][missing]);
  return lists.map((list) => list[0]);
}

function readLinks(chain) {
  if (chain === '') throw new Refused('authz.chain_missing');
  const compacts = chain.split('~');
  if (compacts.length > MAX_LINKS) throw new Refused('authz.chain_too_long');
  return compacts.map((compact) => {
    const link = new Token(compact, LINK);
    link.says = claimsOf(link, LINK_RULES, 'authz.link_malformed');
    return link;
  });
}

function readCertificates(certs) {
  const encoded = certs.split('~');
  const ders = encoded.map(decode);
  if (encoded.length > MAX_CERTIFICATES || ders.some((der) => !der?.length) || new Set(encoded).size !== encoded.length) {
    throw new Refused('authz.certificates_malformed');
  }
  return new Map(ders.map((der) => [sha256(der), der]));
}

function checkClock(claims, now) {
  if (claims.iat > now + SKEW) throw new Refused('authz.not_yet_valid');
  if (now >= claims.exp + SKEW) throw new Refused('authz.expired');
}

function follow(root, links, signers, certs, now) {
  const callChain = [root.says.req_wl];
  let before = root;
  for (const link of links) {
    const claims = link.says;
    const signer = signers.get(link.certificate);
    link.verify(signer.key);
    if (signer.workload !== callChain.at(-1)) throw new Refused('authz.link_signer_mismatch');
    if (claims.prv !== sha256(before.compact)) throw new Refused('authz.chain_broken');
    if (!isSubset(claims.scope, before.says.scope)) throw new Refused('authz.scope_widened');
    if (claims.exp > before.says.exp) throw new Refused('authz.link_expiry_extended');
    if (claims.exp > signer.notAfter) throw new Refused('authz.link_outlives_signer');
    checkClock(claims, now);
    if (claims.iat >= claims.exp || claims.iat + SKEW < before.says.iat) throw new Refused('authz.lifetime_refused');
    callChain.push(claims.to);
    before = link;
  }
  const wire = { root: root.compact, links: links.map((link) => link.compact), certificates: certs.split('~') };
  return new Context(root.says, before.says, callChain, wire);
}

/** A verified context. Keep it as it is: it is handed on with its tokens. */
class Context {
  constructor(root, last, callChain, wire) {
    this.tenant = root.tenant;
    this.subject = root.sub;
    this.permissions = [...last.scope].sort();
    this.transactionId = root.txn;
    this.callChain = callChain;
    this.expiresAt = last.exp;
    Object.defineProperty(this, 'wire', { value: wire });
  }
}

// Sending

/** A workload with its key and its certificates: it mints, and hands on. */
class Sender {
  #key;
  #certificates;
  #trustDomain;
  #notAfter;
  #name;

  constructor(workload, certificates, key, trustDomain) {
    this.workload = workload;
    this.#key = key;
    this.#certificates = certificates.map(encode);
    this.#trustDomain = trustDomain;
    this.#notAfter = new Certificate(certificates[0]).notAfter;
    this.#name = sha256(certificates[0]);
  }

  /** A context that this workload holds. Only code that has authenticated the subject may call it. */
  mint(tenant, subject, permissions, now = Date.now() / 1000, lifetime = MAX_LIFETIME) {
    const iat = Math.floor(now);
    const claims = {
      iss: this.workload, iat, exp: Math.min(iat + lifetime, this.#notAfter), aud: this.#trustDomain, txn: encode(crypto.randomBytes(16)),
      sub: subject, scope: [...permissions].sort().join(' '), req_wl: this.workload, tctx: { tenant_id: tenant },
    };
    const says = { ...claims, tenant, scope: new Set(permissions) };
    return new Context(says, says, [this.workload], { root: this.#sign(ROOT, claims), links: [], certificates: [] });
  }

  /** The headers that hand a context to the one workload that the connection proves. */
  link(context, to, narrowTo = context.permissions, now = Date.now() / 1000) {
    if (now >= context.expiresAt || now >= this.#notAfter) throw new Refused('authz.expired');
    if (context.callChain.at(-1) !== this.workload) throw new Refused('authz.not_addressed_here');
    const { root, links, certificates } = context.wire;
    if (links.length === MAX_LINKS) throw new Refused('authz.chain_too_long');
    const link = this.#sign(LINK, {
      prv: sha256(links.at(-1) ?? root), to, scope: context.permissions.filter((permission) => narrowTo.includes(permission)).join(' '),
      iat: Math.floor(now), exp: Math.min(context.expiresAt, this.#notAfter),
    });
    const values = [root, [...links, link].join('~'), [...new Set([...certificates, ...this.#certificates])].join('~')];
    const length = values.reduce((sum, value) => sum + value.length, 0);
    if (length > MAX_LENGTH) throw new Refused('authz.too_large', String(length));
    return Object.fromEntries(HEADERS.map((name, index) => [name, values[index]]));
  }

  #sign(kind, claims) {
    const header = { alg: algorithmOf(this.#key), typ: kind, 'x5t#S256': this.#name };
    const signed = [header, claims].map((part) => encode(JSON.stringify(part))).join('.');
    return `${signed}.${encode(sign(this.#key, Buffer.from(signed, 'ascii')))}`;
  }
}

// Files

/** The keys of a token service by kid; an RSA key that states no algorithm is for PS256. */
const readJwks = (document) => new Map(document.keys
  .filter((jwk) => jwk.kty === 'EC' || (jwk.alg ?? 'PS256') === 'PS256')
  .map((jwk) => [jwk.kid, crypto.createPublicKey({ key: jwk, format: 'jwk' })]));

/** The certificates of a PEM, as DER. */
const readPem = (text) => [...text.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g)]
  .map(([, block]) => Buffer.from(block, 'base64'));

module.exports = { HEADERS, Grant, Verifier, Sender, readJwks, readPem };
