// What is expected here was said by a kube-apiserver 1.36.3 about the same objects.
import { describe, expect, test } from 'vitest';
import { at, type Origin } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import { apiErrorText } from '../objects/validate-problem.ts';
import { validateLabels, validateMetadata, validatePodSpec, validateService } from './validate-objects.ts';

const document = { file: 'cart.yaml', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' as const };
const root: Origin = { document, path: [] };
const lines = (problems: readonly Problem[]) => problems.map(apiErrorText);
const x = (times: number) => 'x'.repeat(times);

const RANGE = 'must be between 1 and 65535, inclusive';
const CHARACTERS = 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)';
const LETTER = 'must contain at least one letter (a-z)';
const PROTOCOLS = 'supported values: "SCTP", "TCP", "UDP"';

describe('labels', () => {
  const template = at(root, 'spec', 'template', 'metadata', 'labels');
  const deployment = { kind: 'Deployment', name: 'cart' };

  test.each([
    ['absent', undefined],
    ['null', null],
    ['empty', {}],
    ['plain', { app: 'cart', tier: '' }],
    ['with a prefix, and named like object prototype keys', { 'app.kubernetes.io/name': 'cart', constructor: 'toString' }],
  ])('that are %s are fine', (_, labels) => {
    expect(validateLabels(labels, template, deployment)).toEqual([]);
  });

  test('that are no text are not decoded, wherever they stand', () => {
    const found = 'into Go struct field ObjectMeta.spec.template.metadata.labels of type string';
    expect(lines(validateLabels({ prod: true, version: 2, app: 'cart', list: [], map: {} }, template, deployment))).toEqual(
      ['bool', 'number', 'array', 'object'].map((kind) => `json: cannot unmarshal ${kind} ${found}`),
    );
    expect(lines(validateLabels(['app=cart'], template))).toEqual([
      'json: cannot unmarshal array into Go struct field ObjectMeta.spec.template.metadata.labels of type map[string]string',
    ]);
    expect(lines(validateLabels({ a: 1 }, at(root, 'items', 0, 'metadata', 'labels')))).toEqual([
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ]);
  });

  test('of a template are called template.labels by the rules, and their place is the label', () => {
    const [key, value] = validateLabels({ 'my app': 'cart', tier: 'my tier' }, template, deployment);
    expect(key?.facts).toMatchObject({ ...deployment, field: 'spec.template.labels', value: '"my app"' });
    expect(value?.facts).toMatchObject({ field: 'spec.template.labels', value: '"my tier"' });
    expect(value?.origin).toEqual(at(template, 'tier'));
  });

  test('that are null are worth a warning', () => {
    expect(validateLabels({ app: null }, template, deployment)).toMatchObject([
      {
        severity: 'warning',
        code: 'wrong-type',
        facts: { detail: 'unknown object type "nil" in Deployment.spec.template.metadata.labels.app' },
      },
    ]);
  });
});

describe('metadata', () => {
  const of = (kind: string, metadata: unknown) => lines(validateMetadata({ apiVersion: 'v1', kind, metadata }, root));

  test.each([
    ['Pod', 'cart.7', 'Cart'],
    ['Deployment', x(253), x(254)],
    ['NetworkPolicy', 'a.b-c.1', 'a.b-.c'],
    ['Namespace', 'shop-1', 'shop.eu'],
    ['Service', '1-cart', 'cart.eu'],
    ['StatefulSet', x(63), x(64)],
    ['CronJob', x(52), x(53)],
    ['Node', 'node-1.example', 'node_1'],
  ])('a %s may be called %s, but not %s', (kind, good, bad) => {
    expect(of(kind, { name: good })).toEqual([]);
    expect(of(kind, { name: bad })).toEqual([expect.stringContaining(`metadata.name: Invalid value: "${bad}": `)]);
  });

  test('names are only held to the rules of kinds that are known', () => {
    expect(of('ClusterRole', { name: 'system:node' })).toEqual([]);
    expect(of('ClusterRole', {})).toEqual(['metadata.name: Required value: name or generateName is required']);
  });

  test('a namespace is a DNS label, if it is written', () => {
    expect(of('Pod', { name: 'cart', namespace: 'shop' })).toEqual([]);
    expect(of('Pod', { name: 'cart', namespace: '' })).toEqual([]);
    expect(of('Pod', { name: 'cart', namespace: 'shop.eu' })).toEqual([
      'metadata.namespace: Invalid value: "shop.eu": must not contain dots',
    ]);
    // Servers drop it from objects that have none.
    expect(of('Namespace', { name: 'shop', namespace: 'Any_Thing' })).toEqual([]);
  });

  test('fields that are unknown or of a wrong type are said, without a second complaint', () => {
    expect(of('Pod', { name: 'cart', lables: {} })).toEqual(['unknown field "metadata.lables"']);
    expect(of('Pod', { name: 7 })).toEqual(['json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string']);
    expect(of('Pod', 'cart')).toEqual(['json: cannot unmarshal string into Go struct field Pod.metadata of type v1.ObjectMeta']);
    expect(of('Namespace', { name: 'shop', labels: { prod: true } })).toEqual([
      'json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string',
    ]);
  });

  test('its problems say whose they are', () => {
    const [problem] = validateMetadata({ kind: 'Pod', metadata: { name: 'cart', labels: { a: ' ' } } }, at(root, 'items', 2));
    expect(problem?.facts).toMatchObject({ kind: 'Pod', name: 'cart', field: 'metadata.labels' });
    expect(problem?.origin?.path).toEqual(['items', 2, 'metadata', 'labels', 'a']);
  });

  test('what is no object gives nothing: another part says so', () => {
    expect([undefined, null, 'x', []].flatMap((value) => validateMetadata(value, root))).toEqual([]);
  });
});

describe('a Service', () => {
  const service = (spec: unknown) => lines(validateService({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart' }, spec }, root));
  const ports = (...list: unknown[]) => service({ ports: list });

  test.each([
    ['one port', { ports: [{ port: 80 }] }],
    [
      'a number and a name for targets',
      {
        ports: [
          { name: 'a', port: 80, targetPort: 8080 },
          { name: 'b', port: 81, targetPort: 'http' },
        ],
      },
    ],
    [
      'empty targets, which are the port',
      {
        ports: [
          { name: 'a', port: 80, targetPort: 0 },
          { name: 'b', port: 81, targetPort: '' },
        ],
      },
    ],
    [
      'one number with two protocols',
      {
        ports: [
          { name: 'tcp', port: 53 },
          { name: 'udp', port: 53, protocol: 'UDP' },
        ],
      },
    ],
    ['an empty protocol', { ports: [{ port: 80, protocol: '' }] }],
    [
      'the edges',
      {
        ports: [
          { name: 'low', port: 1, targetPort: 65535 },
          { name: 'high', port: 65535, targetPort: 1 },
        ],
      },
    ],
    ['no ports, headless', { clusterIP: 'None', selector: { app: 'cart' } }],
    ['no ports, headless by list', { clusterIPs: ['None'] }],
    ['an external name', { type: 'ExternalName', externalName: 'cart.example.' }],
    [
      'fields that are not looked at',
      { ports: [{ port: 80, appProtocol: 'http', nodePort: 30080 }], type: 'NodePort', sessionAffinity: 'None' },
    ],
  ])('with %s is fine', (_, spec) => {
    expect(service(spec)).toEqual([]);
  });

  test.each([
    ['no spec', undefined, ['spec.ports: Required value']],
    ['no ports', { ports: [] }, ['spec.ports: Required value']],
    ['no external name', { type: 'ExternalName' }, ['spec.externalName: Required value']],
    [
      'a bad type',
      { type: 'clusterip', ports: [{ port: 80 }] },
      ['spec.type: Unsupported value: "clusterip": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"'],
    ],
    [
      'one port instead of a list',
      { ports: { port: 80 } },
      ['json: cannot unmarshal object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort'],
    ],
    [
      'a boolean in its selector',
      { ports: [{ port: 80 }], selector: { app: true } },
      ['json: cannot unmarshal bool into Go struct field ServiceSpec.spec.selector of type string'],
    ],
    ['a spec that is a list', [], ['json: cannot unmarshal array into Go struct field Service.spec of type v1.ServiceSpec']],
  ])('with %s is refused', (_, spec, says) => {
    expect(service(spec)).toEqual(says);
  });

  test('with a selector that no label can meet is refused', () => {
    expect(service({ ports: [{ port: 80 }], selector: { app: 'my cart' } })).toEqual([
      expect.stringMatching(/^spec\.selector: Invalid value: "my cart": a valid label must/),
    ]);
  });

  test.each([
    ['0', { port: 0 }, [`spec.ports[0].port: Invalid value: 0: ${RANGE}`, `spec.ports[0].targetPort: Invalid value: 0: ${RANGE}`]],
    ['65536', { port: 65536, targetPort: 80 }, [`spec.ports[0].port: Invalid value: 65536: ${RANGE}`]],
    ['an empty item', null, [`spec.ports[0].port: Invalid value: 0: ${RANGE}`, `spec.ports[0].targetPort: Invalid value: 0: ${RANGE}`]],
    ['text', { port: '80' }, ['json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32']],
    ['a fraction', { port: 80.5 }, ['json: cannot unmarshal number 80.5 into Go struct field ServicePort.spec.ports.port of type int32']],
    ['with target 65536', { port: 80, targetPort: 65536 }, [`spec.ports[0].targetPort: Invalid value: 65536: ${RANGE}`]],
    ['with a quoted target', { port: 80, targetPort: '8080' }, [`spec.ports[0].targetPort: Invalid value: "8080": ${LETTER}`]],
    [
      'with a target in capitals',
      { port: 80, targetPort: 'HTTP' },
      [`spec.ports[0].targetPort: Invalid value: "HTTP": ${CHARACTERS}`, `spec.ports[0].targetPort: Invalid value: "HTTP": ${LETTER}`],
    ],
    [
      'with a boolean target',
      { port: 80, targetPort: true },
      ['json: cannot unmarshal bool into Go struct field ServicePort.spec.ports.targetPort of type int32'],
    ],
    ['with protocol tcp', { port: 80, protocol: 'tcp' }, [`spec.ports[0].protocol: Unsupported value: "tcp": ${PROTOCOLS}`]],
    ['with a dot in its name', { port: 80, name: 'http.x' }, ['spec.ports[0].name: Invalid value: "http.x": must not contain dots']],
    [
      'with a name too long',
      { port: 80, name: x(64) },
      [`spec.ports[0].name: Invalid value: "${x(64)}": must be no more than 63 characters`],
    ],
    ['with a misspelt target', { port: 80, targetport: 8080 }, ['unknown field "spec.ports[0].targetport"']],
  ])('port %s is refused', (_, port, says) => {
    expect(ports(port)).toEqual(says);
  });

  test('several ports need names, and different ones', () => {
    expect(ports({ port: 80 }, { port: 81 })).toEqual(['spec.ports[0].name: Required value', 'spec.ports[1].name: Required value']);
    expect(ports({ port: 80, name: 'http' }, { port: 81, name: 'http' })).toEqual(['spec.ports[1].name: Duplicate value: "http"']);
    expect(ports({ port: 80, name: 'http' }, { port: 80, name: 'web', protocol: 'TCP' })).toEqual([
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ]);
  });

  test('is checked with its metadata', () => {
    expect(lines(validateService({ kind: 'Service', metadata: { name: 'cart.eu' }, spec: { ports: [{ port: 80 }] } }, root))).toEqual([
      'metadata.name: Invalid value: "cart.eu": must not contain dots',
    ]);
  });
});

describe('a PodSpec', () => {
  const pod = at(root, 'spec');
  const ports = (...list: unknown[]) => lines(validatePodSpec({ containers: [{ name: 'main', ports: list }] }, pod));

  test.each([
    ['no spec', undefined],
    ['a null spec', null],
    ['no containers', {}],
    ['an empty list of containers', { containers: [] }],
    ['null parts', { containers: [{ name: 'main', image: 'x', ports: null }], hostNetwork: null }],
    [
      'ports at the edges',
      {
        containers: [{ ports: [{ containerPort: 1 }, { containerPort: 65535, name: 'http', protocol: 'SCTP', hostPort: 0, hostIP: '' }] }],
      },
    ],
    [
      'one name in two containers, of which servers warn',
      { containers: [{ ports: [{ containerPort: 80, name: 'http' }] }, { ports: [{ containerPort: 81, name: 'http' }] }] },
    ],
  ])('with %s is fine', (_, spec) => {
    expect(validatePodSpec(spec, pod)).toEqual([]);
  });

  const port = 'spec.containers[0].ports[0]';
  test.each([
    ['absent', {}, [`${port}.containerPort: Required value`]],
    ['an empty item', null, [`${port}.containerPort: Required value`]],
    ['65536', { containerPort: 65536 }, [`${port}.containerPort: Invalid value: 65536: ${RANGE}`]],
    ['negative', { containerPort: -1 }, [`${port}.containerPort: Invalid value: -1: ${RANGE}`]],
    [
      'text',
      { containerPort: '80' },
      ['json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32'],
    ],
    [
      'a list',
      { containerPort: [80] },
      ['json: cannot unmarshal array into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32'],
    ],
    ['called 80', { containerPort: 80, name: '80' }, [`${port}.name: Invalid value: "80": ${LETTER}`]],
    [
      'called by a number',
      { containerPort: 80, name: 80 },
      ['json: cannot unmarshal number into Go struct field ContainerPort.spec.containers.ports.name of type string'],
    ],
    [
      'called in capitals',
      { containerPort: 80, name: 'HTTP' },
      [`${port}.name: Invalid value: "HTTP": ${CHARACTERS}`, `${port}.name: Invalid value: "HTTP": ${LETTER}`],
    ],
    [
      'called too long',
      { containerPort: 80, name: x(16) },
      [`${port}.name: Invalid value: "${x(16)}": must be no more than 15 characters`],
    ],
    ['of protocol tcp', { containerPort: 80, protocol: 'tcp' }, [`${port}.protocol: Unsupported value: "tcp": ${PROTOCOLS}`]],
    ['at host port 65536', { containerPort: 80, hostPort: 65536 }, [`${port}.hostPort: Invalid value: 65536: ${RANGE}`]],
    ['misspelt', { containerport: 80 }, [`unknown field "${port}.containerport"`, `${port}.containerPort: Required value`]],
  ])('a container port that is %s is refused', (_, written, says) => {
    expect(ports(written)).toEqual(says);
  });

  test('a name may stand once in a container', () => {
    expect(ports({ containerPort: 80, name: 'http' }, { containerPort: 81, name: 'http' })).toEqual([
      'spec.containers[0].ports[1].name: Duplicate value: "http"',
    ]);
  });

  test('init containers are held to the same', () => {
    expect(lines(validatePodSpec({ initContainers: [{}, { ports: [{ containerPort: 0 }] }] }, pod))).toEqual([
      'spec.initContainers[1].ports[0].containerPort: Required value',
    ]);
  });

  test('what is of a wrong type is said, in a template from its own top', () => {
    expect(lines(validatePodSpec({ hostNetwork: 'true', containers: [{ ports: {} }] }, pod))).toEqual([
      'json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool',
      'json: cannot unmarshal object into Go struct field Container.spec.containers.ports of type []v1.ContainerPort',
    ]);
    const template = at(root, 'items', 1, 'spec', 'template', 'spec');
    expect(lines(validatePodSpec({ containers: [{ ports: [{ containerPort: 'http' }] }] }, template))).toEqual([
      'json: cannot unmarshal string into Go struct field ContainerPort.spec.template.spec.containers.ports.containerPort of type int32',
    ]);
    expect(lines(validatePodSpec('x', pod))).toEqual(['json: cannot unmarshal string into Go struct field Pod.spec of type v1.PodSpec']);
    expect(lines(validatePodSpec('x', template))).toEqual([
      'json: cannot unmarshal string into Go struct field PodTemplateSpec.spec.template.spec of type v1.PodSpec',
    ]);
    expect(lines(validatePodSpec({ containers: [null] }, pod, { kind: 'Pod', name: 'cart' }))).toEqual([
      'unknown object type "nil" in Pod.spec.containers[0]',
    ]);
  });
});
