// What a case of the table is: a NetworkPolicy that the API server refuses or warns of, what it says, and its nearest neighbour that
// it takes. The table has two readers: the unit tests of src/kinds/network-policy/validate.ts, and tests that ask a real API server.

export type Value = Readonly<Record<string, unknown>>;

export interface PolicyCase {
  /** The row of the table of rules, semantics A.10. */
  readonly row: number;
  readonly fault: string;
  readonly policy: Value;
  /** The server's error lines, in its order. */
  readonly says?: readonly string[];
  /** Its warnings. */
  readonly warns?: readonly string[];
  /** What it says instead of taking the policy, where StrictIPCIDRValidation is on (the default from 1.36). */
  readonly strictlySays?: readonly string[];
  readonly neighbour: Value;
}

export function policy(spec: unknown, metadata: unknown = { name: 'cart-ingress', namespace: 'shop' }): Value {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, ...(spec === undefined ? {} : { spec }) };
}

/** A case in one line: its row, the fault, the policy that has it, what is said, the neighbour. */
export type Row = readonly [row: number, fault: string, policy: Value, says: readonly string[], neighbour: Value];

export function casesOf(rows: readonly Row[]): PolicyCase[] {
  return rows.map(([row, fault, refused, says, neighbour]) => ({ row, fault, policy: refused, says, neighbour }));
}
