// What all pictures share: the document around them, and one style sheet for light and dark, because an SVG is often opened on its own.
import { harmless } from './paint.ts';
import { round } from './svg-text.ts';
import { xml } from './xml-text.ts';

/** Text has a contrast of at least 4.5 to 1. */
export const SVG_STYLE = [
  ':root,svg{color-scheme:light dark}',
  'svg{--bg:#fff;--card:#f6f7f9;--box:#fff;--line:#c9ced6;--ink:#1b2430;--dim:#566070;--pass:#1a6b2e;--stop:#b0201c;--near:#6b3fa0;--open:#8a5a00;--plain:#566070}',
  '@media (prefers-color-scheme:dark){svg{--bg:#12161c;--card:#1a2029;--box:#12161c;--line:#3c4654;--ink:#e6eaf0;--dim:#a3adba;--pass:#5fc77b;--stop:#ff8078;--near:#c09cf0;--open:#e0b050;--plain:#a3adba}}',
  'text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--ink)}',
  '.title{font-size:19px;font-weight:600}',
  '.head{font-size:13px;fill:var(--dim)}',
  '.caption{font-size:12px;fill:var(--dim)}',
  '.place{font-size:17px;font-weight:600}',
  '.name{font-size:15px;font-weight:600}',
  '.item{font-size:14px;font-weight:600}',
  '.text{font-size:13px}',
  '.small{font-size:12.5px}',
  '.dim{font-size:12.5px;fill:var(--dim)}',
  '.mono{font-size:12px;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--dim)}',
  '.card{fill:var(--card);stroke:var(--line)}',
  '.box{fill:var(--box);stroke:var(--line)}',
  '.bg{fill:var(--bg)}',
  ...['pass', 'stop', 'near', 'open', 'plain'].map(
    (tone) => `.t-${tone}{fill:var(--${tone})}.s-${tone}{stroke:var(--${tone});fill:none}.b-${tone}{fill:var(--${tone});stroke:none}`,
  ),
].join('');

export interface Picture {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** All that it shows, in words, for screen readers. */
  readonly label: string;
  /** SVG elements. */
  readonly body: string;
}

/** The whole SVG document. Ends with a line break. */
export function svgDocument({ width, height, label, body }: Picture): string {
  const [w, h] = [round(width), round(height)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-label="${xml(harmless(label))}">` +
    `<style>${SVG_STYLE}</style><rect class="bg" width="100%" height="100%"/>${body}</svg>\n`
  );
}
