// Peers and ports of a rule are opened by whoever evaluates them (docs/decisions/0006). `npm run terms` finds who else does.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type Exception, findOpenings, termFaults } from './terms.ts';

/** The evaluators, the kinds that write terms and print them, and the words. */
const MAY: readonly string[] = ['src/policy', 'src/classes', 'src/reach', 'src/nft', 'src/kinds', 'src/program', 'src/words'];

/** Files that still open terms, and what for. Remove a line with its last opening; add none. */
const NOT_YET: readonly Exception[] = [
  {
    because: 'compares the peers of a rule in two states; to be asked of reach/, where it was until it got a folder of its own',
    files: ['src/compare/inert.ts', 'src/compare/states.ts'],
  },
  {
    because: 'says which part of a rule a connection misses; to be read from the evidence of policy/ instead',
    files: [
      'src/explain/denial.ts',
      'src/explain/enforcement.ts',
      'src/explain/miss-causes.ts',
      'src/explain/near-miss.ts',
      'src/explain/peer-checks.ts',
      'src/explain/port-checks.ts',
    ],
  },
  {
    because: 'tells what a rule admits from what it admits too much; needs a function that says a peer or port by its meaning',
    files: [
      'src/lint/declared-ports.ts',
      'src/lint/dns-checks.ts',
      'src/lint/implied.ts',
      'src/lint/meaning.ts',
      'src/lint/openings.ts',
      'src/lint/peer-fit.ts',
      'src/lint/small-cluster.ts',
    ],
  },
  {
    because: 'a rule about how a peer or port is written, which is about its kind',
    files: [
      'src/lint/rules/address-of-a-service/rule.ts',
      'src/lint/rules/admin-rule-never-reached/rule.ts',
      'src/lint/rules/api-server-out-of-reach/rule.ts',
      'src/lint/rules/aws-service-not-opened/rule.ts',
      'src/lint/rules/azure-npm-limit/rule.ts',
      'src/lint/rules/client-address-hidden/rule.ts',
      'src/lint/rules/dns-beyond-resolver/rule.ts',
      'src/lint/rules/dns-denied/rule.ts',
      'src/lint/rules/dns-pods-shut/rule.ts',
      'src/lint/rules/dns-to-anywhere/rule.ts',
      'src/lint/rules/dns-udp-only/rule.ts',
      'src/lint/rules/end-port-unsupported/rule.ts',
      'src/lint/rules/every-namespace/rule.ts',
      'src/lint/rules/except-opened-again/rule.ts',
      'src/lint/rules/family-left-out/rule.ts',
      'src/lint/rules/ipblock-for-nodes/rule.ts',
      'src/lint/rules/ipblock-for-pods/rule.ts',
      'src/lint/rules/ipblock-is-everything/rule.ts',
      'src/lint/rules/kube-router-except-cuts-others/rule.ts',
      'src/lint/rules/kube-router-opens-both-ways/rule.ts',
      'src/lint/rules/kube-router-opens-every-port/rule.ts',
      'src/lint/rules/kube-router-opens-name-to-everyone/rule.ts',
      'src/lint/rules/label-keys/table.ts',
      'src/lint/rules/label-on-owner-not-on-pods/rule.ts',
      'src/lint/rules/name-promises-denial/rule.ts',
      'src/lint/rules/named-port-for-addresses/rule.ts',
      'src/lint/rules/named-port-in-sidecar-only/rule.ts',
      'src/lint/rules/named-port-other-protocol/rule.ts',
      'src/lint/rules/namespace-label-by-hand/rule.ts',
      'src/lint/rules/node-port-instead-of-target-port/rule.ts',
      'src/lint/rules/one-side-only/rule.ts',
      'src/lint/rules/peers-either-not-both/rule.ts',
      'src/lint/rules/port-nobody-listens-on/rule.ts',
      'src/lint/rules/port-range-wide/rule.ts',
      'src/lint/rules/protocol-defaults-to-tcp/rule.ts',
      'src/lint/rules/rule-for-kubelet-needless/rule.ts',
      'src/lint/rules/selects-by-forbidden-label/rule.ts',
      'src/lint/rules/service-port-instead-of-target-port/rule.ts',
      'src/lint/rules/unlabelled-namespaces-match/rule.ts',
      'src/lint/rules/whole-namespace-admitted/rule.ts',
    ],
  },
  {
    because: 'changes a peer or port in the form it is written in; belongs to the edits of src/kinds',
    files: [
      'src/repair/drafts.ts',
      'src/repair/effects.ts',
      'src/repair/field.ts',
      'src/repair/imagined.ts',
      'src/repair/levers/closing.ts',
      'src/repair/levers/cluster-wide.ts',
      'src/repair/levers/peers.ts',
      'src/repair/levers/ports.ts',
      'src/repair/settled.ts',
    ],
  },
  {
    because: 'names what a plugin does not have; to be asked as features of a clause',
    files: ['src/cni/features.ts'],
  },
  {
    because: 'chooses addresses and ports to stand for what rules name; to be asked of the class builder',
    files: ['src/lab/plan-outside.ts', 'src/lab/plan-ports.ts', 'src/route/assumed.ts', 'src/route/outside.ts', 'src/route/party.ts'],
  },
  {
    because: 'fills in what is only known when all objects are read',
    files: ['src/manifest/owner-labels.ts', 'src/manifest/read-limits.ts', 'src/manifest/service-blocks.ts'],
  },
  {
    because: 'sorts or groups rules by what they name for a reader',
    files: ['src/answer/diff-peers.ts', 'src/question/describe.ts', 'src/question/rollout-scene.ts', 'src/question/simplify-scene.ts'],
  },
];

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((path) => `src/${path}`)
  .filter((path) => /(?<!\.test)\.ts$/.test(path))
  .sort();
const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const openings = findOpenings(ts.createProgram(files, options), { file: 'src/model/policy.ts', types: ['Peer', 'PortRule'] }, files);
const faults = termFaults(openings, MAY, NOT_YET);

for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) {
  process.stderr.write(
    'Ask a function of src/policy, src/reach or src/kinds what you need to know of the peer or port; add one there if it is missing.\n',
  );
  process.exitCode = 1;
}
