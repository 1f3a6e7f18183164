// The words of all lint rules: one table a theme, put together. A rule or a message without words does not compile.
import { ADDRESSES } from './addresses.ts';
import { ADMIN, CNI } from './cni.ts';
import { CONNECTIONS, DNS } from './connections.ts';
import { HOUSE } from './house.ts';
import { INPUT } from './input.ts';
import { ISOLATION } from './isolation.ts';
import { PORTS, SERVICES } from './ports.ts';
import { SELECTORS } from './selectors.ts';
import type { LintWords } from './words.ts';

export const LINT_WORDS: LintWords = {
  ...ADDRESSES,
  ...ADMIN,
  ...CNI,
  ...CONNECTIONS,
  ...DNS,
  ...HOUSE,
  ...INPUT,
  ...ISOLATION,
  ...PORTS,
  ...SELECTORS,
  ...SERVICES,
};
