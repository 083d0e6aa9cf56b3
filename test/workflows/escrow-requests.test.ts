/** What people may ask of an escrow: every update in every status, races, and changes made behind its back. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../db/new-id.ts';
import type { EscrowCommandKind } from '../../domain/escrow-commands.ts';
import { startWorkflowEnvironment, type WorkflowEnvironment } from './support/environment.ts';
import { carried, type StartedEscrow } from './support/escrows.ts';
import type { Gate } from './support/fake-world.ts';
import { eventsOf, refusalCode } from './support/history.ts';
import { fromNow, NEVER_MS } from './support/policies.ts';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await startWorkflowEnvironment();
});
afterAll(() => environment.close());

const FAR = fromNow(NEVER_MS);
const clocks = { shipBy: FAR, deliveredBy: null, releaseAt: null };
const SITUATIONS = {
  held: carried(),
  processing: carried({ status: 'processing' }),
  shipped: carried({ status: 'shipped', ...clocks, shipBy: null, deliveredBy: FAR }),
  delivered: carried({ status: 'delivered', ...clocks, shipBy: null, releaseAt: FAR }),
  'held, paused': carried({ pausedAt: fromNow(0) }),
  'processing, paused': carried({ status: 'processing', pausedAt: fromNow(0) }),
  'shipped, paused': carried({ status: 'shipped', ...clocks, shipBy: null, deliveredBy: FAR, pausedAt: fromNow(0) }),
  'delivered, paused': carried({ status: 'delivered', ...clocks, shipBy: null, releaseAt: FAR, pausedAt: fromNow(0) }),
} as const;
type Situation = keyof typeof SITUATIONS;

const KINDS = [
  'process',
  'ship',
  'deliver',
  'confirm',
  'cancel',
  'extend',
  'pause',
  'resume',
  'release',
  'refund',
] as const;
type Table = Record<Situation, Record<EscrowCommandKind, string>>;

const NO = 'illegal_transition';
const PAUSED = 'hold_paused';
const EARLY = 'not_delivered_yet';
const LATE = 'order_not_cancellable';
const RUNS = 'hold_not_paused';
const SHIPPED = 'already_shipped';
const LEAVING = 'hold_already_releasing';

/** For each command in the order of KINDS, asked by whoever has the right to: the status it leads to, or its refusal. */
const ROWS: Record<Situation, string[]> = {
  held: ['processing', 'shipped', NO, EARLY, 'refunded', 'held', 'held', RUNS, 'released', 'refunded'],
  processing: [NO, 'shipped', NO, EARLY, 'refunded', 'processing', 'processing', RUNS, 'released', 'refunded'],
  shipped: [NO, SHIPPED, 'delivered', 'released', LATE, 'shipped', 'shipped', RUNS, 'released', 'refunded'],
  delivered: [NO, SHIPPED, NO, 'released', LATE, 'delivered', 'delivered', RUNS, 'released', 'refunded'],
  'held, paused': [PAUSED, PAUSED, PAUSED, PAUSED, PAUSED, PAUSED, PAUSED, 'held', 'released', 'refunded'],
  'processing, paused': [PAUSED, PAUSED, PAUSED, PAUSED, PAUSED, PAUSED, PAUSED, 'processing', 'released', 'refunded'],
  'shipped, paused': [PAUSED, PAUSED, PAUSED, PAUSED, LATE, PAUSED, PAUSED, 'shipped', 'released', 'refunded'],
  'delivered, paused': [PAUSED, PAUSED, PAUSED, PAUSED, LATE, PAUSED, PAUSED, 'delivered', 'released', 'refunded'],
};

/** Asks, and says what came of it: the new status or the code of the refusal. */
async function outcomeOf(escrow: StartedEscrow, kind: EscrowCommandKind): Promise<string> {
  let status = '';
  const code = await refusalCode(escrow.ask(kind).then((snapshot) => (status = snapshot.status)));
  return code ?? status;
}

const updatesIn = async ({ handle }: StartedEscrow): Promise<number> =>
  (await eventsOf(handle)).filter((name) => name.startsWith('workflowExecutionUpdate')).length;

describe('every update in every status', () => {
  it.concurrent.each(Object.keys(SITUATIONS) as Situation[])('%s', async (situation) => {
    const outcomes = await Promise.all(
      KINDS.map(async (kind) => {
        const escrow = await environment.escrow({ carried: SITUATIONS[situation] });
        const outcome = await outcomeOf(escrow, kind);
        // Refused: no event in the history, no activity called.
        if (outcome.includes('_')) expect([await updatesIn(escrow), escrow.world.names()]).toEqual([0, []]);
        else expect(await updatesIn(escrow)).toBe(2);
        return [kind, outcome] as const;
      }),
    );
    const expected: Table[Situation] = Object.fromEntries(
      KINDS.map((kind, index) => [kind, ROWS[situation][index]]),
    ) as Table[Situation];
    expect(Object.fromEntries(outcomes)).toEqual(expected);
  });

  /** An escrow that is on its way to the seller or back to the buyer, held up at the provider. */
  async function settling(to: 'releasing' | 'refunding'): Promise<{ escrow: StartedEscrow; gate: Gate }> {
    let gate: Gate | undefined;
    const payment = { paymentId: newId('payment'), captured: false, captureBefore: FAR };
    const escrow = await environment.escrow({ payment }, (world) => {
      gate = world.holdNext(to === 'releasing' ? 'captureHold' : 'refundHold');
    });
    if (!gate) throw new Error('the gate is set before the escrow starts');
    void escrow.ask(to === 'releasing' ? 'release' : 'refund');
    await gate.reached;
    return { escrow, gate };
  }

  it.concurrent.each([
    { to: 'releasing', end: 'released', cancel: LEAVING, resume: LEAVING, other: LEAVING },
    { to: 'refunding', end: 'refunded', cancel: LATE, resume: RUNS, other: NO },
  ] as const)('$to and after', async ({ to, end, cancel, resume, other }) => {
    const { escrow, gate } = await settling(to);
    const before = await updatesIn(escrow);
    const outcomes = await Promise.all(KINDS.map(async (kind) => [kind, await outcomeOf(escrow, kind)] as const));
    const expected = { ...Object.fromEntries(KINDS.map((kind) => [kind, other])), cancel, resume };
    expect(Object.fromEntries(outcomes)).toEqual(expected);
    expect(await updatesIn(escrow)).toBe(before);
    gate.open();
    expect(await escrow.handle.result()).toEqual({ status: end });
    await expect(escrow.ask('ship')).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
  });

  it.concurrent('by somebody who is no party is refused', async () => {
    const escrow = await environment.escrow({ carried: SITUATIONS.shipped });
    const strangers = (['buyer', 'seller'] as const).map((role) => ({ role, id: newId('user') }));
    const asked = KINDS.flatMap((kind) => strangers.map((by) => refusalCode(escrow.ask(kind, { by }))));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['forbidden']));
    expect(await updatesIn(escrow)).toBe(0);
  });

  it.concurrent('without contents is refused and wedges nothing', async () => {
    const escrow = await environment.escrow();
    const names = ['ship', 'cancel', 'extend', 'release', 'nobodyKnows'];
    for (const input of [undefined, null, 'x', {}, { actor: 'admin' }]) {
      const asked = names.map((name) => escrow.handle.executeUpdate<unknown, [unknown]>(name, { args: [input] }));
      await Promise.all(asked.map((each) => expect(each).rejects.toThrow('Update failed')));
    }
    expect((await escrow.ask('ship')).status).toBe('shipped');
  });

  it.concurrent('sent twice under one id is one request', async () => {
    const escrow = await environment.escrow();
    const answers = await Promise.all([1, 2, 3].map(() => escrow.ask('ship', { updateId: 'same' })));
    expect(answers.map((answer) => answer.status)).toEqual(['shipped', 'shipped', 'shipped']);
    expect((await escrow.ask('ship', { updateId: 'same' })).status).toBe('shipped');
    expect(escrow.world.names()).toEqual(['changeEscrow']);
  });
});

describe('two who ask at once', () => {
  const moneyMoved = ({ world }: StartedEscrow) =>
    world.changes
      .map(({ event }) => event)
      .filter((event) => event === 'escrow.released' || event === 'escrow.refunded');

  /**
   * Whoever comes after the end finds no workflow: the API answers the same as for a refusal. Where Temporal has repeated
   * a task, that may be the one whose change was stored by the first try: it asks again, and comes too late.
   */
  const GONE = 'WorkflowNotFoundError';
  const gone = (error: Error): string => error.name;

  /** Asks for both in one breath, the one or the other first; a few escrows at a time. */
  async function race(
    trials: number,
    status: Situation,
    [one, other]: readonly [EscrowCommandKind, EscrowCommandKind],
  ): Promise<{ escrow: StartedEscrow; answers: string[] }[]> {
    const races: { escrow: StartedEscrow; answers: string[] }[] = [];
    const lane = async (): Promise<void> => {
      for (let trial = trials; trial > 0; trial = trials) {
        trials -= 1;
        const escrow = await environment.escrow({ carried: SITUATIONS[status] });
        const kinds = trial % 2 === 0 ? [one, other] : [other, one];
        const answers = await Promise.all(kinds.map((kind) => outcomeOf(escrow, kind).catch(gone)));
        races.push({ escrow, answers: answers.toSorted() });
      }
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    return races;
  }

  it('confirm against refund: the money goes one way', async () => {
    const races = await race(60, 'delivered', ['confirm', 'refund']);
    for (const { escrow, answers } of races) {
      const { status } = await escrow.handle.result();
      expect(moneyMoved(escrow)).toEqual([status === 'released' ? 'escrow.released' : 'escrow.refunded']);
      expect(answers).not.toContain(status === 'released' ? 'refunded' : 'released');
      expect([status, GONE].some((answer) => answers.includes(answer))).toBe(true);
    }
  });

  it('cancel against ship: either it is on its way or the buyer has the money back', async () => {
    const races = await race(100, 'held', ['cancel', 'ship']);
    const allowed = [`${LATE} shipped`, `${NO} refunded`, `${GONE} refunded`, `${GONE} ${NO}`];
    expect(races.map(({ answers }) => answers.join(' ')).filter((outcome) => !allowed.includes(outcome))).toEqual([]);
  });
});

describe('a change that Postgres knows and this run does not', () => {
  it.concurrent('makes the request be judged again, against what is stored', async () => {
    const escrow = await environment.escrow();
    escrow.world.store(escrow.input.escrowId, { version: 2, status: 'shipped', shipBy: null, deliveredBy: FAR });
    expect(await refusalCode(escrow.ask('process'))).toBe('illegal_transition');
    expect((await escrow.ask('confirm')).status).toBe('released');
    expect(escrow.world.inputsOf('releaseHold')).toMatchObject([{ version: 3 }]);
  });

  it.concurrent('answers the request that may have made it, and refuses none for its own change', async () => {
    const escrow = await environment.escrow();
    escrow.world.store(escrow.input.escrowId, { version: 2, status: 'shipped', shipBy: null, deliveredBy: FAR });
    expect((await escrow.ask('ship')).status).toBe('shipped');
    const refunded = await environment.escrow();
    refunded.world.store(refunded.input.escrowId, { version: 2, status: 'refunding' });
    expect((await refunded.ask('cancel')).status).toBe('refunded');
  });

  it.concurrent('lets the request go on where it is still legal', async () => {
    const escrow = await environment.escrow();
    escrow.world.store(escrow.input.escrowId, { version: 4, status: 'processing' });
    expect((await escrow.ask('ship')).status).toBe('shipped');
    expect(escrow.world.inputsOf('changeEscrow').map(({ version }) => version)).toEqual([2, 5]);
  });

  it.concurrent.each([
    { status: 'refunding', asked: 'ship', code: NO, end: 'refunded' },
    { status: 'releasing', asked: 'refund', code: 'hold_already_releasing', end: 'released' },
  ] as const)('that began $status is brought to its end', async ({ status, asked, code, end }) => {
    const escrow = await environment.escrow();
    escrow.world.store(escrow.input.escrowId, { version: 2, status });
    expect(await refusalCode(escrow.ask(asked))).toBe(code);
    expect(await escrow.handle.result()).toEqual({ status: end });
  });

  it.concurrent('that settled the hold ends the story, and moves no money again', async () => {
    const escrow = await environment.escrow();
    escrow.world.store(escrow.input.escrowId, { version: 3, status: 'released' });
    expect(await refusalCode(escrow.ask('cancel'))).toBe('hold_already_releasing');
    expect(await escrow.handle.result()).toEqual({ status: 'released' });
    expect(escrow.world.names()).toEqual(['changeEscrow']);
  });

  it.concurrent('that took the number of a charge does not lose the charge', async () => {
    const payment = { paymentId: newId('payment'), captured: false, captureBefore: FAR };
    const escrow = await environment.escrow({ payment });
    const charged = escrow.world.holdNext('markCaptured');
    const releasing = escrow.ask('release');
    await charged.reached;
    escrow.world.store(escrow.input.escrowId, { version: 3 });
    charged.open();
    expect((await releasing).status).toBe('released');
    expect(escrow.world.inputsOf('markCaptured').map(({ version }) => version)).toEqual([3, 4]);
    expect(escrow.world.names()).not.toContain('refundHold');
  });

  it.concurrent('is brought to its end even before the goods were delivered', async () => {
    const escrow = await environment.escrow({ fulfilment: 'digital' }, (world, { escrowId }) =>
      world.store(escrowId, { version: 2, status: 'refunding' }),
    );
    expect(await escrow.handle.result()).toEqual({ status: 'refunded' });
  });
});
