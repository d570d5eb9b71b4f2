// A real service in an empty folder, on a free port, with a development token.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function startService(binary, settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'support-requests-'));
  // Settings of whoever runs the test are not the test's.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('SUPPORT_REQUESTS_'));
  const env = { ...Object.fromEntries(own), SUPPORT_REQUESTS_LISTEN: '127.0.0.1:0', SUPPORT_REQUESTS_RATE_LIMIT: 'off', ...settings };
  const child = spawn(binary, ['serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const origin = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the service is not ready after 20 s:\n${output}`)), 20_000);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        // The page of the first run is not printed where keys are set; the line in the log is there always.
        const ready = / address=(127\.0\.0\.1:\d+) /.exec(output);
        if (ready) {
          clearTimeout(late);
          resolve(`http://${ready[1]}`);
        }
      });
    }
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`the service stopped with ${code}:\n${output}`)));
  });
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  return {
    origin,
    folder,
    token: execFileSync(binary, ['token'], { cwd: folder, env, encoding: 'utf8' }).trim(),
    output: () => output,
    signal: (name) => child.kill(name),
    /** Ends it as a crash would. */
    async crash() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    /** What is stored, as `export` has it. */
    rows() {
      const lines = execFileSync(binary, ['export', '--including-recent'], { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      return lines.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    },
    /** Stops it the way an operator would; answers its exit code. */
    async stop() {
      const exit = !ended() && once(child, 'exit');
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
      if (exit) await exit;
      clearTimeout(impatience);
      rmSync(folder, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}
