// `why -o mermaid`: the path of a connection as a picture.
import type { ConnectionAnswer, WhyAnswer } from '../question/why.ts';
import { mermaidText } from './mermaid-text.ts';

/** The path with the gates it passes and the one that stops it. One chart for each port, one after another. */
export function whyMermaid(answer: Extract<WhyAnswer, { kind: 'answer' }>): string {
  const charts = answer.connections.map((connection) => pathChart(answer.from.text, connection));
  return `flowchart LR\n${charts.join('')}  classDef open stroke:#2a7d2a,stroke-width:2px\n  classDef shut stroke:#b02a2a,stroke-width:3px\n  classDef unsure stroke:#b8860b,stroke-dasharray:4\n`;
}

type Gate = { readonly label: string; readonly state: 'open' | 'shut' | 'unsure' };

function pathChart(from: string, connection: ConnectionAnswer, i = connection.route.port): string {
  const id = (n: number | string) => `c${String(i).replace(/[^a-zA-Z0-9]/g, '_')}${connection.route.protocol}_${n}`;
  const gates = gatesOf(connection);
  const lines = [`  ${id('from')}(["${mermaidText(from)}"])`];
  let last = id('from');
  let stopped = false;
  for (const [n, gate] of gates.entries()) {
    lines.push(`  ${id(n)}{{"${mermaidText(gate.label)}"}}:::${gate.state}`);
    lines.push(`  ${last} ${stopped ? '-.->' : '-->'} ${id(n)}`);
    stopped ||= gate.state === 'shut';
    last = id(n);
  }
  lines.push(`  ${id('to')}(["${mermaidText(`${connection.route.to}/${connection.route.protocol}`)}"])`);
  lines.push(`  ${last} ${stopped ? '-. stopped .->' : '-->'} ${id('to')}`);
  return `${lines.join('\n')}\n`;
}

/** In the order a packet meets them: DNS, egress, Service, ingress. */
function gatesOf(connection: ConnectionAnswer): Gate[] {
  const { dns, route, legs } = connection;
  const gates: Gate[] = [];
  if (dns !== undefined && (dns.asked || dns.outcome !== 'allowed')) {
    gates.push({
      label: `DNS: ${dns.resolver}`,
      state: dns.outcome === 'denied' ? 'shut' : dns.outcome === 'allowed' ? 'open' : 'unsure',
    });
  }
  const worst = legs.find((leg) => leg.outcome !== 'allowed') ?? legs[0];
  const gate = (direction: 'egress' | 'ingress'): Gate | undefined => {
    if (worst === undefined) return undefined;
    const { verdict } = worst.explanation[direction];
    const names = verdict.outcome === 'denied' ? `: ${verdict.policies.map((policy) => policy.ref).join(', ')}` : '';
    return {
      label: `${direction} ${verdict.outcome}${names}`,
      state: verdict.outcome === 'denied' ? 'shut' : verdict.outcome === 'undecided' ? 'unsure' : 'open',
    };
  };
  const service: Gate | undefined =
    route.service === undefined
      ? undefined
      : {
          label: `Service ${route.service.service.ref}`,
          state: connection.obstacles.some(({ severity }) => severity === 'broken') ? 'shut' : 'open',
        };
  return [...gates, gate('egress'), service, gate('ingress')].filter((found) => found !== undefined);
}
