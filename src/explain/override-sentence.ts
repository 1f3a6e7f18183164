// What is wrong with a user's CNI profiles, in English.
import type { OverrideProblem } from '../profile/overrides.ts';
import type { Sentence } from './problem-sentence.ts';

/** `profiles.my-cni.cells.endPort: must be yes, no or unknown, found maybe`. Never throws. */
export function overrideSentence(problem: OverrideProblem): Sentence {
  const where = problem.path.length === 0 ? '' : `${problem.path.join('.')}: `;
  const meant = 'nearest' in problem && problem.nearest.length > 0 ? { hint: `did you mean ${problem.nearest.join(', ')}?` } : {};
  switch (problem.code) {
    case 'not-an-object':
      return {
        text: `${where}must be an object, found ${problem.found}`,
        hint: 'profiles: { my-cni: { like: calico-iptables, cells: { … } } }',
      };
    case 'not-a-text':
      return { text: `${where}must be a text, found ${problem.found}` };
    case 'unknown-key':
      return { text: `${where}unknown; known here: ${problem.allowed.join(', ')}`, ...meant };
    case 'bad-name':
      return { text: `${where}a profile’s name is lower-case letters, digits, - and .` };
    case 'name-taken':
      return { text: `${where}the name ${problem.name} is taken`, hint: 'leave `like` out to change it, or take another name' };
    case 'like-missing':
      return {
        text: `${where}no profile is called ${problem.name}`,
        hint: meant.hint ?? 'a new one says what it is like: like: calico-iptables',
      };
    case 'unknown-profile':
      return { text: `${where}no profile is called ${problem.name}`, ...meant };
    case 'ambiguous-profile':
      return { text: `${where}${problem.name} is several profiles`, hint: `one of ${problem.members.join(', ')}` };
    case 'unknown-cell':
      return { text: `${where}no such cell`, hint: meant.hint ?? 'docs/cni-profiles.md lists them' };
    case 'bad-value':
      return { text: `${where}must be ${problem.allowed.join(', ')}; found ${problem.found}` };
  }
}
