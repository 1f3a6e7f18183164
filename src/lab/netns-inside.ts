// What every program inside a kept lab can do: set the sysctls of its own network.
import { writeFileSync } from 'node:fs';
import type { Sysctl } from './netns-wiring.ts';

/** Files under /proc/sys/net are those of the namespace of whoever writes. Not every kernel has all of them. */
export function writeSysctls(files: readonly Sysctl[]): undefined {
  for (const { path, text } of files) {
    try {
      writeFileSync(path, text);
    } catch {
      // Older kernels hide some of them from a namespace; each of them only saves time.
    }
  }
  return undefined;
}
