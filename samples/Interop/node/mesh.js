'use strict';
// Mutual TLS with a ZeroTrust service: the settings, a call and a listener.

const crypto = require('node:crypto');
const fs = require('node:fs');
const https = require('node:https');
const path = require('node:path');
const { HEADERS, Grant, Verifier, Sender, readPem } = require('./context-token');
const { Certificate, Trust, CLIENT, SERVER } = require('./peer-certificate');
const { Refused } = require('./refused');

const TIMEOUT = 10_000;
const MAX_ANSWER = 1024 * 1024;
const now = () => Date.now() / 1000;

/** A workload by its settings file: such as ../orders.json. */
class Workload {
  constructor(settingsFile) {
    const settings = JSON.parse(fs.readFileSync(settingsFile, 'utf8'));
    const read = (name) => fs.readFileSync(path.resolve(path.dirname(settingsFile), settings[name]), 'utf8');
    this.tls = { cert: read('certificate'), key: read('key'), ca: read('anchors'), minVersion: 'TLSv1.3' };
    this.trust = new Trust(settings.trustDomain, readPem(this.tls.ca).map((der) => new Certificate(der)));
    const [leaf, ...beside] = readPem(this.tls.cert);
    this.id = this.trust.verify(leaf, beside, now()).workload;
    this.sender = new Sender(this.id, [leaf, ...beside], crypto.createPrivateKey(this.tls.key), settings.trustDomain);
    const grants = new Map((settings.mintGrants ?? []).map((grant) => [grant.workload, new Grant(grant)]));
    this.verifier = new Verifier(this.id, this.trust, grants);
    this.peers = settings.peers ?? [];
    this.port = settings.port ?? 0;
    this.next = settings.next;
  }

  /** GET at the server named in the settings. Nothing of the request is sent before the server has proved its workload id. */
  call(server, headers) {
    const checkServerIdentity = (_, { raw }) => {
      try {
        const { workload } = this.trust.verifyLeafOfTls(raw, now(), SERVER);
        return workload === server.workload ? undefined : new Refused('mtls.server_identity_mismatch', workload);
      } catch (refused) {
        return refused;
      }
    };
    return new Promise((resolve, reject) => {
      const options = { ...this.tls, headers, checkServerIdentity, servername: '', agent: false, timeout: TIMEOUT };
      const request = https.get(server.url, options, (response) => {
        const parts = [];
        let length = 0;
        response.on('data', (part) => {
          length += part.length;
          if (length > MAX_ANSWER) response.destroy(new Error('The answer is too long.'));
          parts.push(part);
        });
        response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(parts).toString('utf8') }));
        response.on('error', reject);
      });
      request.on('timeout', () => request.destroy(new Error('The server does not answer.')));
      request.on('error', reject);
    });
  }
}

/** Verifies the context of a call, and hands it on where the settings name the next server. */
async function answer(workload, request) {
  const peer = workload.trust.verifyLeafOfTls(request.socket.getPeerX509Certificate().raw, now(), CLIENT).workload;
  if (!workload.peers.includes(peer)) throw new Refused('mtls.peer_not_allowed', peer);
  const values = Object.fromEntries(HEADERS.map((name) => [name, request.headersDistinct[name.toLowerCase()] ?? []]));
  const context = workload.verifier.verify(values, peer);
  if (workload.next === undefined) return { status: 200, body: JSON.stringify(context) };
  try {
    return await workload.call(workload.next, workload.sender.link(context, workload.next.workload));
  } catch (failure) {
    console.log(`not passed on ${failure.message}`);
    return { status: 502, body: JSON.stringify({ type: 'about:blank' }) };
  }
}

function refusal(error) {
  if (!(error instanceof Refused)) {
    console.log(error);
    return { status: 500, body: '{}' };
  }
  console.log(`refused ${error.message}`);
  const isForbidden = error.code.endsWith('_not_granted') || error.code === 'authz.mint_grant_missing';
  return { status: isForbidden ? 403 : 401, body: JSON.stringify({ type: `urn:zerotrust:rejection:${error.code}` }) };
}

/** Listens on the loopback address until the process ends. */
function serve(workload) {
  const options = { ...workload.tls, requestCert: true, rejectUnauthorized: true, maxHeaderSize: 32 * 1024, handshakeTimeout: TIMEOUT };
  const server = https.createServer(options, (request, response) => {
    answer(workload, request).catch(refusal).then(({ status, body }) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(body);
    });
  });
  server.on('tlsClientError', (error) => console.log(`connection ended: ${error.message}`));
  server.listen(workload.port, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
}

module.exports = { Workload, serve };
