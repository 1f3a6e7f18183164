// Names inside the table: chains, sets, counters. They look like what they stand for, so that `nft list` can be read:
// `shop/cart-ingress.in0.pods4` holds the IPv4 pods of ingress[0] of shop/cart-ingress.
// nft (scanner.l, `string`) takes letters, digits and `/ - _ .`, not a digit first, and at most 255 bytes.
import type { Direction, Policy } from '../model/policy.ts';

/** Room for what is appended (`.out12.named6.denied`). */
const LONGEST = 200;

/** `in` and `out` are how chains call ingress and egress; shorter, and the two line up in a listing. */
export function short(direction: Direction): 'in' | 'out' {
  return direction === 'ingress' ? 'in' : 'out';
}

/**
 * Any text → a name that nft reads back unchanged. Names of Kubernetes objects stay as they are: `shop/cart-ingress`.
 * What does not fit (capitals are fine, blanks and umlauts are not, a digit first, too long) is replaced and gets a hash, so that two
 * texts never share a name by accident: `1-shop/ä b` → `p.1-shop/_-_b.9fk2…`.
 */
export function nftName(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9/_.-]/g, '_');
  if (plain === text && /^[A-Za-z_]/.test(text) && text.length <= LONGEST) return text;
  const safe = /^[A-Za-z_]/.test(plain) ? plain : `p.${plain}`;
  return `${safe.slice(0, LONGEST - 15)}.${hash(text)}`;
}

/** A policy's part of a name. Kinds share the namespace of names in a table, so all but NetworkPolicy say theirs. */
export function policyName(policy: Policy): string {
  return nftName(policy.kind === 'NetworkPolicy' ? policy.ref : `${policy.kind}.${policy.ref}`);
}

/** The chain of all pods that exactly these policies select: named after the policy when it is one, else by a hash of all of them. */
export function groupName(direction: Direction, policies: readonly Policy[]): string {
  const names = policies.map(policyName);
  const own = names.length === 1 ? `${names[0]}` : `group.${hash(names.join(' '))}`;
  return `${short(direction)}.${own}`;
}

/** Gives each object a name once: the second that asks for a taken name gets `.2`. Duplicate policies in the input lead to this. */
export function uniquely<T extends object>(nameOf: (thing: T) => string): (thing: T) => string {
  const taken = new Set<string>();
  const given = new Map<T, string>();
  return (thing) => {
    const known = given.get(thing);
    if (known !== undefined) return known;
    const wanted = nameOf(thing);
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}.${n}`;
    taken.add(name);
    given.set(thing, name);
    return name;
  };
}

/** A comment as nft takes it: at most 127 bytes, no quotes, nothing that a terminal would obey. */
export function nftComment(text: string): string {
  const safe = text.replace(/[^\x20-\x7e]|["\\]/g, '_');
  return safe.length <= 127 ? safe : `${safe.slice(0, 124)}...`;
}

/** FNV-1a twice with different offsets, 64 bits in all: `1k3jx0p9c2vd4`. Not for secrets, for names. */
export function hash(text: string): string {
  return `${fnv(text, 0x811c9dc5)}${fnv(text, 0x01234567)}`;
}

function fnv(text: string, offset: number): string {
  let value = offset;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return (value >>> 0).toString(36).padStart(7, '0');
}
