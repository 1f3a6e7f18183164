// The part of netverdict.yaml that lint reads: severities, accepted findings, the CNI. From a parsed value; nothing is read from disk here.
// The JSON Schema of the same is made by config-schema.ts.

import { parseCidr } from '../net/cidr.ts';
import { parseIp } from '../net/ip.ts';
import { dig, get, isObject, listOf } from '../objects/read.ts';
import { nearest } from '../profile/nearest.ts';
import { HOUSE_KEYS, type HouseRules, LIST_NEEDED, missingPart } from './house.ts';
import { SEVERITIES, type Severity } from './rule.ts';

export interface LintConfig {
  readonly rules: ReadonlyMap<string, Severity | 'off'>;
  readonly ignore: readonly ConfigIgnore[];
  readonly house: HouseRules;
  /** A CNI profile, as after `--cni`. */
  readonly profile: string | undefined;
  /** Findings below it are not shown and do not count. */
  readonly severity: Severity | undefined;
  /** A file of old findings, relative to the configuration. */
  readonly baseline: string | undefined;
}

/** `rule` may be `*`; `object` and `file` are patterns in which `*` stands for anything. */
export interface ConfigIgnore {
  readonly rule: string;
  readonly object: string | undefined;
  readonly file: string | undefined;
  readonly reason: string;
}

export const NO_CONFIG: LintConfig = {
  rules: new Map(),
  ignore: [],
  house: {},
  profile: undefined,
  severity: undefined,
  baseline: undefined,
};

/** `{ path: ['lint', 'rulez'], code: 'unknown-key', nearest: ['rules'], wanted: { code: 'one-of', names: ['baseline', …] } }` */
export interface ConfigFault {
  readonly path: readonly (string | number)[];
  /** `list-missing`: a rule is on that finds nothing without the list at `wanted`. */
  readonly code: 'unknown-key' | 'unknown-rule' | 'wrong-value' | 'missing' | 'list-missing';
  readonly nearest: readonly string[];
  readonly wanted: Wanted;
}

/** What belongs there: `{ code: 'one-of', names: ['off', 'note', 'warning', 'error'] }`. `names` is [] where the code says all. */
export interface Wanted {
  readonly code:
    | 'address'
    | 'house-list'
    | 'level-by-rule'
    | 'list'
    | 'mapping'
    | 'one-of'
    | 'patterns'
    | 'reason'
    | 'rule-id'
    | 'rule-id-or-star'
    | 'text';
  readonly names: readonly string[];
}

function wanted(code: Wanted['code'], names: readonly string[] = []): Wanted {
  return { code, names };
}

const TOP_KEYS = ['apiVersion', 'kind', 'lint', 'marked', 'workloads'];
export const WORKLOAD_KEYS = ['group', 'kind', 'template'] as const;
export const LINT_KEYS = ['baseline', 'house', 'ignore', 'profile', 'rules', 'severity'] as const;
export const IGNORE_KEYS = ['file', 'object', 'reason', 'rule'] as const;
export const RULE_LEVELS: readonly string[] = ['off', 'note', 'warning', 'error'];

/** Reads a whole netverdict.yaml. Every fault is named; what is sound is kept. An empty file is an empty configuration. Never throws. */
export function readConfig(
  value: unknown,
  ruleIds: readonly string[],
): { readonly config: LintConfig; readonly faults: readonly ConfigFault[] } {
  const faults: ConfigFault[] = [];
  const known = (of: unknown, keys: readonly string[], path: readonly (string | number)[]) => {
    if (of === undefined || of === null) return;
    if (!isObject(of)) {
      faults.push({ path, code: 'wrong-value', nearest: [], wanted: wanted('mapping', keys) });
      return;
    }
    for (const key of Object.keys(of)) {
      if (!keys.includes(key))
        faults.push({ path: [...path, key], code: 'unknown-key', nearest: nearest(key, keys), wanted: wanted('one-of', keys) });
    }
  };
  known(value, TOP_KEYS, []);
  // What they mean is read for every command; here only slips in them are named.
  for (const [i, line] of listOf(dig(value, 'workloads')).entries()) known(line, WORKLOAD_KEYS, ['workloads', i]);
  const lint = dig(value, 'lint');
  known(lint, LINT_KEYS, ['lint']);

  const text = (key: string): string | undefined => {
    const found = dig(lint, key);
    if (found !== undefined && typeof found !== 'string')
      faults.push({ path: ['lint', key], code: 'wrong-value', nearest: [], wanted: wanted('text') });
    return typeof found === 'string' ? found : undefined;
  };
  const severity = text('severity');
  if (severity !== undefined && !isSeverity(severity)) {
    faults.push({
      path: ['lint', 'severity'],
      code: 'wrong-value',
      nearest: nearest(severity, SEVERITIES),
      wanted: wanted('one-of', SEVERITIES),
    });
  }
  const rules = levelsOf(dig(lint, 'rules'), ruleIds, faults);
  const house = houseOf(dig(lint, 'house'), known, faults);
  for (const [id, level] of rules) {
    const part = level === 'off' ? undefined : missingPart(id, house);
    // A list that is there and wrong has a fault of its own.
    if (part !== undefined && dig(lint, 'house', part) === undefined)
      faults.push({ path: ['lint', 'rules', id], code: 'list-missing', nearest: [], wanted: wanted('house-list', [`lint.house.${part}`]) });
  }
  return {
    config: {
      rules,
      ignore: ignoresOf(dig(lint, 'ignore'), ruleIds, known, faults),
      house,
      profile: text('profile'),
      severity: severity !== undefined && isSeverity(severity) ? severity : undefined,
      baseline: text('baseline'),
    },
    faults,
  };
}

function levelsOf(value: unknown, ruleIds: readonly string[], faults: ConfigFault[]): LintConfig['rules'] {
  const levels = new Map<string, Severity | 'off'>();
  if (value === undefined) return levels;
  if (!isObject(value)) {
    faults.push({ path: ['lint', 'rules'], code: 'wrong-value', nearest: [], wanted: wanted('level-by-rule') });
    return levels;
  }
  for (const [id, level] of Object.entries(value)) {
    const path = ['lint', 'rules', id];
    if (!ruleIds.includes(id)) faults.push({ path, code: 'unknown-rule', nearest: nearest(id, ruleIds), wanted: wanted('rule-id') });
    // YAML 1.1 readers take a bare `off` for false.
    else if (level === false || level === 'off') levels.set(id, 'off');
    else if (typeof level === 'string' && isSeverity(level)) levels.set(id, level);
    else faults.push({ path, code: 'wrong-value', nearest: nearest(String(level), RULE_LEVELS), wanted: wanted('one-of', RULE_LEVELS) });
  }
  return levels;
}

type Known = (of: unknown, keys: readonly string[], path: readonly (string | number)[]) => void;

function ignoresOf(value: unknown, ruleIds: readonly string[], known: Known, faults: ConfigFault[]): ConfigIgnore[] {
  if (value !== undefined && !Array.isArray(value)) {
    faults.push({ path: ['lint', 'ignore'], code: 'wrong-value', nearest: [], wanted: wanted('list') });
  }
  return listOf(value).flatMap((item, i): ConfigIgnore[] => {
    const path = ['lint', 'ignore', i];
    known(item, IGNORE_KEYS, path);
    const part = (key: string): string | undefined => {
      const found = dig(item, key);
      if (found !== undefined && typeof found !== 'string')
        faults.push({ path: [...path, key], code: 'wrong-value', nearest: [], wanted: wanted('text') });
      return typeof found === 'string' && found.trim() !== '' ? found : undefined;
    };
    const [rule, reason] = [part('rule'), part('reason')];
    if (rule === undefined) faults.push({ path: [...path, 'rule'], code: 'missing', nearest: [], wanted: wanted('rule-id-or-star') });
    else if (rule !== '*' && !ruleIds.includes(rule)) {
      faults.push({ path: [...path, 'rule'], code: 'unknown-rule', nearest: nearest(rule, ruleIds), wanted: wanted('rule-id-or-star') });
    }
    if (reason === undefined) faults.push({ path: [...path, 'reason'], code: 'missing', nearest: [], wanted: wanted('reason') });
    return rule === undefined || reason === undefined ? [] : [{ rule, reason, object: part('object'), file: part('file') }];
  });
}

function houseOf(value: unknown, known: Known, faults: ConfigFault[]): HouseRules {
  known(value, HOUSE_KEYS, ['lint', 'house']);
  const house: Partial<Record<keyof HouseRules, readonly string[]>> = {};
  for (const key of HOUSE_KEYS) {
    const list = get(value, key);
    if (list === undefined) continue;
    const path = ['lint', 'house', key];
    if (!Array.isArray(list)) {
      faults.push({ path, code: 'wrong-value', nearest: [], wanted: wanted('patterns') });
      continue;
    }
    const isSound = (item: unknown): item is string => typeof item === 'string' && item !== '' && (key !== 'resolvers' || isAddress(item));
    for (const [i, item] of list.entries())
      if (!isSound(item))
        faults.push({ path: [...path, i], code: 'wrong-value', nearest: [], wanted: wanted(key === 'resolvers' ? 'address' : 'text') });
    if (list.length === 0 && LIST_NEEDED.includes(key)) faults.push({ path, code: 'missing', nearest: [], wanted: wanted('patterns') });
    house[key] = list.filter(isSound);
  }
  return house;
}

function isAddress(text: string): boolean {
  return parseIp(text) !== undefined || parseCidr(text) !== undefined;
}

function isSeverity(text: string): text is Severity {
  return (SEVERITIES as readonly string[]).includes(text);
}

/** Does a pattern with `*` mean this text? An absent pattern means all. `shop/cart-*` means `NetworkPolicy shop/cart-ingress` too. */
export function means(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const whole = new RegExp(`^${parts.join('.*')}$`, 's');
  return whole.test(text) || whole.test(text.slice(text.indexOf(' ') + 1));
}
