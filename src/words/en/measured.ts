// What was measured of an intent, on a kernel or in a cluster.
import { noControlSentence } from './probing.ts';

/** `{ through: 2, sent: 2 }` → `2 of 2 packets came through the kernel`. `lost`: neither an answer nor a record came. */
export function kernelMeasured({
  through,
  sent,
  lost,
}: {
  readonly through: number;
  readonly sent: number;
  readonly lost: boolean;
}): string {
  if (sent === 0) return 'there is no address to send a packet to';
  return lost ? 'the packet got lost in the lab' : `${through} of ${sent} packets came through the kernel`;
}

/** `shown`: what the probe said. */
export function withoutControl(shown: string, why: Parameters<typeof noControlSentence>[0] | undefined): string {
  return `${shown}; ${why === undefined ? 'its control does not answer' : noControlSentence(why)}`;
}
