/** Who may ask what of an escrow: the whole table, written down from the rules in words. */

import { describe, expect, it } from '@jest/globals';
import { ACTOR_ROLES, type ActorRole, ESCROW_STATUSES, type EscrowStatus } from '../../domain/escrow.ts';
import {
  COMMAND_ROLES,
  type EscrowCommand,
  type EscrowCommandKind,
  type EscrowStanding,
  refusalOf,
} from '../../domain/escrow-commands.ts';

const DEADLINE = '2026-03-01T12:00:00.000Z';
const LATER = '2026-03-02T12:00:00.000Z';
const OPEN: readonly EscrowStatus[] = ['held', 'processing', 'shipped', 'delivered'];
const KINDS = Object.keys(COMMAND_ROLES) as EscrowCommandKind[];

type Outcome = 'yes' | NonNullable<ReturnType<typeof refusalOf>>['code'];

const SETTLED = 'refunding refunded split'.split(' ') as EscrowStatus[];
const LEAVING = 'releasing released'.split(' ') as EscrowStatus[];

/** A row of the table: what each status answers. On its way to the seller, a hold answers everybody the same. */
function row(open: readonly [Outcome, Outcome, Outcome, Outcome], otherwise: Outcome): Record<EscrowStatus, Outcome> {
  const [held, processing, shipped, delivered] = open;
  const rest = Object.fromEntries([...SETTLED, 'disputed'].map((status) => [status, otherwise]));
  const leaving = Object.fromEntries(LEAVING.map((status) => [status, 'hold_already_releasing']));
  return { held, processing, shipped, delivered, ...rest, ...leaving } as Record<EscrowStatus, Outcome>;
}

const NO = 'illegal_transition';
/** What a party with the right to ask is told, by command and status: physical goods, clocks running. */
const RUNNING: Record<Exclude<EscrowCommandKind, 'cancel'>, Record<EscrowStatus, Outcome>> = {
  process: row(['yes', NO, NO, NO], NO),
  ship: row(['yes', 'yes', 'already_shipped', 'already_shipped'], NO),
  deliver: row([NO, NO, 'yes', NO], NO),
  confirm: row(['not_delivered_yet', 'not_delivered_yet', 'yes', 'yes'], NO),
  extend: row(['yes', 'yes', 'yes', 'yes'], NO),
  pause: row(['yes', 'yes', 'yes', 'yes'], NO),
  resume: row(['hold_not_paused', 'hold_not_paused', 'hold_not_paused', 'hold_not_paused'], 'hold_not_paused'),
  release: row(['yes', 'yes', 'yes', 'yes'], NO),
  refund: row(['yes', 'yes', 'yes', 'yes'], NO),
};

const TOO_LATE = 'order_not_cancellable';
/** Seller any time before shipping, buyer before processing, an admin as the seller. */
const CANCEL: Record<'buyer' | 'seller' | 'admin', Record<EscrowStatus, Outcome>> = {
  buyer: row(['yes', TOO_LATE, TOO_LATE, TOO_LATE], TOO_LATE),
  seller: row(['yes', 'yes', TOO_LATE, TOO_LATE], TOO_LATE),
  admin: row(['yes', 'yes', TOO_LATE, TOO_LATE], TOO_LATE),
};

const RIGHTS: Record<EscrowCommandKind, readonly ActorRole[]> = {
  process: ['seller'],
  ship: ['seller'],
  deliver: ['seller', 'admin'],
  confirm: ['buyer'],
  cancel: ['buyer', 'seller', 'admin'],
  extend: ['admin'],
  pause: ['admin'],
  resume: ['admin'],
  release: ['admin'],
  refund: ['admin'],
};

function standing(status: EscrowStatus, changes: Partial<EscrowStanding> = {}): EscrowStanding {
  const deadlineAt = OPEN.includes(status) ? DEADLINE : null;
  return {
    status,
    fulfilment: 'physical',
    paused: false,
    deadlineAt,
    buyerId: 'buyer',
    sellerId: 'seller',
    ...changes,
  };
}

/** In these tests the id of a party is the name of its role. */
function command(kind: EscrowCommandKind, role: ActorRole, changes: Partial<EscrowCommand> = {}): EscrowCommand {
  const contents = { carrier: 'DHL', trackingNumber: '1', reason: 'why not', until: LATER };
  return { kind, actor: { role, id: role }, ...contents, ...changes } as EscrowCommand;
}

const answer = (asked: EscrowCommand, escrow: EscrowStanding): Outcome => refusalOf(asked, escrow)?.code ?? 'yes';

const CASES = KINDS.flatMap((kind) =>
  ESCROW_STATUSES.flatMap((status) => ACTOR_ROLES.map((role) => ({ kind, status, role }))),
);

function expected(kind: EscrowCommandKind, status: EscrowStatus, role: ActorRole): Outcome {
  if (!RIGHTS[kind].includes(role)) return 'forbidden';
  if (kind === 'cancel') return CANCEL[role as keyof typeof CANCEL][status];
  return RUNNING[kind][status];
}

/** An admin's pause stops everybody but the admin who ends it, one way or the other. */
function expectedWhilePaused(kind: EscrowCommandKind, status: EscrowStatus, role: ActorRole): Outcome {
  const running = expected(kind, status, role);
  if (!OPEN.includes(status) || running === 'forbidden' || running === TOO_LATE) return running;
  if (kind === 'resume') return 'yes';
  return kind === 'release' || kind === 'refund' ? running : 'hold_paused';
}

describe('a command to an escrow', () => {
  it.each(CASES)('$kind by the $role while $status', ({ kind, status, role }) => {
    expect(answer(command(kind, role), standing(status))).toBe(expected(kind, status, role));
    expect(answer(command(kind, role), standing(status, { paused: true }))).toBe(
      expectedWhilePaused(kind, status, role),
    );
  });

  it.each(CASES)('$kind by the $role while $status is refused where all that is left is contested', (given) => {
    const { kind, status, role } = given;
    const contested = standing(status, { allContested: true });
    expect(answer(command(kind, role), contested)).toBe(RIGHTS[kind].includes(role) ? 'hold_disputed' : 'forbidden');
    expect(answer(command(kind, role), standing(status, { allContested: false }))).toBe(expected(kind, status, role));
  });

  it('belongs to the parties of this escrow, whoever they are elsewhere', () => {
    for (const kind of KINDS) {
      for (const role of ['buyer', 'seller'] as const) {
        const stranger = command(kind, role, { actor: { role, id: 'somebody else' } });
        for (const status of ESCROW_STATUSES) expect(answer(stranger, standing(status))).toBe('forbidden');
      }
    }
  });

  it('belongs to any admin', () => {
    const admin = command('release', 'admin', { actor: { role: 'admin', id: 'any admin' } });
    expect(answer(admin, standing('shipped'))).toBe('yes');
  });
});

describe('digital goods', () => {
  it.each(['process', 'ship', 'deliver'] as const)('have nothing to %s', (kind) => {
    for (const status of ['held', 'delivered'] as const) {
      const digital = standing(status, { fulfilment: 'digital' });
      expect(answer(command(kind, 'seller'), digital)).toBe(
        kind === 'ship' && status === 'delivered' ? 'already_shipped' : NO,
      );
    }
  });

  it('are confirmed, released and refunded like any others once they are delivered', () => {
    const digital = standing('delivered', { fulfilment: 'digital' });
    expect(answer(command('confirm', 'buyer'), digital)).toBe('yes');
    expect(answer(command('release', 'admin'), digital)).toBe('yes');
    expect(answer(command('refund', 'admin'), digital)).toBe('yes');
  });

  it('have no deadline to move before they are delivered', () => {
    const digital = standing('held', { fulfilment: 'digital', deadlineAt: null });
    expect(answer(command('extend', 'admin'), digital)).toBe(NO);
    expect(answer(command('pause', 'admin'), digital)).toBe(NO);
  });
});

describe('what a command says', () => {
  it.each(['cancel', 'extend', 'pause', 'release', 'refund'] as const)('%s needs a reason', (kind) => {
    for (const reason of ['', '   ', '\n\t']) {
      expect(answer(command(kind, 'admin', { reason }), standing('held'))).toBe('reason_required');
    }
  });

  it('resume needs a reason', () => {
    expect(answer(command('resume', 'admin', { reason: '' }), standing('held', { paused: true }))).toBe(
      'reason_required',
    );
  });

  it.each([
    { until: LATER, outcome: 'yes' },
    { until: '2026-03-01T12:00:00.001Z', outcome: 'yes' },
    { until: '2026-03-01T14:00:00+01:00', outcome: 'yes' },
    { until: DEADLINE, outcome: 'deadline_not_later' },
    { until: '2026-03-01T12:30:00+01:00', outcome: 'deadline_not_later' },
    { until: '2020-01-01T00:00:00Z', outcome: 'deadline_not_later' },
    { until: '8999-12-31T23:59:59Z', outcome: 'yes' },
    { until: '9999-12-31T23:59:59Z', outcome: 'validation_failed' },
    { until: '+275760-09-13T00:00:00.000Z', outcome: 'validation_failed' },
    { until: 'tomorrow', outcome: 'deadline_not_later' },
    { until: '', outcome: 'deadline_not_later' },
  ])('a deadline can be moved to "$until": $outcome', ({ until, outcome }) => {
    for (const status of OPEN) expect(answer(command('extend', 'admin', { until }), standing(status))).toBe(outcome);
  });

  it('is not looked at before the right to say it', () => {
    expect(answer(command('refund', 'buyer', { reason: '' }), standing('held'))).toBe('forbidden');
  });
});
