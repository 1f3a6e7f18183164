// A Ruleset as text for `nft -f -`, the same text for the same data. Knows the grammar of nft 1.0.6 and newer.
// One statement per line, closing braces alone: nft 1.0.6 does not take `drop } }`.
import { printIp } from '../net/ip.ts';
import type { Change } from './delta.ts';
import { nftComment } from './names.ts';
import {
  type Chain,
  type Counter,
  type Element,
  type Field,
  isSpan,
  type MapEntry,
  type NftMap,
  type NftSet,
  type NftVerdict,
  type Part,
  PROTOCOL_NUMBER,
  type Rule,
  type Ruleset,
  type Statement,
} from './ruleset.ts';

/** The whole table in one transaction: whatever was in a table of that name is replaced in the same instant. */
export function print(ruleset: Ruleset): string {
  const { table, comment, counters, sets, maps, chains } = ruleset;
  return [
    `add table inet ${table}`,
    `delete table inet ${table}`,
    `table inet ${table} {`,
    `\tcomment "${nftComment(comment)}"`,
    ...counters.flatMap((counter) => block(`counter ${counter.name}`, printCounter(counter))),
    ...sets.flatMap((set) =>
      block(`set ${set.name}`, [...printSet(set), ...elementLines(set.elements.map((element) => printElement(set.fields, element)))]),
    ),
    ...maps.flatMap((map) =>
      block(`map ${map.name}`, [...printMap(map), ...elementLines(map.entries.map((entry) => printEntry(map, entry)))]),
    ),
    ...chains.flatMap((chain) => block(`chain ${chain.name}`, [...printChain(chain), ...chain.rules.map(printRule)])),
    '}',
    '',
  ].join('\n');
}

/** Changes as commands for `nft -f -`: all of them together are one transaction. '' for none. */
export function printChanges(table: string, changes: readonly Change[]): string {
  return changes.map((change) => `${printChange(`inet ${table}`, change)}\n`).join('');
}

function printChange(table: string, change: Change): string {
  switch (change.kind) {
    case 'add-counter':
      return declare(`add counter ${table} ${change.counter.name}`, printCounter(change.counter));
    case 'add-chain':
      return declare(`add chain ${table} ${change.chain.name}`, printChain(change.chain));
    case 'add-set':
      return declare(`add set ${table} ${change.set.name}`, printSet(change.set));
    case 'add-map':
      return declare(`add map ${table} ${change.map.name}`, printMap(change.map));
    case 'add-elements':
    case 'delete-elements': {
      const verb = change.kind === 'add-elements' ? 'add' : 'delete';
      return `${verb} element ${table} ${change.set.name} { ${change.elements.map((element) => printElement(change.set.fields, element)).join(', ')} }`;
    }
    case 'add-entries':
      return `add element ${table} ${change.map.name} { ${change.entries.map((entry) => printEntry(change.map, entry)).join(', ')} }`;
    case 'delete-entries':
      return `delete element ${table} ${change.map.name} { ${change.entries.map((entry) => printEntry(change.map, entry)).join(', ')} }`;
    case 'add-rules':
      return change.rules.map((rule) => `add rule ${table} ${change.chain} ${printRule(rule)}`).join('\n');
    case 'flush-chain':
      return `flush chain ${table} ${change.chain}`;
    case 'delete':
      return `delete ${change.what} ${table} ${change.name}`;
  }
}

function declare(head: string, lines: readonly string[]): string {
  if (lines.length === 0) return head;
  return [`${head} {`, ...lines.map((line) => `\t${line}${line.endsWith(';') ? '' : ';'}`), '}'].join('\n');
}

function block(head: string, lines: readonly string[]): string[] {
  return [`\t${head} {`, ...lines.map((line) => `\t\t${line}`), '\t}'];
}

function elementLines(elements: readonly string[]): string[] {
  return elements.length === 0 ? [] : [`elements = { ${elements.join(', ')} }`];
}

/** The lines inside `counter name { … }`. */
function printCounter({ comment }: Counter): string[] {
  return comment === undefined ? [] : [`comment "${nftComment(comment)}"`];
}

/** The lines inside `set name { … }`, without elements. */
function printSet(set: NftSet): string[] {
  const flags = [...(set.interval ? ['interval'] : []), ...(set.recorded === undefined ? [] : ['dynamic'])];
  return [
    `typeof ${printFields(set.fields)}`,
    ...(flags.length > 0 ? [`flags ${flags.join(',')}`] : []),
    ...(set.recorded === undefined ? [] : [`size ${set.recorded.size}`]),
    ...(set.comment === undefined ? [] : [`comment "${nftComment(set.comment)}"`]),
  ];
}

/** The lines inside `map name { … }`, without elements. */
function printMap(map: NftMap): string[] {
  // A verdict has no expression to take the type of, so such a map must name all its types.
  const types =
    map.to === 'verdict'
      ? `type ${map.fields.map((field) => TYPE[field]).join(' . ')} : verdict`
      : `typeof ${printFields(map.fields)} : ${map.to}`;
  return [
    types,
    ...(map.interval ? ['flags interval'] : []),
    ...(map.comment === undefined ? [] : [`comment "${nftComment(map.comment)}"`]),
  ];
}

const TYPE: Readonly<Record<Field, string>> = {
  'ip saddr': 'ipv4_addr',
  'ip daddr': 'ipv4_addr',
  'ip6 saddr': 'ipv6_addr',
  'ip6 daddr': 'ipv6_addr',
  'meta l4proto': 'inet_proto',
  'th dport': 'inet_service',
  'meta mark': 'mark',
  'meta priority': 'classid',
};

/** The lines inside `chain name { … }` that are no rules. */
function printChain({ hook, comment }: Chain): string[] {
  return [
    ...(hook === undefined ? [] : [`type filter hook ${hook} priority filter; policy accept;`]),
    ...(comment === undefined ? [] : [`comment "${nftComment(comment)}"`]),
  ];
}

function printFields(fields: readonly Field[]): string {
  return fields.join(' . ');
}

/** `10.0.0.7 . tcp . 8000-8010`. */
export function printElement(fields: readonly Field[], element: Element): string {
  let text = '';
  for (let i = 0; i < element.length; i++) text += `${i === 0 ? '' : ' . '}${printPart(fields[i] as Field, element[i] as Part)}`;
  return text;
}

/** `10.0.0.7 : jump in.shop/cart-ingress`, `0:3 . 7 : 12`. */
export function printEntry(map: NftMap, { key, value }: MapEntry): string {
  const right = typeof value === 'object' ? printVerdict(value) : map.to === 'meta priority' ? printPriority(value) : `${value}`;
  return `${printElement(map.fields, key)} : ${right}`;
}

function printPart(field: Field, part: Part): string {
  if (isSpan(part)) return `${printExact(field, part.from)}-${printExact(field, part.to)}`;
  return printExact(field, part);
}

function printExact(field: Field, value: number | bigint): string {
  switch (field) {
    case 'ip saddr':
    case 'ip daddr':
      return printIp({ family: 4, value: Number(value) });
    case 'ip6 saddr':
    case 'ip6 daddr':
      return printIp({ family: 6, value: BigInt(value) });
    case 'meta l4proto':
      return printProtocol(Number(value));
    case 'meta priority':
      return printPriority(Number(value));
    default:
      return `${value}`;
  }
}

const PROTOCOL_NAME = new Map<number, string>([
  [PROTOCOL_NUMBER.TCP, 'tcp'],
  [PROTOCOL_NUMBER.UDP, 'udp'],
  [PROTOCOL_NUMBER.SCTP, 'sctp'],
  [PROTOCOL_NUMBER.ICMP, 'icmp'],
  [PROTOCOL_NUMBER.ICMPV6, 'ipv6-icmp'],
]);

function printProtocol(value: number): string {
  return PROTOCOL_NAME.get(value) ?? `${value}`;
}

/** nft writes a packet's priority as a tc class, two hexadecimal halves: 31 → `0:1f`. */
function printPriority(value: number): string {
  return `${Math.floor(value / 65536).toString(16)}:${(value % 65536).toString(16)}`;
}

/** `ip saddr . meta l4proto . th dport @shop/cart-ingress.in0.pods4 counter name "shop/cart-ingress.in0" return`. */
export function printRule(rule: Rule): string {
  return rule.map(printStatement).join(' ');
}

function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'in-set':
      return `${printFields(statement.fields)} ${statement.not ? '!= ' : ''}@${statement.set}`;
    case 'is': {
      const values = statement.values.map((value) => printExact(statement.field, value));
      return `${statement.field} ${values.length === 1 ? values[0] : `{ ${values.join(', ')} }`}`;
    }
    case 'ct-established':
      return `${statement.reply ? 'ct direction reply ' : ''}ct state established,related`;
    case 'ct-mark-is':
      return `ct mark ${statement.value}`;
    case 'set-ct-mark':
      return `ct mark set ${statement.value}`;
    case 'set':
      return `${statement.target} set ${printExact(statement.target, statement.value)}`;
    case 'set-from-map':
      return `${statement.target} set ${printFields(statement.fields)} map @${statement.map}`;
    case 'vmap':
      return `${printFields(statement.fields)} vmap @${statement.map}`;
    case 'record':
      return `add @${statement.set} { ${printFields(statement.fields)} }`;
    case 'count':
      return `counter name "${statement.counter}"`;
    case 'reject':
      // QUOTED: nft's language
      return statement.with === 'tcp reset' ? 'reject with tcp reset' : 'reject with icmpx type admin-prohibited';
    default:
      return printVerdict(statement);
  }
}

function printVerdict(verdict: NftVerdict): string {
  return 'chain' in verdict ? `${verdict.kind} ${verdict.chain}` : verdict.kind;
}
