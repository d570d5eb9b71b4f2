// nginx in front of the service with a path prefix, as specs/operations.md has it: the prefix is taken off.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address();
  listener.close();
  await once(listener, 'close');
  return port;
}

export async function startNginx(upstream, prefix) {
  const folder = mkdtempSync(join(tmpdir(), 'support-requests-nginx-'));
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; error_log stderr;
events {}
http {
  access_log off;
  ${temporary.join(' ')}
  server {
    listen 127.0.0.1:${port};
    location ${prefix}/ { proxy_pass ${upstream}/; }
  }
}
`,
  );
  // Debian has it where only root's path leads.
  const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
  const arguments_ = ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')];
  const tried = spawnSync('nginx', ['-t', ...arguments_], { env: { ...process.env, PATH }, encoding: 'utf8' });
  if (tried.status !== 0) throw new Error(`nginx does not take its configuration: ${tried.error ?? tried.stderr}`);
  const child = spawn('nginx', arguments_, { env: { ...process.env, PATH }, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  const origin = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(`${origin}${prefix}/livez`).catch(() => null);
    if (answer?.ok) break;
    if (tries > 200 || child.exitCode !== null) throw new Error(`nginx does not answer:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    origin,
    async stop() {
      const exit = child.exitCode === null && once(child, 'exit');
      child.kill('SIGTERM');
      if (exit) await exit;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
