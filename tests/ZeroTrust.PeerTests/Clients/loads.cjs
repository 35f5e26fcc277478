'use strict';
// One call and what it looks like, or calls until standard input ends and how many were lost.
const flat = (text) => String(text).replace(/\s+/g, ' ').slice(0, 600);
const describe = (error) => flat(`${error.code ?? error.name} ${error.details ?? error.message}${error.cause ? ' / ' + error.cause.message : ''}`);

exports.run = async (mode, call) => {
  if (mode === 'once') {
    try {
      const [status, text] = await call();
      console.log(flat(`${status} ${text}`));
    } catch (error) {
      console.log(describe(error));
    }
    process.exit(0);
  }
  let stopped = false;
  process.stdin.resume().on('end', () => { stopped = true; });
  let served = 0, lost = 0, first = '';
  while (!stopped) {
    try {
      const [status, text] = await call();
      if (status !== 200 && status !== 'OK') throw new Error(`${status} ${text}`);
      if (++served === 1) console.log('running');
    } catch (error) {
      lost++;
      first ||= describe(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  console.log(flat(`served ${served} lost ${lost} ${first}`));
  process.exit(0);
};

exports.read = (path) => require('node:fs').readFileSync(path);
