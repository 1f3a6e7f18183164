// Documents that could not be parsed and say that they are policies. They travel among the objects as our own kind `BrokenPolicy`, so that
// every reader of files carries them along; what they may touch is undecided. Everything else that is broken is a problem and no more.
import { isPolicyName } from '../kinds/looks-like-policy.ts';
import { apiGroup } from './kinds.ts';
import type { KubeObject } from './objects.ts';
import type { BrokenDocument } from './parse.ts';
import { policingKind } from './policing-kinds.ts';
import type { BrokenPolicy } from './unread-policies.ts';

export const BROKEN_POLICY = { apiVersion: 'netverdict.dev/v1', kind: 'BrokenPolicy' } as const;

/** `{ text: 'kind: NetworkPolicy\nspec: [', … }` → one object that stands for it; `[]` for documents that say nothing of a policy. */
export function brokenPolicyObjects(broken: readonly BrokenDocument[], defaultNamespace: string): readonly KubeObject[] {
  return broken.flatMap(({ document, problem }): KubeObject[] => {
    const text = (document.text ?? '').slice(document.start, document.end);
    const kinds = [...text.matchAll(KIND)].map((match) => match[1] ?? '');
    const groups = [...text.matchAll(API_VERSION)].map((match) => apiGroup(match[1] ?? ''));
    const kind = kinds.find((name) => isPolicyName(name) || groups.some((group) => policingKind(`${name}.${group}`) !== undefined));
    if (kind === undefined) return [];
    const { name, namespace } = kinds.length === 1 ? whose(text, defaultNamespace) : NOBODY;
    const origin = { document, path: [] };
    const broken: BrokenPolicy = { kind, name, namespace, problem, origin };
    return [{ ...BROKEN_POLICY, name: name ?? '', namespace, value: { ...BROKEN_POLICY, broken }, origin }];
  });
}

/** What `brokenPolicyObjects` put in. Somebody else's object of that kind holds none. */
export function brokenPolicyIn({ value, origin }: KubeObject): BrokenPolicy | undefined {
  const broken = value.broken as BrokenPolicy | undefined;
  return broken?.origin?.document === origin.document ? broken : undefined;
}

const KIND = /(?:^|[\s{,"'])kind["']?[ \t]*:[ \t]*["']?([A-Za-z]\w{0,80})/g;
const API_VERSION = /(?:^|[\s{,"'])apiVersion["']?[ \t]*:[ \t]*["']?([\w./-]{1,120})/g;
/** The whole of `metadata`: something at the left margin follows, so nothing of it was cut off. */
const METADATA = /^metadata[ \t]*:[^\n]*(?:\n(?:[ \t][^\n]*)?)*(?=\n\S)/m;
const NAME = /(?:^|[\s{,"'])name["']?[ \t]*:[ \t]*["']?([a-z0-9][a-z0-9.-]{0,252})/;
const NAMESPACE = /(?:^|[\s{,"'])namespace["']?[ \t]*:[ \t]*["']?([^\s"',}]+)/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

interface Whose {
  readonly name: string | undefined;
  readonly namespace: string | undefined;
}

const NOBODY: Whose = { name: undefined, namespace: undefined };

/** As far as the text tells. A namespace that a template fills in may be any. */
function whose(text: string, defaultNamespace: string): Whose {
  const metadata = METADATA.exec(text)?.[0];
  const where = metadata ?? text;
  const written = NAMESPACE.exec(where)?.[1];
  const namespace =
    written === undefined ? (metadata === undefined ? undefined : defaultNamespace) : LABEL.test(written) ? written : undefined;
  return { name: NAME.exec(where)?.[1], namespace };
}
