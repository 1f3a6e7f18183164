// `map -o svg`: the hubs as badges, then columns from senders to receivers, with a line for each pair that has an allowed connection.
import type { GroupedRow } from '../answer/map-groups.ts';
import { MAP_WORDS } from '../words/en/figure.ts';
import { type MapFigure, mapFigure } from './map-figure.ts';
import { harmless } from './paint.ts';
import { svgDocument } from './svg-document.ts';
import { round, type TextStyle, textAt, textWidth } from './svg-text.ts';
import { xml } from './xml-text.ts';

const MARGIN = 20;
const NODE = 230;
const GAP = 110;
const HIGH = 40;
const STEP = 50;
const LEAST_WIDTH = 2 * MARGIN + 2 * NODE + GAP;

const TITLE: TextStyle = { size: 19, name: 'title', isBold: true };
const HEAD: TextStyle = { size: 13, name: 'head' };
const NAME: TextStyle = { size: 14, name: 'item', isBold: true };
const DIM: TextStyle = { size: 12.5, name: 'dim' };
const BADGE: TextStyle = { size: 13, name: 'text' };

/** One SVG document. `undecided`: connections that are not among the rows. Ends with a line break. */
export function mapSvg(rows: readonly GroupedRow[], undecided: number): string {
  const figure = mapFigure(rows, undecided);
  const { columns, badges, notes } = figure;
  const width = Math.max(LEAST_WIDTH, 2 * MARGIN + columns.length * NODE + (columns.length - 1) * GAP);
  const head = headDrawn(
    badges.map(({ text }) => text),
    notes,
    width,
  );
  const highest = Math.max(0, ...columns.map((column) => column.length));
  const height = head.height + highest * STEP + MARGIN;
  const label = [MAP_WORDS.title, ...badges.map(({ text }) => text), ...notes, ...figure.edges.map(({ text }) => text)].join('. ');
  return svgDocument({ width, height, label, body: head.svg + graphDrawn(figure, head.height, highest) });
}

/** Title, notes, and the badges in as many lines as they need. */
function headDrawn(badges: readonly string[], notes: readonly string[], width: number): { readonly svg: string; readonly height: number } {
  let y = MARGIN + TITLE.size;
  let svg = textAt(MAP_WORDS.title, MARGIN, y, TITLE);
  for (const note of notes) {
    y += 20;
    svg += textAt(note, MARGIN, y, HEAD);
  }
  y += 14;
  let x = MARGIN;
  for (const badge of badges) {
    const wide = Math.min(width - 2 * MARGIN, textWidth(badge, BADGE) + 24);
    if (x > MARGIN && x + wide > width - MARGIN) {
      x = MARGIN;
      y += 34;
    }
    svg += `<rect class="card" x="${round(x)}" y="${round(y)}" width="${round(wide)}" height="26" rx="13"/>${textAt(shortened(badge, wide - 20, BADGE), x + 12, y + 17, BADGE)}`;
    x += wide + 8;
  }
  return { svg, height: y + (badges.length === 0 ? 12 : 46) };
}

function graphDrawn({ columns, nodes, edges }: MapFigure, top: number, highest: number): string {
  const at = new Map<number, { readonly x: number; readonly y: number }>();
  for (const [i, column] of columns.entries()) {
    // Shorter columns are centered.
    const first = top + ((highest - column.length) * STEP) / 2;
    for (const [j, node] of column.entries()) at.set(node, { x: MARGIN + i * (NODE + GAP), y: first + j * STEP });
  }
  const lines = edges.map(({ from, to, text }) => {
    const [a, b] = [at.get(from), at.get(to)];
    return a === undefined || b === undefined ? '' : edgeDrawn({ x: a.x + NODE, y: a.y + HIGH / 2 }, { x: b.x, y: b.y + HIGH / 2 }, text);
  });
  const boxes = nodes.map(({ name, text }, i) => {
    const place = at.get(i);
    if (place === undefined) return '';
    const { x, y } = place;
    const nameY = y + (text === '' ? 25 : 17);
    return (
      `<rect class="card" x="${round(x)}" y="${round(y)}" width="${NODE}" height="${HIGH}" rx="6"/>` +
      textAt(shortened(name, NODE - 20, NAME), x + 10, nameY, NAME) +
      (text === '' ? '' : textAt(shortened(text, NODE - 20, DIM), x + 10, y + 33, DIM))
    );
  });
  return `${lines.join('')}${boxes.join('')}`;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** From the right side of one node to the left of the other; an edge back to an earlier column curves below. */
function edgeDrawn(a: Point, b: Point, text: string): string {
  const isBack = b.x <= a.x;
  const bend = isBack ? 70 : (b.x - a.x) / 2;
  const low = isBack ? STEP / 2 : 0;
  const way = `M${round(a.x)} ${round(a.y)}C${round(a.x + bend)} ${round(a.y + low)} ${round(b.x - bend)} ${round(b.y + low)} ${round(b.x - 7)} ${round(b.y)}`;
  const head = `M${round(b.x - 8)} ${round(b.y - 4)}L${round(b.x - 1)} ${round(b.y)}L${round(b.x - 8)} ${round(b.y + 4)}z`;
  return `<path class="s-pass" stroke-width="1.2" d="${way}"><title>${xml(harmless(text))}</title></path><path class="b-pass" d="${head}"/>`;
}

/** Cut in the middle: names differ at their ends. */
function shortened(text: string, width: number, style: TextStyle): string {
  if (textWidth(text, style) <= width) return text;
  let [from, to] = [text.slice(0, Math.ceil(text.length / 2)), text.slice(Math.ceil(text.length / 2))];
  while (from.length + to.length > 2 && textWidth(`${from}…${to}`, style) > width) {
    if (from.length > to.length) from = from.slice(0, -1);
    else to = to.slice(1);
  }
  return `${from}…${to}`;
}
