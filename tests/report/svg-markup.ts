// What an SVG of ours may hold; anything else came in with a name.
import { expect } from 'vitest';

const MARKUP = /<\/?(?:svg|style|rect|text|line|path|title)(?: [a-z0-9-]+="[^"<>]*"| viewBox="[^"]*")*\/?>/g;

/** Every tag is one that we draw with, and each that is opened is closed. */
export function expectOnlyOwnMarkup(svg: string): void {
  const style = /<style>[^<>]*<\/style>/.exec(svg)?.[0] ?? '';
  expect(style).not.toBe('');
  expect(svg.replace(style, '').replace(MARKUP, '')).not.toMatch(/[<>]/);
  expect(svg.match(/<[a-z]+[^>]*[^/]>|<[a-z]+>/g)?.length).toBe(svg.match(/<\/[a-z]+>/g)?.length);
}
