// The rules for ports and peers, rows 9 to 20, 23 and 24 of the table of rules, and what decoding says of them. The same in both directions.
import { casesOf, type PolicyCase, policy, type Row } from './policy-case.ts';

const NOT_A_CIDR = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const PORT_RANGE = 'must be between 1 and 65535, inclusive';
const PORT_CHARACTERS = 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)';
const PORT_LETTER = 'must contain at least one letter (a-z)';

export function ruleCases(direction: 'ingress' | 'egress', peersKey: 'from' | 'to'): readonly PolicyCase[] {
  const rule = `spec.${direction}[0]`;
  const peer = `${rule}.${peersKey}[0]`;
  const port = `${rule}.ports[0]`;
  const ports = (...list: unknown[]) => policy({ podSelector: {}, [direction]: [{ ports: list }] });
  const peers = (...list: unknown[]) => policy({ podSelector: {}, [direction]: [{ [peersKey]: list }] });
  const block = (cidr: unknown, ...except: unknown[]) => peers({ ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } });
  const PROTOCOLS = 'supported values: "TCP", "UDP", "SCTP"';
  const rows: Row[] = [
    [
      9,
      'a protocol in lower case',
      ports({ protocol: 'tcp', port: 80 }),
      [`${port}.protocol: Unsupported value: "tcp": ${PROTOCOLS}`],
      ports({ protocol: 'TCP', port: 80 }),
    ],
    [9, 'ICMP', ports({ protocol: 'ICMP' }), [`${port}.protocol: Unsupported value: "ICMP": ${PROTOCOLS}`], ports({ protocol: 'SCTP' })],
    [9, 'an empty protocol', ports({ protocol: '' }), [`${port}.protocol: Unsupported value: "": ${PROTOCOLS}`], ports({ protocol: null })],
    [
      9,
      'a protocol that is markup',
      ports({ protocol: '<&>' }),
      [`${port}.protocol: Unsupported value: "\\u003c\\u0026\\u003e": ${PROTOCOLS}`],
      ports({}),
    ],
    [10, 'port 0', ports({ port: 0 }), [`${port}.port: Invalid value: 0: ${PORT_RANGE}`], ports({ port: 1 })],
    [10, 'port 65536', ports({ port: 65536 }), [`${port}.port: Invalid value: 65536: ${PORT_RANGE}`], ports({ port: 65535 })],
    [10, 'a negative port', ports({ port: -80 }), [`${port}.port: Invalid value: -80: ${PORT_RANGE}`], ports({ port: 80 })],
    // The value is the port's up to 1.36; from then on it is the endPort's.
    [
      11,
      'a range that goes backwards',
      ports({ port: 8010, endPort: 8000 }),
      [`${port}.endPort: Invalid value: 8010: must be greater than or equal to \`port\``],
      ports({ port: 8000, endPort: 8010 }),
    ],
    [
      12,
      'an endPort of 65536',
      ports({ port: 80, endPort: 65536 }),
      [`${port}.endPort: Invalid value: 65536: ${PORT_RANGE}`],
      ports({ port: 80, endPort: 65535 }),
    ],
    [
      12,
      'an endPort of 0',
      ports({ port: 80, endPort: 0 }),
      [`${port}.endPort: Invalid value: 80: must be greater than or equal to \`port\``, `${port}.endPort: Invalid value: 0: ${PORT_RANGE}`],
      ports({ port: 80, endPort: 80 }),
    ],
    [
      13,
      'a range from a named port',
      ports({ port: 'http', endPort: 90 }),
      [`${port}.endPort: Invalid value: 90: may not be specified when \`port\` is non-numeric`],
      ports({ port: 'http' }),
    ],
    [
      14,
      'an endPort alone',
      ports({ endPort: 90 }),
      [`${port}.endPort: Invalid value: 90: may not be specified when \`port\` is not specified`],
      ports({ endPort: null }),
    ],
    [15, 'a port number in quotes', ports({ port: '80' }), [`${port}.port: Invalid value: "80": ${PORT_LETTER}`], ports({ port: 'p80' })],
    [
      15,
      'a port name that is too long',
      ports({ port: 'sixteen-letters-' }),
      [
        `${port}.port: Invalid value: "sixteen-letters-": must be no more than 15 characters`,
        `${port}.port: Invalid value: "sixteen-letters-": must not begin or end with a hyphen`,
      ],
      ports({ port: 'fifteen-letters' }),
    ],
    [
      15,
      'a port name in capitals',
      ports({ port: 'HTTP' }),
      [`${port}.port: Invalid value: "HTTP": ${PORT_CHARACTERS}`, `${port}.port: Invalid value: "HTTP": ${PORT_LETTER}`],
      ports({ port: 'http' }),
    ],
    [
      15,
      'an empty port name',
      ports({ port: '' }),
      [`${port}.port: Invalid value: "": ${PORT_CHARACTERS}`, `${port}.port: Invalid value: "": ${PORT_LETTER}`],
      ports({ port: 'p' }),
    ],
    [
      15,
      'a port name with two hyphens in a row',
      ports({ port: 'my--http' }),
      [`${port}.port: Invalid value: "my--http": must not contain consecutive hyphens`],
      ports({ port: 'my-http' }),
    ],
    [
      15,
      'a port name that begins with a hyphen',
      ports({ port: '-http' }),
      [`${port}.port: Invalid value: "-http": must not begin or end with a hyphen`],
      ports({ port: 'x-http' }),
    ],
    [16, 'a peer with no field', peers({}), [`${peer}: Required value: must specify a peer`], peers({ podSelector: {} })],
    [
      16,
      'a peer whose fields are null',
      peers({ podSelector: null, ipBlock: null }),
      [`${peer}: Required value: must specify a peer`],
      peers({ podSelector: null, namespaceSelector: {} }),
    ],
    [16, 'an empty item in the list of peers', peers(null), [`${peer}: Required value: must specify a peer`], peers()],
    [
      17,
      'an ipBlock with a podSelector',
      peers({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }),
      [`${peer}: Forbidden: may not specify both ipBlock and another peer`],
      peers({ ipBlock: { cidr: '10.0.0.0/8' } }, { podSelector: {} }),
    ],
    [
      17,
      'an ipBlock with a namespaceSelector',
      peers({ ipBlock: { cidr: '10.0.0.0/8' }, namespaceSelector: {} }),
      [`${peer}: Forbidden: may not specify both ipBlock and another peer`],
      peers({ podSelector: {}, namespaceSelector: {} }),
    ],
    [18, 'an ipBlock with no cidr', peers({ ipBlock: {} }), [`${peer}.ipBlock.cidr: Required value`], block('10.0.0.0/8')],
    [18, 'an empty cidr', block('', 'nonsense'), [`${peer}.ipBlock.cidr: Required value`], block('0.0.0.0/0')],
    [18, 'a null cidr', block(null), [`${peer}.ipBlock.cidr: Required value`], block('::/0')],
    ...[
      '10.0.0.1',
      '10.0.0.0/33',
      '10.0.0/24',
      '256.0.0.0/8',
      '::1',
      '::/129',
      'fe80::%eth0/64',
      ' 10.0.0.0/8',
      '10.0.0.0/8/8',
      '10.0.0.0/+8',
      'internet',
    ].map(
      (cidr): Row => [
        19,
        `the cidr \`${cidr}\``,
        block(cidr),
        [`${peer}.ipBlock.cidr: Invalid value: "${cidr}": ${NOT_A_CIDR}`],
        block('10.0.0.1/32'),
      ],
    ),
    [
      19,
      'an except that is no CIDR',
      block('10.0.0.0/8', '10.1.0.0/16', '10.1.0.1'),
      [`${peer}.ipBlock.except[1]: Invalid value: "10.1.0.1": ${NOT_A_CIDR}`],
      block('10.0.0.0/8', '10.1.0.0/16', '10.1.0.1/32'),
    ],
    [
      19,
      'an empty item in except',
      block('10.0.0.0/8', null),
      [`${peer}.ipBlock.except[0]: Invalid value: "": ${NOT_A_CIDR}`],
      peers({ ipBlock: { cidr: '10.0.0.0/8', except: [] } }),
    ],
    [
      19,
      'a bad cidr, whose excepts are not looked at',
      block('10.0.0.0', '1', '2'),
      [`${peer}.ipBlock.cidr: Invalid value: "10.0.0.0": ${NOT_A_CIDR}`],
      block('10.0.0.0/9'),
    ],
    ...[
      ['as large as the cidr', '10.0.0.0/8', '10.0.0.0/8', '10.0.0.0/9'],
      ['larger than the cidr', '10.0.0.0/8', '0.0.0.0/0', '10.255.255.255/32'],
      ['beside the cidr', '10.0.0.0/8', '11.0.0.0/16', '10.11.0.0/16'],
      ['of the other family', '0.0.0.0/0', '::/128', '0.0.0.0/1'],
      ['of the other family, the other way round', '::/0', '10.0.0.0/8', '2001:db8::/32'],
    ].map(
      ([how, cidr, except, inside]): Row => [
        20,
        `an except ${how}`,
        block(cidr, except),
        [`${peer}.ipBlock.except[0]: Invalid value: "${except}": must be a strict subset of \`cidr\``],
        block(cidr, inside),
      ],
    ),
  ];
  const cidr = `${peer}.ipBlock.cidr`;
  const odd: [string, readonly string[], string | undefined][] = [
    [
      '10.0.0.5/24',
      ['is ambiguous in this context (should be "10.0.0.0/24" or "10.0.0.5/32"?)'],
      'must not have bits set beyond the prefix length',
    ],
    [
      '2001:db8::1/64',
      ['is ambiguous in this context (should be "2001:db8::/64" or "2001:db8::1/128"?)'],
      'must not have bits set beyond the prefix length',
    ],
    ['010.0.0.0/8', ['is invalid: use "10.0.0.0/8"'], 'must not have leading 0s in IP or prefix length'],
    ['10.0.0.0/08', ['is invalid: use "10.0.0.0/8"'], 'must not have leading 0s in IP or prefix length'],
    ['2001:0db8:00001::/48', ['is invalid: use "2001:db8:1::/48"'], 'must not have leading 0s in IP or prefix length'],
    ['::ffff:10.0.0.0/104', ['is invalid: use "10.0.0.0/8"'], 'must not have an IPv4-mapped IPv6 address'],
    [
      '::ffff:10.0.0.5/120',
      ['is ambiguous in this context (should be "10.0.0.0/24" or "10.0.0.5/128"?)', 'is invalid: use "10.0.0.0/24"'],
      'must not have an IPv4-mapped IPv6 address',
    ],
    ['2001:DB8::/32', ['should be in RFC 5952 canonical format ("2001:db8::/32")'], undefined],
    ['0:0:0:0:0:0:0:0/0', ['should be in RFC 5952 canonical format ("::/0")'], undefined],
    ['64:ff9b::192.0.2.0/120', ['should be in RFC 5952 canonical format ("64:ff9b::c000:200/120")'], undefined],
  ];
  const written = (text: string, warning: string) =>
    `${warning.startsWith('is invalid') ? 'non-standard CIDR value' : warning.startsWith('should') ? 'IPv6 CIDR value' : 'CIDR value'} "${text}" ${warning}`;
  const warned = odd.map(
    ([text, warnings, strict]): PolicyCase => ({
      row: strict === undefined ? 24 : 23,
      fault: `the odd cidr \`${text}\`, ${direction}`,
      policy: block(text),
      warns: warnings.map((warning) => `${cidr}: ${written(text, warning)}`),
      ...(strict === undefined ? {} : { strictlySays: [`${cidr}: Invalid value: "${text}": ${strict}`] }),
      neighbour: block('2001:db8::/32'),
    }),
  );
  const decoded: Row[] = [
    [
      25,
      'matchLabels straight under a peer',
      peers({ matchLabels: { app: 'cart' } }),
      [`unknown field "${peer}.matchLabels"`],
      peers({ podSelector: { matchLabels: { app: 'cart' } } }),
    ],
    [
      25,
      'a field that is misspelt',
      ports({ port: 80, endport: 90 }),
      [`unknown field "${port}.endport"`],
      ports({ port: 80, endPort: 90 }),
    ],
    [
      25,
      'peers of the other direction',
      policy({ [direction]: [{ [peersKey === 'to' ? 'from' : 'to']: [{ podSelector: {} }] }] }),
      [`unknown field "${rule}.${peersKey === 'to' ? 'from' : 'to'}"`],
      peers({ podSelector: {} }),
    ],
    ...(
      [
        [80.5, 'number 80.5'],
        [2147483648, 'number 2147483648'],
        [-2147483649, 'number -2147483649'],
        [1e300, 'number 1e+300'],
        [true, 'bool'],
        [[80], 'array'],
        [{}, 'object'],
      ] as const
    ).map(
      ([value, found]): Row => [
        26,
        `a port that is ${JSON.stringify(value)}`,
        ports({ port: value }),
        [`json: cannot unmarshal ${found} into Go struct field NetworkPolicyPort.spec.${direction}.ports.port of type int32`],
        ports({ port: 80 }),
      ],
    ),
    [
      26,
      'an endPort in quotes',
      ports({ port: 80, endPort: '90' }),
      [`json: cannot unmarshal string into Go struct field NetworkPolicyPort.spec.${direction}.ports.endPort of type int32`],
      ports({ port: 80, endPort: 90 }),
    ],
    [
      26,
      'a protocol number',
      ports({ protocol: 6 }),
      [`json: cannot unmarshal number into Go struct field NetworkPolicyPort.spec.${direction}.ports.protocol of type v1.Protocol`],
      ports({ protocol: 'TCP' }),
    ],
    [
      26,
      'one peer instead of a list',
      policy({ [direction]: [{ [peersKey]: { podSelector: {} } }] }),
      [
        `json: cannot unmarshal object into Go struct field NetworkPolicy${direction === 'ingress' ? 'Ingress' : 'Egress'}Rule` +
          `.spec.${direction}.${peersKey} of type []v1.NetworkPolicyPeer`,
      ],
      peers({ podSelector: {} }),
    ],
    [
      26,
      'a CIDR for an ipBlock',
      peers({ ipBlock: '10.0.0.0/8' }),
      [`json: cannot unmarshal string into Go struct field NetworkPolicyPeer.spec.${direction}.${peersKey}.ipBlock of type v1.IPBlock`],
      block('10.0.0.0/8'),
    ],
    [
      26,
      'one text for except',
      peers({ ipBlock: { cidr: '10.0.0.0/8', except: '10.1.0.0/16' } }),
      [`json: cannot unmarshal string into Go struct field IPBlock.spec.${direction}.${peersKey}.ipBlock.except of type []string`],
      block('10.0.0.0/8', '10.1.0.0/16'),
    ],
    [
      26,
      'a boolean label in a peer',
      peers({ namespaceSelector: { matchLabels: { prod: true } } }),
      [
        `json: cannot unmarshal bool into Go struct field LabelSelector.spec.${direction}.${peersKey}.namespaceSelector.matchLabels of type string`,
      ],
      peers({ namespaceSelector: { matchLabels: { prod: 'true' } } }),
    ],
  ];
  return [...casesOf([...rows, ...decoded]).map((row) => ({ ...row, fault: `${row.fault}, ${direction}` })), ...warned];
}
