/** The workflows as they are can go on with every history that was recorded before; a careless change is found out. */

import { beforeAll, describe, expect, it } from '@jest/globals';
import { Worker, type WorkflowBundle } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { buildWorkflowBundle } from '../../workers/build-bundle.ts';
import { installQuietRuntime } from '../support/runtime.ts';
import { bundleWithChanges } from './support/changed-bundle.ts';
import { readHistories } from './support/histories.ts';

const HISTORIES = readHistories();
const historyOf = (name: string) => HISTORIES.find((each) => each.name === name)?.history;

beforeAll(() => {
  installQuietRuntime('ERROR', () => {});
});

const replay = (workflowBundle: WorkflowBundle, name: string) =>
  Worker.runReplayHistory({ workflowBundle }, historyOf(name), name);

describe('the workflows as they are', () => {
  /** Of every history that was replayed: null, or why it could not be. One worker plays them all. */
  const outcomes = new Map<string, Error | null>();
  beforeAll(async () => {
    const histories = HISTORIES.map(({ name, history }) => ({ workflowId: name, history }));
    const workflowBundle = await buildWorkflowBundle();
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
      outcomes.set(workflowId, error ?? null);
    }
  }, 120_000);

  it.each(HISTORIES.map(({ name }) => name))('replay %s', (name) => {
    expect(outcomes.get(name)).toBeNull();
  });

  it('have histories of every workflow and of a hand-over to a new run', () => {
    const names = HISTORIES.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('order-')).length).toBeGreaterThanOrEqual(9);
    expect(names.filter((name) => name.startsWith('escrow-')).length).toBeGreaterThanOrEqual(9);
    expect(names.filter((name) => name.startsWith('dispute-')).length).toBeGreaterThanOrEqual(9);
    expect(names.filter((name) => name.startsWith('market-')).length).toBeGreaterThanOrEqual(8);
    expect(names).toEqual(expect.arrayContaining(['escrow-handed-over', 'escrow-taken-over', 'dispute-handed-over']));
  });
});

/** Each as careless as the next: no patched(), and open orders would stand still. */
const CARELESS = [
  {
    what: 'another order of steps',
    bundle: 1,
    change: {
      file: 'workflows/order/placing.ts',
      from: 'order.placed = await records.placeOrder(order.input);',
      to: 'await openPayment(order); order.placed = await records.placeOrder(order.input);',
    },
    history: 'order-completed',
  },
  {
    what: 'a step left out',
    bundle: 2,
    change: {
      file: 'workflows/order/payment.ts',
      from: "const outcome = await insist('closing the payment', () => payments.cancelPayment(attempt));",
      to: 'const outcome = { cancelled: true as const };',
    },
    history: 'order-expired',
  },
  {
    what: 'a timer more',
    bundle: 1,
    change: {
      file: 'workflows/escrow/workflow.ts',
      from: 'const clocks = new Clocks(escrow);',
      to: 'const clocks = new Clocks(escrow); await condition(() => false, 1);',
    },
    history: 'escrow-confirmed',
  },
  {
    what: 'an end that is not told',
    bundle: 1,
    change: {
      file: 'workflows/dispute/ending.ts',
      from: "await insist('telling the escrow', () => escrow.signal(disputeResolvedSignal, fact));",
      to: '',
    },
    history: 'dispute-agreed',
  },
];

const HARMLESS = {
  bundle: 2,
  change: { file: 'workflows/shared/insist.ts', from: "'30 minutes'", to: "'31 minutes'" },
};

/** Changes that meet different histories share a bundle: making one takes longer than replaying all. */
const bundles = new Map<number, Promise<WorkflowBundle>>();
function bundleOf(number: number): Promise<WorkflowBundle> {
  const changes = [...CARELESS, HARMLESS].filter(({ bundle }) => bundle === number).map(({ change }) => change);
  const found = bundles.get(number) ?? bundleWithChanges(changes);
  bundles.set(number, found);
  return found;
}

describe('a careless change', () => {
  it.each(CARELESS)('is found out: $what', async ({ bundle, history }) => {
    await expect(replay(await bundleOf(bundle), history)).rejects.toThrow(DeterminismViolationError);
  });

  it('that changes no command is let through', async () => {
    await expect(replay(await bundleOf(HARMLESS.bundle), 'order-completed')).resolves.toBeUndefined();
  });
});
