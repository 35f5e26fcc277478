'use strict';
// A service that verifies contexts and hands them on: hop.js settings.json

const { Workload, serve } = require('./mesh');

serve(new Workload(process.argv[2]));
