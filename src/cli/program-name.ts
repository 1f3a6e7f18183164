// What this program was called as, and what people type to call it again.
import { basename } from 'node:path';
import { jsonText } from '../question/json-text.ts';

/** Called as `kubectl netverdict`: the cluster is what such a person means. The link is what was called, not what it leads to. */
export function isPlugin(program: string | undefined = process.argv[1]): boolean {
  return program !== undefined && /^kubectl-netverdict(\.(exe|cmd|js))?$/.test(basename(program));
}

/** What people type to call this program. */
export function programName(): string {
  return isPlugin() ? 'kubectl netverdict' : 'netverdict';
}

/** The engine says `netverdict why …`; who called a plugin of kubectl may have no program of that name. */
export function asCalled(text: string, program: string = programName()): string {
  return program === 'netverdict'
    ? text
    : text.replace(/(?<![\w./-])netverdict(?= (?:--help|[a-z]))/g, (name, at: number) =>
        text.slice(0, at).endsWith('kubectl ') ? name : program,
      );
}

/** A document of JSON, with the commands in its hints as they have to be typed. */
export function jsonAsCalled(value: unknown, dense = false, program: string = programName()): string {
  if (program === 'netverdict') return jsonText(value, dense);
  const said = JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? asCalled(part, program) : part));
  return jsonText(JSON.parse(said), dense);
}
