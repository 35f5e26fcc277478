'use strict';
// As much DER as the extensions of a certificate need (RFC 5280 section 4.1). Node shows neither a key usage nor what is critical.

const { Refused } = require('./refused');

/** The values in some DER, one after another. */
function* values(bytes) {
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at];
    let length = bytes[at + 1];
    let start = at + 2;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      if (octets < 1 || octets > 4 || start + octets > bytes.length) throw malformed();
      length = bytes.readUIntBE(start, octets);
      start += octets;
    }
    if (length === undefined || start + length > bytes.length) throw malformed();
    yield { tag, content: bytes.subarray(start, start + length) };
    at = start + length;
  }
}

const list = (bytes) => [...values(bytes)];

const objectIdentifier = (bytes) => bytes.toString('hex');

/** The extensions of a certificate: a Map of the identifier in hexadecimal to { critical, value }. */
function extensions(certificate) {
  const [tbs] = list(list(certificate)[0]?.content ?? Buffer.alloc(0));
  const holder = list(tbs?.content ?? Buffer.alloc(0)).find((part) => part.tag === 0xa3);
  const found = new Map();
  for (const { content } of holder ? list(list(holder.content)[0].content) : []) {
    const parts = list(content);
    const name = objectIdentifier(parts[0].content);
    if (found.has(name) || parts.at(-1).tag !== 0x04) throw malformed();
    found.set(name, { critical: parts.length === 3 && parts[1].content[0] === 0xff, value: parts.at(-1).content });
  }
  return found;
}

const malformed = () => new Refused('x509.malformed');

module.exports = { list, objectIdentifier, extensions };
