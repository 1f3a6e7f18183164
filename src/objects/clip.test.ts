import { describe, expect, it } from 'vitest';
import { clipped } from './clip.ts';

describe('a text in a message', () => {
  it('is whole when it is short, and its head and length when it is not', () => {
    expect(clipped('cart')).toBe('cart');
    expect(clipped('')).toBe('');
    expect(clipped('k'.repeat(300_000))).toBe(`${'k'.repeat(80)}… (300,000 characters)`);
  });
  it('is never cut inside a character', () => {
    expect(clipped(`${'k'.repeat(79)}${'😀'.repeat(1000)}`)).toBe(`${'k'.repeat(79)}… (2,079 characters)`);
  });
});
