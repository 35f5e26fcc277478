'use strict';
// Begins a context and calls the next server with it: send.js settings.json tenant subject permission...

const { Workload } = require('./mesh');

async function send(settings, tenant, subject, ...permissions) {
  const workload = new Workload(settings);
  const context = workload.sender.mint(tenant, subject, permissions);
  const { status, body } = await workload.call(workload.next, workload.sender.link(context, workload.next.workload));
  console.log(status, body);
}

send(...process.argv.slice(2)).catch((failure) => {
  console.error(failure.message);
  process.exitCode = 1;
});
