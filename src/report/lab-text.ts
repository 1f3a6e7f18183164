// What `lab` prints for people.
import type { LabChangeDocument, LabProbeDocument, LabStatusDocument } from '../answer/documents/lab.ts';
import { labExample } from '../answer/lab.ts';
import {
  ADDED_DNS,
  assumedCellsWords,
  HEADLESS,
  HELD_STATES,
  LAB_HELD,
  LAB_LABELS,
  LAB_TITLES,
  LAB_UP,
  labAssumptionWords,
  labChangeWords,
  labDenialWords,
  labExamples,
  labKernelWords,
  labListensWords,
  labNodeWords,
  labServicePortWords,
  labStatusHead,
  labUpWords,
  NODES_PASS,
  notListeningWords,
} from '../words/en/lab.ts';
import { columns } from './columns.ts';
import type { Paint } from './paint.ts';

/** After `up`: what there is, what was assumed, what to do next. */
export function labUpText(lab: LabStatusDocument, paint: Paint): string {
  const { pods, services, policies, nodes = 0, cni, openConnections, made } = lab;
  const counts = { pods: pods.length, nodes, services: services.length, policies: policies.length };
  const assumed = (made?.assumptions ?? []).flatMap((assumption) => labAssumptionWords(assumption) ?? []);
  const cells = made?.assumedCells ?? [];
  return linesOf([
    `${paint.green(LAB_UP)}  ${paint.plain(labUpWords(counts, cni, openConnections))}`,
    ...(made?.addedDns ? [paint.dim(`    ${ADDED_DNS}`)] : []),
    ...assumed.map((words) => paint.dim(`    ${words}`)),
    ...(cells.length > 0 ? [paint.dim(`    ${assumedCellsWords(cni, cells)}`)] : []),
    ...(made?.nodesPass ? [paint.yellow(`    ${NODES_PASS}`)] : []),
    ...(made?.notListening ?? []).map((failed) => paint.yellow(`    ${notListeningWords(failed)}`)),
    '',
    ...labExamples(lab.name, labExample(lab)).map((command, i) => paint.dim(`    ${(i === 0 ? LAB_LABELS.try : '').padEnd(4)} ${command}`)),
  ]);
}

export function labProbeText({ from, dialled, kernel, denials, engine, held }: LabProbeDocument, paint: Paint): string {
  const { host, port, protocol } = dialled;
  const mark = kernel.outcome === 'answered' ? paint.green(`✓ ${kernel.outcome}`) : paint.red(`✗ ${kernel.outcome}`);
  const said = (kernel.answer ?? '').split(/\r?\n/);
  const body = said.slice(said.indexOf('') + 1).find((line) => line !== '');
  const rows = [
    [LAB_LABELS.kernel, labKernelWords(kernel)],
    ...(kernel.address !== undefined && kernel.address !== host ? [[LAB_LABELS.address, kernel.address]] : []),
    ...(body === undefined ? [] : [[LAB_LABELS.answer, `${said[0] ?? ''}: ${body}`]]),
    ...denials.map((denial) => [LAB_LABELS.denied, labDenialWords(denial)]),
    [LAB_LABELS.engine, engine],
    ...(held ? [[LAB_LABELS.held, LAB_HELD]] : []),
  ];
  const target = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  return linesOf([
    `${mark}  ${paint.plain(`${from} → ${target} (${protocol})`)}`,
    '',
    ...columns(rows).map((line) => `  ${paint.plain(line)}`),
  ]);
}

/** After `apply` and `delete`, in kubectl's words. */
export function labChangeText({ objects, changes, policies }: LabChangeDocument, paint: Paint): string {
  return linesOf([
    ...objects.map(({ object, change }) => paint.plain(`${object} ${change}`)),
    paint.dim(labChangeWords(changes, policies.length)),
  ]);
}

export function labStatusText(lab: LabStatusDocument, paint: Paint): string {
  const { name, cni, holder, alsoUp = [], pods, services, policies, held } = lab;
  const table = (title: string, rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? [] : [paint.bold(title), ...columns(rows).map((line) => `  ${paint.plain(line)}`), ''];
  return linesOf([
    `${paint.green(LAB_UP)}  ${paint.plain(labStatusHead(name, cni, holder, alsoUp))}`,
    '',
    ...table(
      LAB_TITLES.pods,
      pods.map((pod) => [pod.name, pod.addresses.join(' '), labNodeWords(pod.node, pod.hostNetwork), labListensWords(pod.listens)]),
    ),
    ...table(
      LAB_TITLES.services,
      services.map((service) => [
        service.name,
        service.externalName ?? (service.headless ? HEADLESS : service.addresses.join(' ')),
        service.ports.map(({ port, protocol, backends }) => labServicePortWords(port, protocol, backends)).join(', '),
      ]),
    ),
    ...table(
      LAB_TITLES.policies,
      policies.map((policy) => [policy.kind, policy.name]),
    ),
    ...table(
      LAB_TITLES.held,
      held.map(({ name: connection, state }) => [connection, HELD_STATES[state]]),
    ),
  ]);
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
