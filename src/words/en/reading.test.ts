import { describe, expect, it } from 'vitest';
import { JSON_FAULTS } from '../../manifest/json-tokens.ts';
import { parseText } from '../../manifest/parse.ts';
import { YAML_HINTS } from '../../manifest/yaml-hints.ts';
import { YAML_FAULTS } from '../../manifest/yaml-value.ts';
import { problemSentence } from './problem.ts';
import { readingWords } from './reading.ts';

describe('what reading gives as codes has words', () => {
  it.each([...JSON_FAULTS, ...YAML_HINTS, ...YAML_FAULTS])('%s', (code) => {
    expect(readingWords(code)).not.toBe(code);
  });

  it('and what is no code stays as it is', () => {
    expect(readingWords('bad indentation of a mapping entry')).toBe('bad indentation of a mapping entry');
    expect(readingWords('constructor')).toBe('constructor');
  });

  it.each([
    [
      'metadata:\n\tname: cart\n',
      'not valid YAML: tab characters must not be used in indentation',
      'there is a tab here; indent YAML with spaces',
    ],
    ['{"kind": "Pod",}}', 'not valid JSON: a comma with nothing after it', undefined],
    ['name: y\n', 'name: must be string, found boolean', 'kubectl reads an unquoted y or n as a boolean, so quote it'],
  ])('%j', (text, sentence, hint) => {
    const [problem] = parseText('shop.yaml', text).problems;
    expect(problem && problemSentence(problem)).toEqual({ text: sentence, ...(hint !== undefined && { hint }) });
  });
});
