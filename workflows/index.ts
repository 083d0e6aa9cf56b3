/** The bundle's entry: every workflow a worker may run, by name, and nothing else. */

export { escrowWorkflow } from './escrow/workflow.ts';
export { orderWorkflow } from './order/workflow.ts';
