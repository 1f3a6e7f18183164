import { describe, expect, it } from 'vitest';
import { SYMPTOMS, type Symptom, symptomAnswer } from './symptom.ts';

const DENIED = {
  outcome: 'denied',
  cause: 'peer-label-mismatch',
  lookup: undefined,
  localNodeToPod: 'always',
  denyResponse: 'drop',
  startup: 'none',
  agentDown: 'open',
  isIsolated: true,
  profile: 'calico',
  isRefused: false,
  ping: { outcome: 'denied', isAsked: false, isToService: false },
} as const;
type Seen = Parameters<typeof symptomAnswer>[1];
const pinged = (outcome: Seen['ping']['outcome']): Seen['ping'] => ({ outcome, isAsked: false, isToService: false });
const fits = (symptom: Symptom, seen: Partial<Seen>) => symptomAnswer(symptom, { ...DENIED, ...seen }).fits;

describe('what was seen against the verdict', () => {
  it.each<[Symptom, Partial<Seen>, string]>([
    ['timeout', {}, 'yes'],
    ['timeout', { outcome: 'partial' }, 'yes'],
    ['timeout', { outcome: 'allowed' }, 'no'],
    ['timeout', { outcome: 'undecided', cause: 'mesh-port-shut' }, 'yes'],
    ['timeout', { outcome: 'allowed', cause: 'mesh-port-shut' }, 'yes'],
    ['timeout', { outcome: 'undecided' }, 'maybe'],
    ['refused', {}, 'no'],
    ['refused', { outcome: 'allowed', denyResponse: 'reject' }, 'maybe'],
    ['refused', { outcome: 'allowed', denyResponse: 'reject', isIsolated: false }, 'no'],
    ['refused', { outcome: 'allowed' }, 'no'],
    ['refused', { denyResponse: 'reject' }, 'yes'],
    ['unreachable', {}, 'no'],
    ['unreachable', { denyResponse: 'open' }, 'maybe'],
    ['resolve', { lookup: { outcome: 'denied', seconds: 10 } }, 'yes'],
    ['resolve', { lookup: { outcome: 'allowed', seconds: 10 } }, 'no'],
    ['resolve', { cause: 'name-not-in-dns' }, 'no'],
    ['slow', { lookup: { outcome: 'denied', seconds: 10 } }, 'yes'],
    ['slow', { outcome: 'partial', cause: 'families-differ' }, 'yes'],
    ['slow', { outcome: 'allowed' }, 'no'],
    ['intermittent', {}, 'no'],
    ['intermittent', { outcome: 'partial' }, 'yes'],
    ['unhealthy', {}, 'maybe'],
    ['unhealthy', { outcome: 'allowed' }, 'no'],
    ['works', {}, 'no'],
    ['works', { outcome: 'allowed' }, 'yes'],
    ['works', { outcome: 'undecided' }, 'maybe'],
    ['ping-works', { ping: pinged('allowed') }, 'yes'],
    ['ping-works', { ping: pinged('undecided') }, 'maybe'],
    ['ping-works', {}, 'maybe'],
    ['ping-works', { outcome: 'allowed' }, 'no'],
    ['ping-works', { outcome: 'broken', cause: 'no-ready-endpoint' }, 'yes'],
    ['ping-works', { ping: { ...pinged('denied'), isAsked: true } }, 'no'],
    ['ping-fails', { outcome: 'allowed' }, 'yes'],
    ['ping-fails', { outcome: 'allowed', ping: pinged('undecided') }, 'maybe'],
    ['ping-fails', { outcome: 'allowed', ping: pinged('allowed') }, 'no'],
    ['ping-fails', { outcome: 'allowed', ping: { ...pinged('allowed'), isToService: true } }, 'yes'],
    ['ping-fails', {}, 'no'],
    ['ping-fails', { ping: { ...pinged('denied'), isAsked: true } }, 'yes'],
    ['403', {}, 'no'],
    ['403', { outcome: 'allowed', isRefused: true }, 'yes'],
    ['503', {}, 'maybe'],
    ['503', { outcome: 'allowed' }, 'no'],
  ])('%s with %o: %s', (symptom, seen, wanted) => {
    expect(fits(symptom, seen)).toBe(wanted);
  });
  it.each(SYMPTOMS)('%s says, where it does not fit, where to look then', (symptom) => {
    for (const outcome of ['allowed', 'denied', 'partial', 'broken', 'undecided'] as const) {
      const { fits, look } = symptomAnswer(symptom, { ...DENIED, outcome });
      expect(fits === 'no' && look.length === 0).toBe(false);
    }
  });
  it('a CNI that rejects a pod it does not know yet may explain a refusal of what policies allow', () => {
    const { because, look } = symptomAnswer('refused', { ...DENIED, outcome: 'allowed', denyResponse: 'reject', profile: 'k3s' });
    expect([because, look[0]]).toEqual(['rejected-until-known', 'only-first-seconds']);
  });
  it('probes stay green only where a node always reaches its own pods', () => {
    expect(symptomAnswer('timeout', DENIED).look).toContain('probes-stay-green');
    expect(symptomAnswer('timeout', { ...DENIED, localNodeToPod: 'open' }).look).toEqual([]);
  });
});
