'use strict';
// Judges every test vector of the context token: check-vectors.js [folder]. Exit code 0 when all are as stated, 2 without vectors.
// The folder is tests/vectors/context-token of the repository; no package holds it.
// Then it mints and links as workloads of the vectors, and judges that too.

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { isDeepStrictEqual } = require('node:util');
const { Grant, Verifier, Sender, readJwks, readPem } = require('./context-token');
const { Certificate, Trust } = require('./peer-certificate');
const { Refused } = require('./refused');

const folder = process.argv[2] ?? path.join(__dirname, '..', '..', '..', 'tests', 'vectors', 'context-token');
const isFolder = fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory();
const files = isFolder ? fs.readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
if (!files.includes('world.json') || files.length === 1) {
  console.error(`${folder} holds no ${files.includes('world.json') ? 'vectors beside world.json' : 'world.json'}: `
    + 'give the path of tests/vectors/context-token of the repository, as in check-vectors.js vectors/context-token');
  process.exit(2);
}

const read = (name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));

const world = read('world.json');
const trust = new Trust(world.trustDomain, world.anchors.flatMap(readPem).map((der) => new Certificate(der)), world.denied);
const grants = new Map(world.mintGrants.map((grant) => [grant.workload, new Grant(grant)]));
const services = new Map(world.tokenServices.map(({ grant, keys }) => [grant.workload, { grant: new Grant(grant), keys: readJwks(keys) }]));
const verifier = (name) => new Verifier(world.certificates[name].workload, trust, grants, services);
const sender = (name) => {
  const { workload, chainPem, testKeyPem } = world.certificates[name];
  return new Sender(workload, readPem(chainPem), crypto.createPrivateKey(testKeyPem), world.trustDomain);
};

function judge({ receiver, headers, sender: name }) {
  try {
    return { verdict: 'accepted', context: { ...verifier(receiver).verify(headers, world.certificates[name].workload, world.time) } };
  } catch (refused) {
    if (!(refused instanceof Refused)) throw refused;
    return { verdict: 'refused', code: refused.code, ...(refused.because && { cause: refused.because }) };
  }
}

let count = 0;
const wrong = [];
for (const file of files.filter((name) => name !== 'world.json').sort()) {
  for (const { name, about, headers, sender: from, receiver, ...stated } of read(file)) {
    count++;
    const got = judge({ receiver, headers, sender: from });
    if (!isDeepStrictEqual(got, stated)) wrong.push(`${name} (${about}): ${JSON.stringify(stated)} stated, got ${JSON.stringify(got)}`);
  }
}

const asValues = (headers) => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
const names = ['gateway', 'rsa', 'p384', 'ledger'];
for (const name of names) {
  const [first, orders] = [sender(name), sender('orders')];
  const headers = first.link(first.mint('acme', 'idp/alice', ['orders:read'], world.time), orders.workload, undefined, world.time);
  const context = verifier('orders').verify(asValues(headers), first.workload, world.time);
  const onwards = orders.link(context, world.certificates.billing.workload, undefined, world.time);
  verifier('billing').verify(asValues(onwards), orders.workload, world.time);
}

console.log(wrong.join('\n'));
console.log(`${count - wrong.length} of ${count} vectors as stated, ${names.length} senders accepted`);
process.exitCode = wrong.length > 0 || count === 0 ? 1 : 0;
