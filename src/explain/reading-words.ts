// The words for what reading a file gives as codes: why it is no JSON, what to look at in YAML, what the file system said.
import type { JsonFault } from '../manifest/json-tokens.ts';
import type { YamlHint } from '../manifest/yaml-hints.ts';
import type { UnknownFieldHint } from '../objects/validate-unknown-field.ts';

/** Why bytes are no text, and what the file system says of a file. Other codes of the file system are shown as they are. */
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

const WORDS: Readonly<Record<JsonFault | YamlHint | FileFault | UnknownFieldHint | 'quote-the-letter', string>> = {
  'unexpected-end': 'it ends in the middle',
  'unexpected-character': 'this cannot stand here',
  'trailing-comma': 'a comma with nothing after it',
  comment: 'JSON has no comments',
  'single-quotes': 'strings have double quotes',
  'unquoted-key': 'keys have double quotes',
  'control-character': 'a line break or a control character in a string',
  'bad-escape': 'an escape that JSON does not have',
  'bad-number': 'a number that JSON does not have',
  'too-deep': 'nested too deep',
  'too-many-values': 'too many values',

  'tab-character': 'there is a tab; YAML is indented with spaces',
  'slash-comment': 'comments begin with #',
  'smart-quotes': 'these are the quotes of a word processor; write " or \'',
  'quote-the-asterisk': 'a value that begins with * must be quoted',
  'quote-the-letter': 'kubectl reads an unquoted y or n as a boolean; quote it',
  html: 'this is a web page: save the raw file',
  truncated: 'the text seems to be cut off',

  'under-pod-selector': 'labels are selected under `podSelector` (or `namespaceSelector`), with `matchLabels` inside it',
  'under-match-labels': 'a label belongs under `matchLabels`',
  'under-match-expressions': 'key, operator and values belong into an item of `matchExpressions`',
  'under-ip-block': 'cidr and except belong under `ipBlock`',
  'under-peers': 'a selector or an ipBlock belongs into an item of `from` or `to`',
  'under-ports': 'port, protocol and endPort belong into an item of `ports`',
  'in-rule': 'it belongs one level higher, into the rule, beside `from`, `to` or `ports`',
  'in-spec': 'it belongs under `spec`',
  'in-metadata': 'it belongs under `metadata`',
  'other-direction': 'ingress rules have `from`, egress rules have `to`',

  binary: 'a binary file',
  compressed: 'a compressed file; unpack it first',
  'invalid-utf-8': 'a byte that is no UTF-8; save the file as UTF-8',
  'utf-32': 'UTF-32; save the file as UTF-8',
  'nul-byte': 'a NUL byte in it',
  'not-a-file': 'neither a file nor a folder',
  changing: 'something is writing it; run this again when that is done',
  EACCES: 'permission denied',
  EIO: 'input/output error',
  ELOOP: 'a link that leads to itself',
  ENOENT: 'a link that leads nowhere',
  EPERM: 'operation not permitted',
};

/** `trailing-comma` → `a comma with nothing after it`. What is no code (js-yaml says its reasons itself) comes back as it is. */
export function readingWords(code: string): string {
  return Object.hasOwn(WORDS, code) ? ((WORDS as Readonly<Record<string, string>>)[code] ?? code) : code;
}
