// With FC_SEED set, every random test of the run starts from that seed, so that a run can be had again as it was.
// .ci/run takes the seed from the tree that it checks: another tree, other cases; the same tree, the same answer.
const seed = process.env.FC_SEED;
if (seed !== undefined) {
  const { default: fc } = await import('fast-check');
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
}

export {};
