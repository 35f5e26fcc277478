'use strict';
// Begins a context and calls the next server with it: send.js settings.json tenant subject permission...

const { Workload } = require('./mesh');

const [, , settings, tenant, subject, ...permissions] = process.argv;
const workload = new Workload(settings);
const context = workload.sender.mint(tenant, subject, permissions);
workload.call(workload.next, workload.sender.link(context, workload.next.workload))
  .then(({ status, body }) => console.log(status, body), (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
