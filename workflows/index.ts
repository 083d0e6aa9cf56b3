/** The bundle's entry: every workflow a worker may run, by name, and nothing else. */

export { authenticityWorkflow } from './authenticity/workflow.ts';
export { chargebackWorkflow } from './chargeback/workflow.ts';
export { disputeWorkflow } from './dispute/workflow.ts';
export { escrowWorkflow } from './escrow/workflow.ts';
export { marketWorkflow } from './market/workflow.ts';
export { orderWorkflow } from './order/workflow.ts';
export { purchaseWorkflow } from './purchase/workflow.ts';
export { refreshLeaderboardsWorkflow, sweepFraudWorkflow } from './sweeps/workflow.ts';
