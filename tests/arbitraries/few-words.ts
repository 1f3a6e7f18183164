// The small vocabulary of random manifests: few names and labels, so that selectors, blocks and ports often meet.
import fc from 'fast-check';

export const NAMESPACES = ['shop', 'bank', 'ops'];
export const APPS = ['frontend', 'cart', 'checkout'];

export const labels = fc.record({ app: fc.constantFrom(...APPS), tier: fc.constantFrom('a', 'b') }, { requiredKeys: ['app'] });

/** Of pods, as every kind but Calico's writes it. */
export const selector = fc.oneof(
  fc.constant({}),
  fc.record({ matchLabels: fc.record({ app: fc.constantFrom(...APPS) }) }),
  fc.record({ matchLabels: labels }),
  fc.record({
    matchExpressions: fc.tuple(
      fc.oneof(
        fc.record({ key: fc.constant('app'), operator: fc.constantFrom('In', 'NotIn'), values: fc.subarray(APPS, { minLength: 1 }) }),
        fc.record({ key: fc.constant('tier'), operator: fc.constantFrom('Exists', 'DoesNotExist') }),
      ),
    ),
  }),
);

export const namespaceSelector = fc.oneof(
  fc.constant({}),
  fc.constantFrom(...NAMESPACES).map((name) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })),
  fc.constantFrom('red', 'blue').map((team) => ({ matchLabels: { team } })),
);

export const few = <T>(item: fc.Arbitrary<T>, most: number, least = 0) => fc.array(item, { maxLength: most, minLength: least });
