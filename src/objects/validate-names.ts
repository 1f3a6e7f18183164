// What Kubernetes demands of a text: label keys and values, DNS names, port names, port numbers. Each function returns the
// API's own sentences, [] for a text that is fine. Kubernetes: apimachinery pkg/api/validate/content and pkg/util/validation.
// QUOTED THROUGHOUT: kube-apiserver
import { byteLength } from './validate-go-text.ts';

const LABEL_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS_SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;

const NONE: readonly string[] = [];

const LABEL_KEY_MUST = pattern(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  LABEL_NAME,
  ['MyName', 'my.name', '123-abc'],
);
const LABEL_VALUE_MUST = pattern(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  `(${LABEL_NAME})?`,
  ['MyValue', 'my_value', '12345'],
);
const SUBDOMAIN_MUST = pattern(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  DNS_SUBDOMAIN,
  ['example.com'],
);
const DNS_LABEL_MUST = pattern(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  DNS_LABEL,
  ['my-name', '123-abc'],
);

/** `app`, `app.kubernetes.io/name`. Kubernetes: IsLabelKey (IsQualifiedName). */
export function labelKeyFaults(key: string): readonly string[] {
  const slash = key.indexOf('/');
  if (slash < 0 && key.length <= 63 && isLabelName(key)) return NONE;
  const [first = '', second, third] = key.split('/', 3);
  if (third !== undefined) {
    return [`a valid label key ${LABEL_KEY_MUST} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const faults: string[] = [];
  if (second !== undefined) {
    if (first === '') faults.push('prefix part must be non-empty');
    else faults.push(...subdomainFaults(first, 'bytes').map((fault) => `prefix part ${fault}`));
  }
  const name = second ?? first;
  if (name === '') faults.push('name part must be non-empty');
  else if (isLonger(name, 63)) faults.push(`name part ${tooLong(63, 'bytes')}`);
  if (!isLabelName(name)) faults.push(`name part ${LABEL_KEY_MUST}`);
  return faults;
}

/** Kubernetes: IsLabelValue. The empty text is a value. */
export function labelValueFaults(value: string): readonly string[] {
  const faults: string[] = [];
  if (isLonger(value, 63)) faults.push(tooLong(63, 'bytes'));
  if (value !== '' && !isLabelName(value)) faults.push(LABEL_VALUE_MUST);
  return faults.length === 0 ? NONE : faults;
}

/** The name of most objects. Kubernetes: IsDNS1123Subdomain; the two copies of it count in different words. */
export function subdomainFaults(name: string, unit: 'characters' | 'bytes' = 'characters'): readonly string[] {
  const faults: string[] = [];
  if (isLonger(name, 253)) faults.push(tooLong(253, unit));
  if (!isDnsSubdomain(name)) faults.push(SUBDOMAIN_MUST);
  return faults;
}

/** The name of a namespace, a Service, a Service port. Kubernetes: IsDNS1123Label. */
export function dnsLabelFaults(name: string): readonly string[] {
  const faults: string[] = [];
  if (isLonger(name, 63)) faults.push(tooLong(63, 'characters'));
  if (!isDnsLabel(name)) faults.push(isDnsSubdomain(name) ? 'must not contain dots' : DNS_LABEL_MUST);
  return faults;
}

/** `http`. Kubernetes: IsValidPortName, after RFC 6335 but lower case only. `80` in quotes is a name, and a bad one. */
export function portNameFaults(name: string): readonly string[] {
  const faults: string[] = [];
  if (isLonger(name, 15)) faults.push(tooLong(15, 'characters'));
  if (!/^[-a-z0-9]+$/.test(name)) faults.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(name)) faults.push('must contain at least one letter (a-z)');
  if (name.includes('--')) faults.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) faults.push('must not begin or end with a hyphen');
  return faults;
}

/** Kubernetes: IsValidPortNum. */
export function portNumberFaults(port: number): readonly string[] {
  return port >= 1 && port <= 65535 ? NONE : ['must be between 1 and 65535, inclusive'];
}

export function tooLong(limit: number, unit: 'characters' | 'bytes'): string {
  return `must be no more than ${limit} ${unit}`;
}

/** Go counts bytes, also where its message says characters. */
export function isLonger(text: string, limit: number): boolean {
  return text.length > limit || (text.length * 3 > limit && byteLength(text) > limit);
}

// The API's expressions, taken apart: these languages need no expression that can backtrack, and labels may be megabytes long.

function isLabelName(text: string): boolean {
  return isLetterOrDigit(text.charCodeAt(0)) && isLetterOrDigit(text.charCodeAt(text.length - 1)) && !/[^-A-Za-z0-9_.]/.test(text);
}

function isDnsLabel(text: string): boolean {
  return !text.startsWith('-') && !text.endsWith('-') && text !== '' && !/[^-a-z0-9]/.test(text);
}

function isDnsSubdomain(text: string): boolean {
  return text.includes('.') ? text.split('.').every(isDnsLabel) : isDnsLabel(text);
}

/** ASCII only; false for NaN, the code of a character that is not there. */
function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
}

/** Kubernetes: RegexError, odd commas included. */
function pattern(must: string, expression: string, examples: readonly string[]): string {
  return `${must} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${expression}')`;
}
