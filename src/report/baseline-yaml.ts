// Objects as YAML documents, those of a baseline with what each is for above it.
import { stringify } from 'yaml';
import type { CommentedObject } from '../answer/baseline.ts';
import { harmless } from './paint.ts';

/** Ends with a line break. */
export function objectsYaml(objects: readonly unknown[]): string {
  return objects.map(yamlOf).join('---\n');
}

/** Each object below its comments. Ends with a line break. */
export function commentedYaml(objects: readonly CommentedObject[]): string {
  return objects
    .map(({ comments, object }) => `${comments.map((line) => `# ${harmless(line)}`).join('\n')}\n${yamlOf(object)}`)
    .join('---\n');
}

function yamlOf(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
