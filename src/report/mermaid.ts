// `why -o mermaid`: the path of a connection as a picture.
import type { ConnectionDocument, ExplanationDocument } from '../answer/documents/explanation.ts';
import { mermaidText } from './mermaid-text.ts';

/** The path with the gates it passes and the one that stops it. One chart for each port, one after another. */
export function whyMermaid({ from, connections }: ExplanationDocument): string {
  const charts = connections.map((connection) => pathChart(from, connection));
  return `flowchart LR\n${charts.join('')}  classDef open stroke:#2a7d2a,stroke-width:2px\n  classDef shut stroke:#b02a2a,stroke-width:3px\n  classDef unsure stroke:#b8860b,stroke-dasharray:4\n`;
}

type Gate = { readonly label: string; readonly state: 'open' | 'shut' | 'unsure' };

function pathChart(from: string, connection: ConnectionDocument): string {
  const { port = '', protocol, asked } = connection;
  const id = (n: number | string) => `c${String(port).replace(/[^a-zA-Z0-9]/g, '_')}${protocol}_${n}`;
  const gates = gatesOf(connection);
  const lines = [`  ${id('from')}(["${mermaidText(asked?.from ?? from)}"])`];
  let last = id('from');
  let stopped = false;
  for (const [n, gate] of gates.entries()) {
    lines.push(`  ${id(n)}{{"${mermaidText(gate.label)}"}}:::${gate.state}`);
    lines.push(`  ${last} ${stopped ? '-.->' : '-->'} ${id(n)}`);
    stopped ||= gate.state === 'shut';
    last = id(n);
  }
  lines.push(`  ${id('to')}(["${mermaidText(`${asked?.to ?? ''}/${protocol}`)}"])`);
  lines.push(`  ${last} ${stopped ? '-. stopped .->' : '-->'} ${id('to')}`);
  return `${lines.join('\n')}\n`;
}

/** In the order a packet meets them: DNS, egress, Service, ingress. */
function gatesOf({ dns, service, pods, obstacles }: ConnectionDocument): Gate[] {
  const gates: Gate[] = [];
  if (dns !== undefined && (dns.asked || dns.outcome !== 'allowed')) {
    gates.push({
      label: `DNS: ${dns.resolver}`,
      state: dns.outcome === 'denied' ? 'shut' : dns.outcome === 'allowed' ? 'open' : 'unsure',
    });
  }
  const worst = pods.find(({ outcome }) => outcome !== 'allowed') ?? pods[0];
  if (worst !== undefined) gates.push(policyGate('egress', worst.egress));
  if (service !== undefined) {
    const isBroken = obstacles.some(({ severity }) => severity === 'broken');
    gates.push({ label: `Service ${service.service.replace('/svc/', '/')}`, state: isBroken ? 'shut' : 'open' });
  }
  if (worst !== undefined) gates.push(policyGate('ingress', worst.ingress));
  return gates;
}

function policyGate(direction: 'egress' | 'ingress', side: ConnectionDocument['pods'][number]['egress']): Gate {
  const names = side.outcome === 'denied' ? `: ${side.policies.join(', ')}` : '';
  return {
    label: `${direction} ${side.outcome}${names}`,
    state: side.outcome === 'denied' ? 'shut' : side.outcome === 'undecided' ? 'unsure' : 'open',
  };
}
