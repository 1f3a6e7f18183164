// Which policies can depart under kube-router at all, by their own text: a look that is cheap beside rebuilding the rules.
import type { Direction, Policy, Rule } from '../model/policy.ts';

/**
 * Has a rule of this direction a port name, a second block beside one with `except`, or `::/0`? What remains is `leak`, which needs both ends under
 * one policy of both directions. False for kinds that kube-router does not enforce and for policies that cannot be read.
 */
export function canDepart(policy: Policy, direction: Direction): boolean {
  const rules = policy[direction];
  if (rules === 'not-governed' || policy.tier !== 'namespaced' || policy.faults.length > 0) return false;
  return rules.some((rule) => hasNames(rule) || hasBlocks(rule));
}

function hasNames({ ports }: Rule): boolean {
  return ports !== 'every-port' && ports.some(({ kind }) => kind === 'named');
}

function hasBlocks({ peers }: Rule): boolean {
  if (peers === 'anyone') return false;
  const blocks = peers.filter((peer) => peer.kind === 'block');
  return (
    (blocks.length > 1 && blocks.some(({ except }) => except.length > 0)) ||
    blocks.some(({ cidr }) => cidr.prefixBits === 0 && cidr.first.family === 6)
  );
}
