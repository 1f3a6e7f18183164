// A git repository with a shop in it, made on the spot: frontend may reach cart, checkout may not.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const WORKLOADS = ['frontend', 'cart', 'checkout']
  .map(
    (name) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  replicas: 1
  template:
    metadata:
      labels:
        app: ${name}
    spec: { containers: [{ name: main, ports: [{ containerPort: 7070 }] }] }
`,
  )
  .join('---\n');

export const CART_POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: cart
  namespace: shop
spec:
  podSelector:
    matchLabels:
      app: cart
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: frontend
      ports:
        - port: 7070
`;

export interface Repository {
  readonly folder: string;
  /** Writes a file, its folders too; `undefined` takes it away. */
  write(path: string, text: string | undefined): void;
  git(...args: readonly string[]): string;
  commit(message?: string): string;
  remove(): void;
}

/** Empty, on branch `main`, without a commit. */
export function emptyRepository(): Repository {
  const folder = mkdtempSync(join(tmpdir(), 'netverdict-shop-'));
  const git = (...args: readonly string[]) =>
    execFileSync(
      'git',
      ['-C', folder, '-c', 'user.name=shop', '-c', 'user.email=shop@example.org', '-c', 'commit.gpgsign=false', ...args],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ).trim();
  git('init', '-q', '-b', 'main');
  return {
    folder,
    git,
    write(path, text) {
      const file = join(folder, path);
      if (text === undefined) return rmSync(file);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    },
    commit(message = 'a change') {
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** With the shop committed to `main` under k8s/. */
export function shopRepository(): Repository {
  const repository = emptyRepository();
  repository.write('k8s/workloads.yaml', WORKLOADS);
  repository.write('k8s/cart-policy.yaml', CART_POLICY);
  repository.commit('the shop');
  return repository;
}
