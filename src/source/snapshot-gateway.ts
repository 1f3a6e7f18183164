// What a snapshot keeps of Gateway API: what leads where. Values of headers, filters and certificates are nobody's business.
import type { Keep } from './keep.ts';

const NAMES: Keep = { name: true };
const BACKENDS: Keep = { group: true, kind: true, name: true, namespace: true, port: true, weight: true };

function route(matches: Keep): Keep {
  return {
    parentRefs: { group: true, kind: true, name: true, namespace: true, sectionName: true, port: true },
    hostnames: true,
    rules: { name: true, matches, filters: { type: true }, backendRefs: BACKENDS },
  };
}

/** By kind, the fields of `spec` and `status` that are kept. */
export const GATEWAY_FIELDS: Readonly<Record<string, { readonly [field: string]: Keep }>> = {
  GRPCRoute: { spec: route({ method: { type: true, service: true, method: true }, headers: NAMES }) },
  Gateway: {
    spec: {
      gatewayClassName: true,
      addresses: true,
      listeners: { name: true, hostname: true, port: true, protocol: true, allowedRoutes: true, tls: { mode: true } },
    },
    status: { addresses: true },
  },
  HTTPRoute: { spec: route({ path: { type: true, value: true }, headers: NAMES, queryParams: NAMES, method: true }) },
  ReferenceGrant: { spec: true },
  TCPRoute: { spec: route({}) },
  TLSRoute: { spec: route({}) },
};
