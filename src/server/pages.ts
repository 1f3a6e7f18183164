// The pages: HTML without scripts, so that nothing in a name can run, and they work with every browser, screen reader and keyboard.
import { createHash } from 'node:crypto';
import type { ConnectivityMap } from '../answer/documents/connectivity-map.ts';
import type { ExplanationDocument } from '../answer/documents/explanation.ts';
import type { LintReportDocument } from '../answer/documents/lint-report.ts';
import { plainRows } from '../answer/map.ts';
import { mapSvg } from '../report/map-svg.ts';
import { harmless } from '../report/paint.ts';
import { printPlace } from '../report/places.ts';
import { SVG_STYLE } from '../report/svg-document.ts';
import { whySvg } from '../report/why-svg.ts';
import { xml } from '../report/xml-text.ts';
import { portsWords } from '../words/en/ports.ts';
import type { Said } from '../words/en/said.ts';
import { PAGE } from '../words/en/serve.ts';

/** Rows of a table on a page; the API has them all. */
const MOST_ROWS = 500;

const STYLE = [
  ':root{color-scheme:light dark;--bg:#fff;--ink:#1b2430;--dim:#566070;--line:#c9ced6;--link:#0b57a4;--stop:#b0201c}',
  '@media (prefers-color-scheme:dark){:root{--bg:#12161c;--ink:#e6eaf0;--dim:#a3adba;--line:#3c4654;--link:#8cc0ff;--stop:#ff8078}}',
  'body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}',
  'header{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:baseline;padding:10px 20px;border-bottom:1px solid var(--line)}',
  'header strong{font-size:18px}a{color:var(--link)}nav{display:flex;gap:14px}nav a[aria-current]{color:var(--ink);font-weight:600;text-decoration:none;border-bottom:3px solid #1a6b2e}',
  '.basis{color:var(--dim);font-size:14px}main{padding:16px 20px;max-width:1100px}h1{font-size:22px;margin:6px 0 12px}',
  'form{display:flex;flex-wrap:wrap;gap:10px;align-items:end;margin-bottom:14px}label{display:flex;flex-direction:column;font-size:14px;color:var(--dim)}',
  'input{font:inherit;padding:6px 8px;min-width:min(340px,80vw);background:var(--bg);color:var(--ink);border:1px solid var(--dim);border-radius:4px}',
  'button{font:inherit;padding:6px 16px;border:1px solid var(--dim);border-radius:4px;background:var(--bg);color:var(--ink)}',
  '.picture{overflow-x:auto;border:1px solid var(--line);border-radius:6px}.picture svg{display:block;min-width:640px;max-width:100%;height:auto}',
  'table{border-collapse:collapse;margin-top:10px;font-size:15px}th,td{text-align:left;vertical-align:top;padding:4px 16px 4px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}',
  'code{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}.hint{color:var(--dim)}.no{color:var(--stop)}',
  '.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--bg);padding:6px}',
].join('');

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** No scripts, no frames, nothing from other places: only our two style sheets, by their hashes. */
export const POLICY = [
  "default-src 'none'",
  `style-src ${hashOf(STYLE)} ${hashOf(SVG_STYLE)}`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What is on every page. */
export interface Frame {
  /** `38 files under k8s/`, or the cluster and when it was read. */
  readonly basis: string;
}

export type Screen = 'path' | 'map' | 'findings';

const text = (said: string): string => xml(harmless(said));
/** Names in a sentence are between backticks. */
const sentence = (said: string): string => text(said).replace(/`([^`]+)`/g, '<code>$1</code>');

function page({ basis }: Frame, screen: Screen, title: string, body: string): string {
  const links = (['path', 'map', 'findings'] as const).map(
    (each) => `<a href="/${each === 'path' ? '' : each}"${each === screen ? ' aria-current="page"' : ''}>${text(PAGE[each])}</a>`,
  );
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<title>${text(title)} · ${PAGE.product}</title><style>${STYLE}</style></head><body><a class="skip" href="#answer">${text(PAGE.skip)}</a>` +
    `<header><strong>${PAGE.product}</strong><nav aria-label="${PAGE.product}">${links.join('')}</nav><span class="basis">${text(basis)}</span></header>` +
    `<main id="answer"><h1>${text(title)}</h1>${body}</main></body></html>\n`
  );
}

export interface AskedPath {
  readonly from: string;
  readonly to: string;
}

/** The form, and the picture below it, or why there is no answer. */
export function pathPage(frame: Frame, { from, to }: AskedPath, answer: ExplanationDocument | Said | undefined): string {
  const field = (name: 'from' | 'to', value: string) =>
    `<label>${text(PAGE[name])}<input name="${name}" value="${text(value)}" placeholder="${text(name === 'from' ? PAGE.fromExample : PAGE.toExample)}" required autocomplete="off" spellcheck="false"></label>`;
  const form = `<form action="/" method="get">${field('from', from)}${field('to', to)}<button>${text(PAGE.ask)}</button></form>`;
  if (answer === undefined) return page(frame, 'path', PAGE.path, `${form}<p class="hint">${text(PAGE.askFirst)}</p>`);
  if (!('connections' in answer)) return page(frame, 'path', PAGE.noAnswer, `${form}${saidBlock(answer)}`);
  const query = xml(String(new URLSearchParams({ from, to })));
  const links = `<p><a href="/api/v1/why?${query}">${text(PAGE.asJson)}</a> · <a href="/path.svg?${query}">${text(PAGE.asSvg)}</a></p>`;
  return page(frame, 'path', `${from} → ${to}`, `${form}${picture(whySvg(answer), PAGE.path)}${links}`);
}

export function mapPage(frame: Frame, map: ConnectivityMap): string {
  const rows = [...plainRows(map)];
  const cells = rows
    .slice(0, MOST_ROWS)
    .map(({ from, to, allowed }) => [from, to, portsWords(allowed)].map((cell) => `<code>${text(cell)}</code>`));
  const more = rows.length > MOST_ROWS ? `<p>${text(PAGE.more(rows.length - MOST_ROWS))}</p>` : '';
  const links = `<p><a href="/api/v1/map">${text(PAGE.asJson)}</a> · <a href="/map.svg">${text(PAGE.asSvg)}</a></p>`;
  const asTable = `<details><summary>${text(PAGE.mapAsText)}</summary>${table(PAGE.mapColumns, cells)}${more}</details>`;
  return page(frame, 'map', PAGE.map, `${picture(mapSvg(rows, map.undecided?.length ?? 0), PAGE.map)}${links}${asTable}`);
}

export function findingsPage(frame: Frame, { findings }: LintReportDocument): string {
  const cells = findings
    .slice(0, MOST_ROWS)
    .map(({ at, rule, severity, text: what, hint = '' }) => [
      `<code>${text(printPlace(at))}</code>`,
      `<strong>${text(severity)}</strong> ${text(rule)}<br>${sentence(what)}${hint === '' ? '' : `<br><span class="hint">→ ${sentence(hint)}</span>`}`,
    ]);
  const more = findings.length > MOST_ROWS ? `<p>${text(PAGE.more(findings.length - MOST_ROWS))}</p>` : '';
  const body = findings.length === 0 ? `<p>${text(PAGE.noFindings)}</p>` : `${table(PAGE.findingColumns, cells)}${more}`;
  return page(frame, 'findings', PAGE.findings, `${body}<p><a href="/api/v1/lint">${text(PAGE.asJson)}</a></p>`);
}

/** What the answers would be based on is not known then. */
export function failedPage(screen: Screen, said: Said): string {
  return page({ basis: '' }, screen, PAGE.noAnswer, saidBlock(said));
}

function saidBlock({ text: what, hint = '' }: Said): string {
  return `<p class="no" role="alert">${sentence(what)}</p>${hint === '' ? '' : `<p class="hint">→ ${sentence(hint)}</p>`}`;
}

/** Scrolls where the screen is narrow, so the keyboard must reach it. */
function picture(svg: string, name: string): string {
  return `<div class="picture" tabindex="0" role="group" aria-label="${text(name)}">${svg}</div>`;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => `<th scope="col">${text(column)}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('')}</tbody></table>`;
}
