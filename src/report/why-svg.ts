// `why -o svg`: the path of a connection as two cards with the gate between them, to be put into a runbook or sent to a colleague.
import type { ExplanationDocument } from '../answer/documents/explanation.ts';
import {
  type ConnectionFigure,
  type FigureCard,
  type FigureCheck,
  type FigureItem,
  type FigureLine,
  type PathFigure,
  SIGNS,
  type Tone,
  whyFigures,
} from './figure.ts';
import { svgDocument } from './svg-document.ts';
import { round, type TextStyle, textAt, wrapText } from './svg-text.ts';

const WIDTH = 1000;
const MARGIN = 20;
const CARD = 370;
const PADDING = 14;
const BETWEEN = WIDTH - 2 * MARGIN - 2 * CARD;

const STYLES = {
  title: { size: 19, name: 'title', isBold: true },
  head: { size: 13, name: 'head' },
  caption: { size: 12, name: 'caption' },
  place: { size: 17, name: 'place', isBold: true },
  name: { size: 15, name: 'name', isBold: true },
  item: { size: 14, name: 'item', isBold: true },
  text: { size: 13, name: 'text' },
  small: { size: 12.5, name: 'small' },
  dim: { size: 12.5, name: 'dim' },
  mono: { size: 12, name: 'mono', isMono: true },
} as const satisfies Record<string, TextStyle>;

/** Something that was drawn from `y` 0 downwards, and how far down it goes. */
interface Drawn {
  readonly height: number;
  /** At this height of the picture. */
  readonly at: (y: number) => string;
}

/** One SVG document, the figures of several ports below one another. Ends with a line break. */
export function whySvg(document: ExplanationDocument): string {
  const figures = whyFigures(document);
  const { height, at } = stacked(figures.map(connectionDrawn), 28);
  const label = figures
    .map(({ outcome, title, but, below }) =>
      [`${outcome} ${title}${but === '' ? '' : ` ${but}`}`, ...below.map(({ head, text }) => `${head} ${text}`.trim())].join('. '),
    )
    .join('\n');
  return svgDocument({ width: WIDTH, height: height + 2 * MARGIN, label, body: at(MARGIN) });
}

function stacked(parts: readonly Drawn[], gap: number): Drawn {
  const seen = parts.filter(({ height }) => height > 0);
  const height = seen.reduce((sum, part) => sum + part.height, 0) + gap * Math.max(0, seen.length - 1);
  return {
    height,
    at: (y) => {
      let top = y;
      return seen
        .map((part) => {
          const drawn = part.at(top);
          top += part.height + gap;
          return drawn;
        })
        .join('');
    },
  };
}

/** A text in as many lines as it needs, each beginning at `x`, or with its middle there. */
function lines(text: string, { x, width, anchor = 'start' }: Column, style: TextStyle, tone?: string): Drawn {
  const all = wrapText(text, width, style);
  const step = style.size * 1.4;
  const toned = tone === undefined ? style : { ...style, name: `${style.name} t-${tone}` };
  return { height: all.length * step, at: (y) => all.map((line, i) => textAt(line, x, y + i * step + style.size, toned, anchor)).join('') };
}

/** Pixels. */
interface Column {
  readonly x: number;
  readonly width: number;
  readonly anchor?: 'start' | 'middle';
}

const WHOLE: Column = { x: MARGIN, width: WIDTH - 2 * MARGIN };

/** `✗ port 80/TCP`; what is plain has no sign. */
function signed(tone: Tone, text: string): string {
  return tone === 'plain' ? text : `${SIGNS[tone]} ${text}`;
}

function connectionDrawn({ tone, outcome, title, but, profile, paths, below }: ConnectionFigure): Drawn {
  return stacked(
    [
      lines(`${outcome}: ${title}`, WHOLE, STYLES.title, tone),
      lines(but, WHOLE, STYLES.item, 'stop'),
      lines(profile, WHOLE, STYLES.head),
      ...paths.map(pathDrawn),
      stacked(below.map(belowDrawn), 7),
    ],
    12,
  );
}

function pathDrawn(path: PathFigure): Drawn {
  const left = cardDrawn(path.from, MARGIN, path.gate.stopsAt === 'source' ? path.gate.tone : undefined);
  const right = cardDrawn(path.to, WIDTH - MARGIN - CARD, path.gate.stopsAt === 'destination' ? path.gate.tone : undefined);
  const middle = middleDrawn(path);
  const height = Math.max(left.height, right.height, middle.height);
  const title = lines(path.title, WHOLE, STYLES.text);
  return stacked([title, { height, at: (y) => left.framed(y, height) + right.framed(y, height) + middle.at(y) }], 6);
}

/** Both cards of a path are as high as the higher one. */
interface Framed {
  readonly height: number;
  readonly framed: (y: number, height: number) => string;
}

function cardDrawn({ heading, place, name, count, caption, items }: FigureCard, x: number, stops: string | undefined): Framed {
  const inside: Column = { x: x + PADDING, width: CARD - 2 * PADDING };
  const content = stacked(
    [
      stacked(
        [
          lines(heading, inside, STYLES.caption),
          lines(place, inside, STYLES.place),
          lines(name, inside, STYLES.name),
          lines(count, inside, STYLES.dim),
        ],
        2,
      ),
      lines(caption, inside, STYLES.caption),
      ...items.map((item) => itemDrawn(item, inside)),
    ],
    9,
  );
  return {
    height: content.height + 2 * PADDING,
    framed: (y, height) => {
      const edge = stops === undefined ? '' : `<rect class="s-${stops}" stroke-width="2" ${box(x, y, CARD, height)} rx="8"/>`;
      return `<rect class="card" ${box(x, y, CARD, height)} rx="8"/>${edge}${content.at(y + PADDING)}`;
    },
  };
}

function itemDrawn({ tone, title, text = '', checks, at }: FigureItem, { x, width }: Column): Drawn {
  const inside: Column = { x: x + 16, width: width - 28 };
  const content = stacked(
    [
      lines(signed(tone, title), inside, STYLES.item, tone === 'plain' ? undefined : tone),
      lines(text, inside, STYLES.small),
      ...checks.map((check) => checkDrawn(check, inside)),
      lines(at, inside, STYLES.mono),
    ],
    3,
  );
  const height = content.height + 16;
  const dash = tone === 'near' || tone === 'open' ? ' stroke-dasharray="4 3"' : '';
  return {
    height,
    at: (y) =>
      `<rect class="box" ${box(x, y, width, height)} rx="5"${dash}/><rect class="b-${tone}" ${box(x, y, 5, height)} rx="2"/>${content.at(y + 7)}`,
  };
}

function checkDrawn({ tone, text, differs = '' }: FigureCheck, { x, width }: Column): Drawn {
  return stacked(
    [
      lines(signed(tone, text), { x, width }, STYLES.small, differs === '' ? undefined : tone),
      lines(differs, { x: x + 14, width: width - 14 }, STYLES.small, 'stop'),
    ],
    1,
  );
}

/** The line between the cards, with a cross where the connection ends. */
function middleDrawn({ port, gate, between }: PathFigure): Drawn {
  const x = MARGIN + CARD;
  const [from, to] = [x + 8, x + BETWEEN - 8];
  const centered: Column = { x: x + BETWEEN / 2, width: BETWEEN - 24, anchor: 'middle' };
  const line: Drawn = { height: 26, at: (y) => arrow(gate, from, to, y + 13) };
  const parts = [
    lines(port, centered, STYLES.item),
    line,
    lines(gate.text, centered, STYLES.item, gate.tone),
    ...between.map(({ tone, text }) => lines(signed(tone, text), centered, STYLES.small, tone)),
  ];
  const column = stacked(parts, 6);
  return { height: column.height + 60, at: (y) => column.at(y + 60) };
}

function arrow({ tone, stopsAt }: PathFigure['gate'], from: number, to: number, y: number): string {
  const line = (start: number, end: number, extra: string) =>
    `<line class="s-${extra === '' ? tone : 'plain'}" x1="${round(start)}" y1="${round(y)}" x2="${round(end)}" y2="${round(y)}" stroke-width="${extra === '' ? 3 : 1.5}"${extra}/>`;
  const head = `<path class="b-${stopsAt === 'nowhere' ? tone : 'plain'}" d="M${round(to - 9)} ${round(y - 6)}L${round(to)} ${round(y)}L${round(to - 9)} ${round(y + 6)}z"/>`;
  if (stopsAt === 'nowhere') return line(from, to - 8, '') + head;
  const at = stopsAt === 'source' ? from + 28 : stopsAt === 'destination' ? to - 36 : (from + to) / 2;
  const sign =
    tone === 'open'
      ? textAt('?', at, y + 6, { size: 18, name: 'place t-open' }, 'middle')
      : `<path class="s-${tone}" stroke-width="3" d="M${round(at - 6)} ${round(y - 6)}l12 12m0 -12l-12 12"/>`;
  return `${line(from, at - 10, '')}${line(at + 10, to - 8, ' stroke-dasharray="3 4"')}${head}${sign}`;
}

/** Label, what it is called, what it says: `Cause  label-differs  …  api.yaml:17`. */
function belowDrawn({ label, head, text, at }: FigureLine): Drawn {
  const inside: Column = { x: MARGIN + 72, width: WIDTH - 2 * MARGIN - 72 };
  const body = stacked([lines(head, inside, STYLES.item), lines(text, inside, STYLES.text), lines(at, inside, STYLES.mono)], 1);
  return { height: body.height, at: (y) => textAt(label, MARGIN, y + STYLES.item.size, STYLES.head) + body.at(y) };
}

function box(x: number, y: number, width: number, height: number): string {
  return `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
}
