'use strict';
// Node's own clients and two of npm: node_client.cjs once|load https|http2|undici|grpc-js URL CA [CERT KEY]
const { run, read } = require('./loads.cjs');
const [mode, library, url, ca, cert, key] = process.argv.slice(2);
const tls = { ca: read(ca), ...(cert ? { cert: read(cert), key: read(key) } : {}) };

const collect = (stream) => new Promise((resolve, reject) => {
  let text = '';
  stream.on('data', (chunk) => { text += chunk; }).on('end', () => resolve(text)).on('error', reject);
});

const clients = {
  https() {
    const https = require('node:https');
    const agent = new https.Agent({ ...tls, keepAlive: true });
    return () => new Promise((resolve, reject) => {
      const request = https.request(`${url}/echo`, { agent, method: 'POST' }, (answer) => collect(answer).then((text) => resolve([answer.statusCode, text]), reject));
      request.on('error', reject).end('x');
    });
  },
  http2() {
    const http2 = require('node:http2');
    let session;
    return () => new Promise((resolve, reject) => {
      if (!session || session.closed || session.destroyed) {
        session = http2.connect(url, tls);
        session.on('error', reject);
      }
      const stream = session.request({ ':method': 'POST', ':path': '/echo' });
      let status;
      stream.on('response', (headers) => { status = headers[':status']; });
      stream.on('error', reject).on('close', () => status ?? reject(new Error(`stream closed with ${stream.rstCode}, and no answer`)));
      collect(stream).then((text) => status ? resolve([status, text]) : reject(new Error(`stream closed with ${stream.rstCode}, and no answer`)), reject);
      stream.end('x');
    });
  },
  undici() {
    const { Agent, request } = require('undici');
    const dispatcher = new Agent({ connect: tls });
    return async () => {
      const answer = await request(`${url}/echo`, { dispatcher, method: 'POST', body: 'x' });
      return [answer.statusCode, await answer.body.text()];
    };
  },
  'grpc-js'() {
    const grpc = require('@grpc/grpc-js');
    const credentials = grpc.credentials.createSsl(tls.ca, tls.key ?? null, tls.cert ?? null);
    const client = new grpc.Client(new URL(url).host, credentials, { 'grpc.enable_http_proxy': 0 });
    const same = (bytes) => bytes;
    return () => new Promise((resolve, reject) => client.makeUnaryRequest(
      '/zerotrust.peers.Pings/Ping', same, same, Buffer.alloc(0), { deadline: Date.now() + 20000 },
      (error) => error ? reject(Object.assign(new Error(error.details), { code: grpc.status[error.code], details: error.details })) : resolve(['OK', ''])));
  },
};

run(mode, clients[library]());
