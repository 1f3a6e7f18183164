// What a fix says of itself is so: names, numbers, order, families, and whose policy it edits.
import { describe, expect, test } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import { type ConnectionFixes, fix, type RankedFix } from '../../src/question/fix.ts';
import { kubectlCommands } from '../../src/repair/kubectl.ts';
import { plannedFiles, unifiedDiff } from '../../src/repair/patch.ts';
import { rowWords, sharedWords } from '../../src/words/en/fixes.ts';
import { semanticsNamed } from '../shop-manifests.ts';

interface Options {
  readonly from: string;
  readonly to: string;
  readonly most?: number;
  readonly exact?: boolean;
  readonly deny?: boolean;
  readonly cni?: string;
}

function connectionOf(text: string, { from, to, most = Number.POSITIVE_INFINITY, exact, deny = false, cni }: Options): ConnectionFixes {
  const cluster = loadCluster([{ file: 'shop.yaml', text }]);
  const options = { most, deny, ...(exact === undefined ? {} : { exact }) };
  const answer = fix(cluster, semanticsNamed(cni), { from, to, namespace: 'shop' }, options);
  if (answer.kind === 'error') throw new Error(JSON.stringify(answer.errors));
  const [connection] = answer.connections;
  if (connection === undefined) throw new Error('no connection');
  return connection;
}

const fixesOf = (text: string, options: Options) => connectionOf(text, options).fixes;

const codesOf = ({ levers }: RankedFix) => levers.map(({ code }) => code).join('+');
const rowsOf = ({ effect }: RankedFix) => ({ opens: effect.opened.map(rowWords), closes: effect.closed.map(rowWords) });

function patchOf({ steps }: RankedFix): string {
  const planned = plannedFiles(steps);
  if (planned.refused !== undefined) throw new Error(planned.refused.reason);
  return unifiedDiff(planned.files);
}

/** Deployments of the shop that listen on 8080, each selected by its app label. */
const apps = (...names: readonly string[]) =>
  names
    .map(
      (name) => `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: shop/${name}, ports: [{ containerPort: 8080 }] }] }
`,
    )
    .join('');

const policy = (name: string, spec: string) => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: ${spec}
`;
const DEFAULT_DENY = policy('default-deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }');
const DNS = policy(
  'dns',
  '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: UDP }] }] }',
);
const TO_CART: Options = { from: 'shop/frontend', to: 'shop/cart:8080' };

describe('new policies of one fix', () => {
  test('have names of their own, also beside one that is there', () => {
    const taken = policy('allow-frontend-to-cart-8080', '{ podSelector: { matchLabels: { app: nobody } }, policyTypes: [Ingress] }');
    const fixes = fixesOf(apps('frontend', 'cart') + DEFAULT_DENY + taken, TO_CART);
    const both = fixes.find((each) => codesOf(each) === 'new-policy+new-policy');
    const names = both?.levers.map(({ facts }) => facts.policy) ?? [];
    expect(names).toHaveLength(2);
    expect(new Set([...names, 'shop/allow-frontend-to-cart-8080']).size).toBe(3);
    const written = [...patchOf(both as RankedFix).matchAll(/^\+ {2}name: (.*)$/gm)].map(([, name]) => `shop/${name}`);
    expect(written).toEqual(names);
  });

  test('for two protocols of one port do not replace each other when they are applied one after the other', () => {
    const name = (protocol: string) =>
      fixesOf(apps('frontend', 'cart') + policy('cart', '{ podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress] }'), {
        from: 'shop/frontend',
        to: `shop/cart:8080/${protocol}`,
      }).find((each) => codesOf(each) === 'new-policy')?.levers[0]?.facts.policy;
    expect([name('tcp'), name('udp')]).toEqual(['shop/allow-frontend-to-cart-8080', 'shop/allow-frontend-to-cart-8080-udp']);
  });
});

describe('the number of a fix', () => {
  const text =
    apps('frontend', 'cart', 'checkout') +
    DEFAULT_DENY +
    DNS +
    policy(
      'cart',
      '{ podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: { matchLabels: { app: front } } }], ports: [{ port: 8080 }] }] }',
    );

  test('is the same in a short list, in the list of all, and when it is picked', () => {
    const all = fixesOf(text, TO_CART);
    expect(all.length).toBeGreaterThan(5);
    expect(all.map(({ number }) => number)).toEqual(all.map((_, i) => i + 1));
    for (const most of [2, 3, 5])
      for (const each of fixesOf(text, { ...TO_CART, most })) expect(patchOf(each)).toBe(patchOf(all[each.number - 1] as RankedFix));
    for (const { number } of all) {
      const [last] = fixesOf(text, { ...TO_CART, most: number, exact: true }).slice(-1);
      expect(last?.number).toBe(number);
      expect(patchOf(last as RankedFix)).toBe(patchOf(all[number - 1] as RankedFix));
    }
  });
});

describe('the order of fixes', () => {
  const front = policy(
    'frontend',
    '{ podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress], egress: [{ to: [{ podSelector: { matchLabels: { app: basket } } }], ports: [{ port: 8080 }] }] }',
  );

  test('puts one that closes nothing before one that takes a label out of a rule, though nothing has that label today', () => {
    const [first, ...others] = fixesOf(apps('frontend', 'cart') + front, TO_CART);
    expect(rowsOf(first as RankedFix)).toEqual({ opens: [], closes: [] });
    const replacing = others.find((each) => codesOf(each) === 'selector-value');
    expect(rowsOf(replacing as RankedFix).closes).toEqual([
      'shop/frontend → pods labelled app=basket of namespace shop (none today) 8080/TCP',
    ]);
  });

  test('puts a policy of the application before a wider default that all pods share, and says how many', () => {
    const fixes = fixesOf(apps('frontend', 'cart', 'checkout') + DEFAULT_DENY + DNS, TO_CART);
    const [first] = fixes;
    expect(codesOf(first as RankedFix)).toBe('new-policy+new-policy');
    expect(first?.shared).toEqual([]);
    const shared = fixes.find((each) => each.shared.length > 0);
    expect(shared?.shared.map(sharedWords).join()).toMatch(/^shop\/(dns|default-deny) applies to every pod of its namespace \(3 today\)/);
  });

  test('a policy of two workloads is shared, one of the workload alone is not', () => {
    const fixes = (selector: string) =>
      fixesOf(apps('frontend', 'cart', 'checkout') + policy('cart', `{ podSelector: ${selector}, policyTypes: [Ingress] }`), TO_CART)
        .filter((each) => codesOf(each) === 'add-rule')
        .map((each) => each.shared.map(sharedWords).join());
    expect(fixes('{ matchLabels: { app: cart } }')).toEqual(['']);
    expect(fixes('{ matchExpressions: [{ key: app, operator: In, values: [cart, checkout] }] }')).toEqual([
      'shop/cart applies to 2 pods of 2 workloads',
    ]);
  });
});

describe('port 53', () => {
  const dnsOnly = policy(
    'frontend',
    '{ podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress], egress: [{ to: [{ podSelector: { matchLabels: { app: cart } } }], ports: [{ port: 53, protocol: TCP }] }] }',
  );

  test('is never replaced, where another port is', () => {
    const codes = fixesOf(apps('frontend', 'cart') + dnsOnly, TO_CART).map(codesOf);
    expect(codes).not.toContain('set-port');
    expect(codes).toContain('add-port');
    expect(fixesOf(apps('frontend', 'cart') + dnsOnly.replace('port: 53', 'port: 80'), TO_CART).map(codesOf)).toContain('set-port');
  });
});

describe('--deny', () => {
  const deny: Options = { ...TO_CART, deny: true, cni: 'calico' };

  test('looks at both families where the input does not say that the cluster has one', () => {
    const fixes = fixesOf(apps('frontend', 'cart'), deny);
    expect(fixes.map(codesOf)).toContain('new-deny');
    for (const each of fixes) {
      const said = [...rowsOf(each).closes, patchOf(each)].join('\n');
      expect(said).toContain('::/0');
      expect(said).toContain('0.0.0.0/0');
    }
  });

  test('and at one where the pods have addresses of one', () => {
    const pod = (name: string, address: string) =>
      `\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { containers: [{ name: main }] }\nstatus: { phase: Running, podIP: ${address}, podIPs: [{ ip: ${address} }] }\n`;
    const fixes = fixesOf(pod('frontend', '10.1.0.1') + pod('cart', '10.1.0.2'), deny);
    expect(fixes.length).toBeGreaterThan(1);
    for (const each of fixes) expect([...rowsOf(each).closes, patchOf(each)].join('\n')).not.toContain('::/0');
  });
});

describe('a label that stands on a Job and not on its pods', () => {
  const job = `
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, namespace: shop, labels: { part: job } }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: main, image: shop/migrate }] } } }
`;
  const rules = policy(
    'cart',
    '{ podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: part, operator: In, values: [web, job] }] } }] }] }',
  );

  test('is put on the template, with the value that the Job has, and the Job is made anew', () => {
    const [first] = fixesOf(apps('cart') + job + rules, { from: 'shop/job/migrate', to: 'shop/cart:8080' });
    expect(codesOf(first as RankedFix)).toBe('label-pod');
    expect(first?.levers[0]?.facts).toMatchObject({ key: 'part', value: 'job' });
    expect(rowsOf(first as RankedFix).closes).toEqual([]);
    const [command] = kubectlCommands(first?.steps ?? []);
    expect(command).toContain('kubectl replace --force -f -');
    expect(command?.match(/part: job/g)).toHaveLength(2);
  });
});

describe('an address of which the input says whose it is', () => {
  const node = (name: string, address: string) =>
    `\n---\napiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\nstatus: { addresses: [{ type: InternalIP, address: ${address} }] }\n`;
  const nodes = node('one', '10.9.0.1') + node('two', '10.9.0.2');
  const cart = policy('cart', '{ podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress] }');

  test('is no pod’s, so a rule for a node opens that node and nothing else', () => {
    const [first] = fixesOf(apps('cart', 'checkout') + nodes + cart, { from: 'node/two', to: 'shop/cart:8080', cni: 'calico' });
    expect(patchOf(first as RankedFix)).toContain('10.9.0.2/32');
    expect(rowsOf(first as RankedFix)).toEqual({ opens: [], closes: [] });
  });

  test('while an address that nobody is known to have may be a pod’s', () => {
    const wide = cart.replace(
      'policyTypes: [Ingress]',
      'policyTypes: [Ingress], ingress: [{ from: [{ ipBlock: { cidr: 10.8.0.0/16 } }] }]',
    );
    const fixes = fixesOf(apps('cart', 'checkout') + wide, { from: '10.9.0.2', to: 'shop/cart:8080', cni: 'calico' });
    expect(fixes.length).toBeGreaterThan(0);
    const denied = fixesOf(apps('cart', 'checkout') + wide, { from: '10.8.0.2', to: 'shop/cart:8080', cni: 'calico', deny: true });
    expect(denied.flatMap((each) => rowsOf(each).closes).join()).toContain('perhaps shop/checkout → shop/cart');
  });

  test('of a pod in its node’s network opens the other programs of that node, too', () => {
    const scraper =
      '\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: scraper, namespace: shop }\nspec: { nodeName: two, hostNetwork: true, containers: [{ name: main }] }\nstatus: { phase: Running, hostIP: 10.9.0.2, podIP: 10.9.0.2 }\n';
    const here =
      '\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: cart, namespace: shop, labels: { app: cart } }\nspec: { nodeName: one, containers: [{ name: main }] }\nstatus: { phase: Running, podIP: 10.1.0.1 }\n';
    const [first] = fixesOf(here + scraper + nodes + cart, { from: 'shop/scraper', to: 'shop/cart:8080', cni: 'calico' });
    expect(rowsOf(first as RankedFix).opens).toEqual(['10.9.0.2/32 → shop/cart 8080/TCP']);
  });
});

describe('a host outside of which the address is not known', () => {
  const shut = policy('frontend', '{ podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress] }');

  test('is opened with every other address, and the fix says so', () => {
    const { fixes, addressUnknown } = connectionOf(apps('frontend') + shut, { from: 'shop/frontend', to: 'https://api.stripe.com/' });
    expect(addressUnknown).toBe('api.stripe.com');
    expect(fixes.length).toBeGreaterThan(0);
    for (const each of fixes) expect(rowsOf(each).opens.join()).toMatch(/shop\/frontend → 0\.0\.0\.0\/0 443\/TCP/);
  });

  test('while a written address is opened alone, and the whole internet is what was asked for', () => {
    for (const to of ['203.0.113.9:443', 'internet:443']) {
      const { fixes, addressUnknown } = connectionOf(apps('frontend') + shut, { from: 'shop/frontend', to, cni: 'cilium' });
      expect(addressUnknown).toBeUndefined();
      expect(rowsOf(fixes[0] as RankedFix)).toEqual({ opens: [], closes: [] });
    }
  });
});

describe('beside a policy that cannot be read', () => {
  const broken = policy(
    'limits',
    '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: ["fd00::/64"] } }] }] }',
  );
  const out: Options = { from: 'shop/frontend', to: '203.0.113.9:443', cni: 'calico' };

  test('the first fix is that policy, and what it will close is said', () => {
    const { fixes, unreadable } = connectionOf(apps('frontend', 'cart') + broken, out);
    expect(unreadable.map(({ ref }) => ref)).toEqual(['shop/limits']);
    expect(fixes.map(codesOf)).toEqual(['repair-policy']);
    expect(patchOf(fixes[0] as RankedFix)).toMatch(/^-.*fd00::\/64/m);
    expect(rowsOf(fixes[0] as RankedFix).closes.join()).toContain('perhaps shop/cart → ::/0');
  });

  test('and what is needed besides comes with it', () => {
    const cart = policy('cart', '{ podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress] }');
    const bad = policy(
      'front',
      '{ podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress], egress: [{ to: [{ podSelector: {} }], ports: [{ port: "8080" }] }] }',
    );
    const { fixes } = connectionOf(apps('frontend', 'cart') + bad + cart, TO_CART);
    expect(codesOf(fixes[0] as RankedFix)).toMatch(/^repair-policy\+/);
  });

  test('no other fix is offered where a person has to say what was meant', () => {
    const unclear = broken.replace('except: ["fd00::/64"]', 'except: [nowhere]');
    const { fixes, unreadable } = connectionOf(apps('frontend') + unclear, out);
    expect(fixes).toEqual([]);
    expect(unreadable.map(({ ref }) => ref)).toEqual(['shop/limits']);
    // The same cluster without it needs no fix at all.
    expect(connectionOf(apps('frontend'), out).isDone).toBe(true);
  });
});
