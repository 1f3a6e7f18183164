import { describe, expect, it } from 'vitest';
import { symptomSentences } from './symptom.ts';

describe('what was seen, in words', () => {
  it('says why it fits and what to look at', () => {
    expect(
      symptomSentences({
        symptom: 'timeout',
        fits: 'yes',
        because: 'denied-is-dropped',
        look: ['new-pod-is-open'],
        facts: { profile: 'k3s' },
      }),
    ).toEqual({
      text: 'denied packets are dropped without an answer, so the client waits until it times out',
      look: ['is a pod new? On k3s it is open until its policies are in place'],
    });
  });

  it('counts the seconds that denied DNS costs', () => {
    const facts = { profile: 'calico', seconds: 30 };
    expect(symptomSentences({ symptom: 'slow', fits: 'yes', because: 'every-lookup-waits', look: [], facts }).text).toBe(
      'every lookup waits 30 s for nothing before it fails (attempts × timeout × nameservers)',
    );
  });
});
