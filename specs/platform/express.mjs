// The platform's side of `https://BASE` in Express: PORT=3000 node express.mjs
import express from 'express';

const app = express();
const tenants = new Map([['acme/contoso', { name: 'Contoso', runs: { 'run-1042': 'failed' } }]]); // your tables

// Your own check of the token, the one that the platform's other routes have.
const caller = (req, res, next) => (req.get('authorization')?.startsWith('Bearer ') ? next() : res.sendStatus(401));

app.get(
  [
    '/workspaces/:workspace/tenants/:tenant/support-diagnostics',
    '/workspaces/:workspace/tenants/:tenant/operation-runs/:run/support-diagnostics',
  ],
  caller,
  (req, res) => {
    const { workspace, tenant, run } = req.params;
    const found = tenants.get(`${workspace}/${tenant}`); // and: may the caller see it?
    if (!found || (run && !Object.hasOwn(found.runs, run))) return res.sendStatus(404);
    const references = { workspace: { id: workspace }, tenant: { id: tenant, name: found.name } };
    if (run) references.operation_run = { id: run, outcome: found.runs[run] };
    if (!String(req.query.include).split(',').includes('bundle')) return res.json({ references });
    const bundle = {
      schema_version: 1,
      generated_at: new Date().toISOString(),
      headline: 'The last synchronisation failed',
      omissions: [{ key: 'devices', reason: 'the connection may not read them' }],
    };
    res.json({ references, bundle });
  },
);

app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1');
