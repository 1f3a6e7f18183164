// The programs of this machine that a lab needs: found, and new enough, or one message that says what to install.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

export interface Tools {
  readonly nft: string;
  readonly ip: string;
  readonly unshare: string;
}

/** Where administrators' programs are: ordinary users often have neither in their PATH. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin', '/usr/local/sbin', '/usr/bin', '/bin'];

/** Named sets with `typeof`, comments on chains, `reject with icmpx` in inet: all in 1.0.2 (Ubuntu 22.04). Measured with 1.0.6. */
const OLDEST_NFT: readonly [number, number, number] = [1, 0, 2];
/** The first releases of iproute2 named after years are old enough to be everywhere; 4.x knows all that is used here. */
const OLDEST_IP = 4;

/** Failure `not-linux` or `tool-missing`, with the package that has it. `folders`: where to look, in this order. */
export function findTools(folders: readonly string[] = usualFolders()): Tools {
  if (process.platform !== 'linux') throw new Failure('not-linux', { platform: process.platform });
  const find = (name: string, packageName: string): string => {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (found !== undefined) return found;
    throw new Failure('tool-missing', { program: name, package: packageName });
  };
  return { nft: find('nft', 'nftables'), ip: find('ip', 'iproute2'), unshare: find('unshare', 'util-linux') };
}

/** Are they new enough? `{ nft: '1.0.6' }`. Failure `tool-too-old`, or `tool-broken` when one does not even say its version. */
export async function checkedVersions(tools: Tools): Promise<{ readonly nft: string }> {
  const [nftText, ipText] = await Promise.all([output(tools.nft, ['--version']), output(tools.ip, ['-V'])]);
  checkIp(ipText, tools.ip);
  return { nft: checkedNft(nftText, tools.nft) };
}

function usualFolders(): readonly string[] {
  return [...(process.env.PATH ?? '').split(':').filter(Boolean), ...SYSTEM_FOLDERS];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function output(file: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, [...args], { timeout: 10_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else {
        const facts = { command: [file, ...args].join(' '), said: stderr.trim() || error.message };
        reject(new Failure('tool-broken', facts, { cause: error }));
      }
    });
  });
}

/** `nftables v1.0.6 (Lester Gooch #5)` → `1.0.6`. */
function checkedNft(text: string, file: string): string {
  const found = /v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  const version = found === null ? [0, 0, 0] : [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
  const isOlder = compareVersions(version, OLDEST_NFT) < 0;
  if (isOlder) {
    throw new Failure('tool-too-old', { file, tool: 'nftables', found: text.trim(), needed: OLDEST_NFT.join('.') });
  }
  return version.join('.');
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((part, i) => part !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** `ip utility, iproute2-6.1.0, libbpf 1.1.2`; old ones say `iproute2-ss170905`. BusyBox has an `ip` that knows too little. */
function checkIp(text: string, file: string): void {
  const version = /iproute2-(\d+)\./.exec(text)?.[1];
  if (version !== undefined && Number(version) >= OLDEST_IP) return;
  throw new Failure('tool-too-old', { file, tool: 'iproute2', found: text.trim(), needed: String(OLDEST_IP) });
}
