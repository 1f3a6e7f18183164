// The documents that the program prints, as values: what `-o json` writes, made from texts without a process.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { root } from '../cli-process.ts';

const folder = join(root, 'schemas');

export const schemaFiles: readonly string[] = readdirSync(folder).filter((name) => name.endsWith('.schema.json'));

export function schemaNamed(name: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(join(folder, `${name}.schema.json`), 'utf8')) as Readonly<Record<string, unknown>>;
}

/** A function that says what is wrong with a document; [] when it fits. */
export function checkerOf(name: string): (document: unknown) => readonly string[] {
  const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(schemaNamed(name));
  return (document) => (validate(document) ? [] : (validate.errors ?? []).map(printError));
}

function printError({ instancePath, message = '', params }: ErrorObject): string {
  return `${instancePath || '/'} ${message} ${JSON.stringify(params)}`;
}

export function semanticsNamed(name: string): Semantics {
  const choice = chooseProfile(name);
  if (isUnknown(choice)) throw new Error(`no profile ${name}`);
  return semanticsOf(choice);
}

/** Every manifest below a folder. */
export function clusterIn(path: string): Cluster {
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return loadCluster(files.map((file) => ({ file: relative(path, file), text: readFileSync(file, 'utf8') })));
}
