// The main job on bundled input: every answer in it is computed, so it is held against what the story needs.
import { expect, test } from 'vitest';
import { runCli } from './cli-process.ts';

test('the demo tells an outage, fixes it, keeps the database closed, and proves it where there is a kernel to prove it on', () => {
  const { status, stdout, stderr } = runCli(['demo']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const [outage = '', fixed = ''] = stdout.split('Fixed:');
  expect(outage.match(/^✗ denied/gm)).toHaveLength(3);
  expect(fixed.match(/✓ allowed {2,}/g)).toHaveLength(3);
  expect(fixed).toMatch(/✗ denied {2,}web\/frontend → postgres.* still denied/);
  expect(fixed).toContain('netverdict serve --demo');
  const isKernelRequired = (process.env.NETVERDICT_REQUIRE ?? '').split(',').includes('kernel');
  const proven = `✓ proven {3}\\d{3,} connections on this machine's kernel`;
  expect(fixed).toMatch(new RegExp(isKernelRequired ? proven : `${proven}|○ not proven on a kernel here: .`));
});
