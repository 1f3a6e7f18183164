// A place as SARIF 2.1.0 says it, for every report in that format.
import type { Place } from '../answer/documents/common.ts';

/**
 * `{ artifactLocation: { uri: 'k8s/cart.yaml' }, region: { startLine: 6, startColumn: 9, endLine: 6, endColumn: 20 } }`; without a region
 * where there is no line. What goes on over several lines has its first line as region and the whole as `contextRegion`: GitHub shows
 * an alert in a pull request only where the request changes every line of its region.
 */
export function physicalLocation({ file, line, column, endLine, endColumn }: Place): object {
  const artifactLocation = { uri: uriOf(file) };
  if (line === 0) return { artifactLocation };
  const start = { startLine: line, ...(column > 0 ? { startColumn: column } : {}) };
  if (endLine === undefined || endColumn === undefined) return { artifactLocation, region: start };
  const whole = { ...start, endLine, endColumn };
  return endLine === line ? { artifactLocation, region: whole } : { artifactLocation, region: start, contextRegion: whole };
}

/** A relative reference: what is no letter of a path is escaped. `k8s/a b.yaml` → `k8s/a%20b.yaml`. */
export function uriOf(file: string): string {
  const parts = file.replaceAll('\\', '/').replace(/^\.\//, '').split('/');
  const escaped = parts.map((part) => encodeURIComponent(part)).join('/');
  // An absolute path is a file; a name in angle brackets is standard input.
  return file.startsWith('/') ? `file://${escaped}` : escaped;
}
