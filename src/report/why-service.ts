// The facts of a Service as its words want them, for the text and the picture of `why`.
import type { ConnectionDocument } from '../answer/documents/explanation.ts';
import type { ServiceFacts } from '../words/en/why-text.ts';

/** Who is asked by a Service's name goes without its kind here: what stands around says it. `payments/svc/api` → `payments/api:80`. */
export function serviceFacts({
  service,
  port,
  targetPort,
  pods,
  ready,
  withoutSelector,
  unknownAddresses,
}: NonNullable<ConnectionDocument['service']>): ServiceFacts {
  return {
    asked: `${service.replace('/svc/', '/')}${port === undefined ? '' : `:${port}`}`,
    targetPort,
    total: pods,
    ready,
    withoutSelector: withoutSelector === true,
    unknownAddresses: unknownAddresses === true,
  };
}
