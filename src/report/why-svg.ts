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
  whyFigures,
} from './figure.ts';
import { harmless } from './paint.ts';
import { SVG_STYLE } from './svg-style.ts';
import { round, type TextStyle, textAt, wrapText } from './svg-text.ts';
import { xml } from './xml-text.ts';

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
  const figures = whyFigures(document).map(connectionDrawn);
  const { height, at } = stacked(figures, 28);
  const total = height + 2 * MARGIN;
  const label = whyFigures(document)
    .map(({ outcome, title, below }) => [`${outcome} ${title}`, ...below.map(({ head, text }) => `${head} ${text}`.trim())].join('. '))
    .join('\n');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${round(total)}" width="${WIDTH}" height="${round(total)}" role="img" ` +
    `aria-label="${xml(harmless(label))}"><style>${SVG_STYLE}</style><rect class="bg" width="100%" height="100%"/>${at(MARGIN)}</svg>\n`
  );
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

function lines(text: string, x: number, width: number, style: TextStyle, tone?: string): Drawn {
  const all = wrapText(text, width, style);
  const step = style.size * 1.4;
  const toned = tone === undefined ? style : { ...style, name: `${style.name} t-${tone}` };
  return { height: all.length * step, at: (y) => all.map((line, i) => textAt(line, x, y + i * step + style.size, toned)).join('') };
}

function connectionDrawn({ tone, outcome, title, profile, paths, below }: ConnectionFigure): Drawn {
  const inside = WIDTH - 2 * MARGIN;
  return stacked(
    [
      lines(`${outcome}: ${title}`, MARGIN, inside, STYLES.title, tone),
      lines(profile, MARGIN, inside, STYLES.head),
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
  const title = lines(path.title, MARGIN, WIDTH - 2 * MARGIN, STYLES.text);
  return stacked([title, { height, at: (y) => left.framed(y, height) + right.framed(y, height) + middle.at(y) }], 6);
}

/** Both cards of a path are as high as the higher one. */
interface Framed {
  readonly height: number;
  readonly framed: (y: number, height: number) => string;
}

function cardDrawn({ heading, place, name, count, caption, items }: FigureCard, x: number, stops: string | undefined): Framed {
  const inner = CARD - 2 * PADDING;
  const left = x + PADDING;
  const content = stacked(
    [
      stacked(
        [
          lines(heading, left, inner, STYLES.caption),
          lines(place, left, inner, STYLES.place),
          lines(name, left, inner, STYLES.name),
          lines(count, left, inner, STYLES.dim),
        ],
        2,
      ),
      lines(caption, left, inner, STYLES.caption),
      ...items.map((item) => itemDrawn(item, left, inner)),
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

function itemDrawn({ tone, title, text = '', checks, at }: FigureItem, x: number, width: number): Drawn {
  const left = x + 16;
  const inner = width - 28;
  const sign = SIGNS[tone];
  const content = stacked(
    [
      lines(sign === '' ? title : `${sign} ${title}`, left, inner, STYLES.item, tone === 'plain' ? undefined : tone),
      lines(text, left, inner, STYLES.small),
      ...checks.map((check) => checkDrawn(check, left, inner)),
      lines(at, left, inner, STYLES.mono),
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

function checkDrawn({ tone, text, differs = '' }: FigureCheck, x: number, width: number): Drawn {
  const sign = SIGNS[tone];
  return stacked(
    [
      lines(sign === '' ? text : `${sign} ${text}`, x, width, STYLES.small, differs === '' ? undefined : tone),
      lines(differs, x + 14, width - 14, { ...STYLES.small, isBold: true }, 'stop'),
    ],
    1,
  );
}

/** The line between the cards, with a cross where the connection ends. */
function middleDrawn({ port, gate, between }: PathFigure): Drawn {
  const x = MARGIN + CARD;
  const center = x + BETWEEN / 2;
  const [from, to] = [x + 8, x + BETWEEN - 8];
  const words = (text: string, style: TextStyle, tone?: string): Drawn => {
    const all = wrapText(text, BETWEEN - 24, style);
    const step = style.size * 1.4;
    const toned = tone === undefined ? style : { ...style, name: `${style.name} t-${tone}` };
    return {
      height: all.length * step,
      at: (y) => all.map((line, i) => textAt(line, center, y + i * step + style.size, toned, 'middle')).join(''),
    };
  };
  const line: Drawn = { height: 26, at: (y) => arrow(gate, from, to, y + 13) };
  const parts = [
    words(port, STYLES.item),
    line,
    words(gate.text, STYLES.item, gate.tone),
    ...between.map(({ tone, text }) => words(tone === 'plain' ? text : `${SIGNS[tone]} ${text}`, STYLES.small, tone)),
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
  const left = MARGIN + 62;
  const width = WIDTH - MARGIN - left;
  const body = stacked(
    [lines(head, left, width, STYLES.item), lines(text, left, width, STYLES.text), lines(at, left, width, STYLES.mono)],
    1,
  );
  return { height: body.height, at: (y) => textAt(label, MARGIN, y + STYLES.item.size, STYLES.head) + body.at(y) };
}

function box(x: number, y: number, width: number, height: number): string {
  return `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
}
