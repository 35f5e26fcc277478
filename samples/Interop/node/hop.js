'use strict';
// A service that verifies contexts and hands them on: hop.js settings.json

const { Workload, serve } = require('./mesh');
const { Refused } = require('./refused');

try {
  serve(new Workload(process.argv[2]));
} catch (refused) {
  if (!(refused instanceof Refused)) throw refused;
  console.error(`the own certificate is refused: ${refused.message}`);
  process.exitCode = 1;
}
