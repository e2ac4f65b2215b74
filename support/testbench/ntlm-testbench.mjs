// A test bench for NTLM clients: started, waited for, stopped.
//
//     import { startTestbench } from './ntlm-testbench.mjs';
//     const bench = await startTestbench();
//     const { user, password, domain } = bench.accounts[0];
//     const run = bench.run();                      // sees only its own logins
//     await myClient(run.url('/ntlm'), user, password, domain);
//     assert.equal((await run.last()).status, 'ok');
//     await bench.stop();
//
// NTLM_TESTBENCH names the program, if it is not ntlm-testbench of PATH.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const ports = ['--port', '0', '--tls-port', '0', '--proxy-port', '0'];

class Run {
  constructor(bench) {
    this.bench = bench;
    this.path = `/r/${randomUUID()}`;
  }

  url(path, port = 'http') {
    return this.bench[port] + this.path + path;
  }

  // What became of the last login: status, cause, warnings, ...; null: there was none.
  async last() {
    const answer = await fetch(this.url('/last.json'));
    return answer.status === 404 ? null : answer.json();
  }
}

// http, https, proxy, ca, accounts, pid, log, ...: what it says of itself once it answers.
export async function startTestbench(...options) {
  const program = process.env.NTLM_TESTBENCH ?? 'ntlm-testbench';
  const child = spawn(program, [...ports, '--stdin-eof', ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const early = exited.then(([status]) => {
    throw new Error(`${program} did not start: exit status ${status}`);
  });
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), early]);
  early.catch(() => {}); // it may end from now on
  const bench = { ...JSON.parse(line), run: () => new Run(bench), stop };
  // It ends with its standard input.
  async function stop() {
    child.stdin.end();
    await exited;
  }
  return bench;
}
