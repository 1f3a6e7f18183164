// Every evaluator against the same tables.
import { holdToContract } from './evaluators.contract.ts';
import { EVALUATORS } from './evaluators.ts';

for (const evaluator of EVALUATORS) holdToContract(evaluator);
