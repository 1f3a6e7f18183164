// Why a file or a document could not be read, and where a misplaced field belongs: the codes of manifest/, objects/ and source/.

import type { JsonFault } from '../../manifest/json-tokens.ts';
import type { YamlHint } from '../../manifest/yaml-hints.ts';
import type { YamlReason } from '../../manifest/yaml-value.ts';
import type { Facts } from '../../model/problem.ts';
import type { UnknownFieldHint } from '../../objects/validate-unknown-field.ts';
import { factsOf } from './said.ts';

/** Why bytes are not text, and what the file system says of a file. Other codes of the file system are shown as they are. */
type FileFault =
  | 'binary'
  | 'compressed'
  | 'invalid-utf-8'
  | 'utf-32'
  | 'nul-byte'
  | 'not-a-file'
  | 'changing'
  | 'EACCES'
  | 'EIO'
  | 'ELOOP'
  | 'ENOENT'
  | 'EPERM';

/** `{found}` stands for what the document has there. */
const WORDS: Readonly<Record<JsonFault | YamlHint | YamlReason | FileFault | UnknownFieldHint | 'quote-the-letter', string>> = {
  'unexpected-end': 'it ends in the middle',
  'unexpected-character': 'unexpected character',
  'trailing-comma': 'a comma with nothing after it',
  comment: 'JSON has no comments',
  'single-quotes': 'strings need double quotes',
  'unquoted-key': 'keys need double quotes',
  'control-character': 'a line break or control character inside a string',
  'bad-escape': 'an escape sequence that JSON does not have',
  'bad-number': 'a number that JSON does not allow',
  'too-deep': 'nested too deep',
  'too-many-values': 'too many values',

  'several-documents': 'several documents where one was expected',
  'key-not-scalar': 'a mapping key must be a scalar',
  'key-is-null': 'a mapping key must not be null',
  'unknown-alias': 'there is no anchor for alias "{found}"',
  'anchor-holds-itself': 'anchor "{found}" contains itself',
  'aliases-too-large': 'aliases expand to too much',
  'aliases-too-deep': 'aliases nest too deep',
  'tag-does-not-fit': 'the value does not fit its tag: `{found}`',
  'not-a-json-number': '`{found}` is not a number in JSON',
  'merge-of-no-mapping': 'the merge key `<<` needs a mapping or a list of mappings',

  'tab-character': 'there is a tab here; indent YAML with spaces',
  'slash-comment': 'YAML comments start with #',
  'smart-quotes': 'these are the curly quotes of a word processor; use " or \'',
  'quote-the-asterisk': 'quote a value that starts with *',
  'quote-the-letter': 'kubectl reads an unquoted y or n as a boolean, so quote it',
  html: 'this is a web page; save the raw file instead',
  truncated: 'the text seems to be cut off',

  'under-pod-selector': 'select labels under `podSelector` (or `namespaceSelector`), with `matchLabels` inside it',
  'under-match-labels': 'labels go under `matchLabels`',
  'under-match-expressions': 'key, operator and values go into an item of `matchExpressions`',
  'under-ip-block': 'cidr and except go under `ipBlock`',
  'under-peers': 'a selector or an ipBlock goes into an item of `from` or `to`',
  'under-ports': 'port, protocol and endPort go into an item of `ports`',
  'in-rule': 'it belongs one level up, in the rule, beside `from`, `to` or `ports`',
  'in-spec': 'it belongs under `spec`',
  'in-metadata': 'it belongs under `metadata`',
  'other-direction': 'ingress rules have `from`, egress rules have `to`',

  binary: 'it is a binary file',
  compressed: 'it is a compressed file; unpack it first',
  'invalid-utf-8': 'it has a byte that is not valid UTF-8; save the file as UTF-8',
  'utf-32': 'it is UTF-32; save the file as UTF-8',
  'nul-byte': 'it has a NUL byte',
  'not-a-file': 'neither a file nor a folder',
  changing: 'something is writing to it; run this again when that is done',
  EACCES: 'permission denied',
  EIO: 'input/output error',
  ELOOP: 'a symbolic link that points to itself',
  ENOENT: 'a symbolic link that points nowhere',
  EPERM: 'operation not permitted',
};

/** `trailing-comma` → `a comma with nothing after it`. What is not a code (js-yaml gives its reasons itself) comes back as it is. */
export function readingWords(code: string, facts: Facts = {}): string {
  if (!Object.hasOwn(WORDS, code)) return code;
  return WORDS[code as keyof typeof WORDS].replace('{found}', () => factsOf(facts)('found'));
}
