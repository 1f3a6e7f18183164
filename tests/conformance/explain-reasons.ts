// The reason lines of explain sections, read for the facts in them: which direction says what, and which policies and rules it names.
import type { Direction } from '../../src/model/policy.ts';

/** What one direction of a section says. */
export interface SaidOfDirection {
  readonly lets: boolean;
  /** `shop/cart-ingress`, of every policy that is named. */
  readonly policies: readonly string[];
  /** `shop/cart-ingress ingress[0]`: rules that let it through. The corpus counts rules from 1, we from 0. */
  readonly rules: readonly string[];
  /** Rules whose peers match and whose ports do not. */
  readonly portMisses: readonly string[];
  /** `shop/shop-web`: Ingress objects that are said to open this. */
  readonly ingresses: readonly string[];
  /** What rules of ordered policies do, in the order of the lines: the last one decides, those before it pass. */
  readonly ordered: readonly OrderedRule[];
}

/** `AdminNetworkPolicy 'pass-monitoring' passes connections by Ingress rule pass-ingress-from-monitoring`. */
export interface OrderedRule {
  readonly policy: string;
  readonly does: 'allows' | 'denies' | 'passes';
  /** As its `name` says. */
  readonly rule: string;
}

/**
 * Reads the lines of one section, up to the exposure part that some have at their end:
 * `['Egress (Denied)', "  NetworkPolicy 'x/p' selects x/a[Pod], but y/b[Pod] is not allowed by any Egress rule"]` →
 * `{ egress: { lets: false, policies: ['x/p'], … } }`. Throws at a line of another form.
 */
export function readReasons(lines: readonly string[]): Partial<Record<Direction, SaidOfDirection>> {
  const said: Partial<Record<Direction, SaidOfDirection>> = {};
  let direction: Direction | undefined;
  for (const line of lines) {
    if (line === 'Exposure Analysis Result:') break;
    const heading = /^(Egress|Ingress) \((Allowed|Denied)\)( due to the system default \(Allow all\))?$/.exec(line);
    if (heading !== null) {
      direction = heading[1] === 'Egress' ? 'egress' : 'ingress';
      said[direction] = { lets: heading[2] === 'Allowed', policies: [], rules: [], portMisses: [], ingresses: [], ordered: [] };
      continue;
    }
    const current = direction === undefined ? undefined : said[direction];
    if (direction === undefined || current === undefined) throw new Error(`a reason without a direction: ${line}`);
    said[direction] = withLine(current, direction, line.trim().replace(/^- /, ''));
  }
  return said;
}

const LIST = /^\w+ list:$/;
const ALLOWS = /^NetworkPolicy '([^']+)' allows connections by (?:Egress|Ingress) rule #(\d+)$/;
const PORT_MISS =
  /^NetworkPolicy '([^']+)' selects \S+, and (?:Egress|Ingress) rule #(\d+) selects .+, but the protocols and ports do not match$/;
const NO_RULE = /^NetworkPolicy '([^']+)' selects \S+, but .+ is not allowed by any (?:Egress|Ingress) rule(?: \(no rules defined\))?$/;
const ORDERED = /^(?:Baseline)?AdminNetworkPolicy '([^']+)' (allows|denies|passes) connections by (?:Egress|Ingress) rule (.+)$/;
const DEFAULT = /^the system default \(Allow all\)$/;
const BY_INGRESS = /^Ingress '([^']+)' allows ingress (?:connections through|to) service .+$/;

function withLine(said: SaidOfDirection, direction: Direction, line: string): SaidOfDirection {
  if (LIST.test(line) || DEFAULT.test(line)) return said;
  const ordered = ORDERED.exec(line);
  if (ordered !== null) {
    const [, policy = '', does = '', rule = ''] = ordered;
    return { ...said, ordered: [...said.ordered, { policy, does: does as OrderedRule['does'], rule }] };
  }
  const allows = ALLOWS.exec(line);
  if (allows !== null) return { ...said, policies: [...said.policies, allows[1] ?? ''], rules: [...said.rules, ruleOf(allows, direction)] };
  const miss = PORT_MISS.exec(line);
  if (miss !== null)
    return { ...said, policies: [...said.policies, miss[1] ?? ''], portMisses: [...said.portMisses, ruleOf(miss, direction)] };
  const none = NO_RULE.exec(line);
  if (none !== null) return { ...said, policies: [...said.policies, none[1] ?? ''] };
  const ingress = BY_INGRESS.exec(line);
  if (ingress !== null) return { ...said, ingresses: [...said.ingresses, ingress[1] ?? ''] };
  throw new Error(`not a reason line: ${line}`);
}

function ruleOf(found: RegExpExecArray, direction: Direction): string {
  return `${found[1]} ${direction}[${Number(found[2]) - 1}]`;
}
