import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasShared, sharedPath } from '../../tests/shared.ts';
import { DETECT_HINTS } from './detect-hints.ts';
import { PROFILES } from './profiles.ts';

describe('the signs in a cluster', () => {
  it('are sorted by profile, and every profile has some', () => {
    const hinted = DETECT_HINTS.map(({ profile }) => profile);
    expect(hinted).toEqual([...hinted].sort());
    expect([...new Set(hinted)]).toEqual(PROFILES.map(({ name }) => name));
    for (const { profile, seen } of DETECT_HINTS) expect(seen.length, profile).toBeGreaterThan(0);
  });

  it('never ask for what they forbid', () => {
    for (const { seen, unseen = [] } of DETECT_HINTS) for (const sign of unseen) expect(seen).not.toContainEqual(sign);
  });

  it('tell versions of one plugin apart: no hint is met whenever another one is', () => {
    // Where one hint asks for a part of what another asks for, it must forbid something of the rest.
    for (const wide of DETECT_HINTS) {
      for (const narrow of DETECT_HINTS.filter((other) => other.profile !== wide.profile)) {
        const covered = wide.seen.every((sign) => narrow.seen.some((other) => JSON.stringify(other) === JSON.stringify(sign)));
        if (!covered) continue;
        const forbidden = (wide.unseen ?? []).map((sign) => JSON.stringify(sign));
        expect(
          narrow.seen.some((sign) => forbidden.includes(JSON.stringify(sign))),
          `${wide.profile} is seen wherever ${narrow.profile} is`,
        ).toBe(true);
      }
    }
  });

  it.skipIf(!hasShared)('are, as far as they are DaemonSets, named in the reference', () => {
    const prose = readFileSync(sharedPath('reference', 'semantics.md'), 'utf8');
    const hints = /Detection hints: (.*)/.exec(prose)?.[1] ?? '';
    const named = [...hints.matchAll(/`([a-z-]+)`/g)].map((match) => match[1] ?? '');
    const used = JSON.stringify(DETECT_HINTS);
    expect(named).toContain('calico-node');
    // Every DaemonSet and container of the reference occurs here, in a place of its own.
    for (const name of named) expect(used, name).toContain(`"${name}"`);
  });
});
