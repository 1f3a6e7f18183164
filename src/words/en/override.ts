// What is wrong with a user's CNI profiles.
import type { OverrideProblem } from '../../profile/overrides.ts';
import { type Said, said } from './said.ts';

/** `profiles.my-cni.cells.endPort: must be yes, no or unknown, found maybe`. Never throws. */
export function overrideSentence(problem: OverrideProblem): Said {
  const where = problem.path.length === 0 ? '' : `${problem.path.join('.')}: `;
  const near = 'nearest' in problem && problem.nearest.length > 0 ? `did you mean ${problem.nearest.join(', ')}?` : undefined;
  switch (problem.code) {
    case 'not-an-object':
      return said(`${where}must be an object, found ${problem.found}`, 'profiles: { my-cni: { like: calico-iptables, cells: { … } } }');
    case 'not-a-text':
      return said(`${where}must be a string, found ${problem.found}`);
    case 'unknown-key':
      return said(`${where}unknown key; the keys here are ${problem.allowed.join(', ')}`, near);
    case 'bad-name':
      return said(`${where}a profile name has only lower-case letters, digits, - and .`);
    case 'name-taken':
      return said(`${where}the name ${problem.name} is taken`, 'leave `like` out to change that profile, or use another name');
    case 'like-missing':
      return said(
        `${where}no profile is called ${problem.name}`,
        near ?? 'a new profile has to say what it is based on: like: calico-iptables',
      );
    case 'unknown-profile':
      return said(`${where}no profile is called ${problem.name}`, near);
    case 'ambiguous-profile':
      return said(`${where}${problem.name} stands for several profiles`, `use one of ${problem.members.join(', ')}`);
    case 'unknown-cell':
      return said(`${where}there is no such cell`, near ?? 'docs/cni-profiles.md lists them');
    case 'bad-value':
      return said(`${where}must be ${problem.allowed.join(', ')}; found ${problem.found}`);
  }
}
