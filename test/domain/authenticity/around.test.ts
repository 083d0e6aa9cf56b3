/** What the verifier leg touches around it: the policy that offers it, and the hold that waits for it. */

import { describe, expect, it } from '@jest/globals';
import { toldOf } from '../../../domain/authenticity/told.ts';
import { DAY_MS } from '../../../domain/durations.ts';
import { type EscrowCommand, refusalOf } from '../../../domain/escrow-commands.ts';
import { explainEscrow } from '../../../domain/explain.ts';
import { isFactType } from '../../../domain/facts.ts';
import { type Policy, PRESET_NAMES, scalePolicyDurations } from '../../../domain/policy/policy.ts';
import { PRESETS } from '../../../domain/policy/presets.ts';
import { validatePolicy } from '../../../domain/policy/validate-policy.ts';
import { admin, buyer, choose, commandOf, inspect, seller, policy as times } from './support.ts';

const fliiply = PRESETS.fliiply.policy;
const withTimes = (changes: object): Policy => ({ ...fliiply, authenticity: { ...times, ...changes } });

describe('the policy', () => {
  it('offers verifiers for collectors’ cards and nowhere else', () => {
    expect(PRESET_NAMES.filter((name) => PRESETS[name].policy.authenticity)).toEqual(['fliiply']);
    expect(times).toEqual({
      assignWithinMs: 3 * DAY_MS,
      inspectWithinMs: 7 * DAY_MS,
      forwardWithinMs: 3 * DAY_MS,
      choiceWithinMs: 3 * DAY_MS,
    });
  });

  it.each(['assignWithinMs', 'inspectWithinMs', 'forwardWithinMs', 'choiceWithinMs'] as const)('needs %s', (name) => {
    for (const durationMs of [0, -1, 1.5]) {
      const paths = validatePolicy(withTimes({ [name]: durationMs })).map(({ path }) => path);
      expect(paths).toEqual([`authenticity.${name}`]);
    }
  });

  it('is sound without verifiers, and in snapshots that knew of none', () => {
    const { authenticity: _none, ...older } = fliiply;
    expect([validatePolicy({ ...fliiply, authenticity: null }), validatePolicy(older)]).toEqual([[], []]);
    expect(scalePolicyDurations(older, 2)).not.toHaveProperty('authenticity');
    expect(scalePolicyDurations({ ...fliiply, authenticity: null }, 2).authenticity).toBeNull();
  });

  it('runs faster where a day is a second, but never below the floor', () => {
    expect(scalePolicyDurations(fliiply, 86_400, 4_000).authenticity).toEqual({
      assignWithinMs: 4_000,
      inspectWithinMs: 7_000,
      forwardWithinMs: 4_000,
      choiceWithinMs: 4_000,
    });
  });
});

describe('the hold while goods are verified', () => {
  const standing = (verifying: boolean) => ({
    status: 'shipped' as const,
    fulfilment: 'physical' as const,
    paused: false,
    deadlineAt: null,
    verifying,
    buyerId: buyer.id,
    sellerId: seller.id,
  });
  const codes = (command: EscrowCommand) =>
    [true, false].map((verifying) => refusalOf(command, standing(verifying))?.code ?? null);

  it('is not confirmed or delivered; an admin may still decide about it', () => {
    expect(codes({ kind: 'confirm', actor: buyer })).toEqual(['not_delivered_yet', null]);
    expect(codes({ kind: 'deliver', actor: seller })).toEqual(['illegal_transition', null]);
    expect(codes({ kind: 'deliver', actor: admin })).toEqual(['illegal_transition', null]);
    for (const kind of ['release', 'refund'] as const) {
      expect(codes({ kind, actor: admin, reason: 'Agreed.' })).toEqual([null, null]);
    }
  });

  it('says that it waits for a verifier', () => {
    const facts = {
      status: 'shipped',
      fulfilment: 'physical',
      paused: false,
      nextAction: { kind: 'none', at: null },
      verifying: true,
    } as const;
    const { next, canChange } = explainEscrow(facts);
    expect(next).toMatchObject({ kind: 'none', at: null, text: expect.stringContaining('verifier') });
    expect(canChange).toEqual([
      { by: 'admin', move: 'release' },
      { by: 'admin', move: 'refund' },
    ]);
  });
});

describe('what is told of a command', () => {
  it('is a known fact, with a scan wherever the goods are handled', () => {
    const commands = [
      ...Object.values(commandOf),
      inspect('failed'),
      inspect('mismatch'),
      choose('lower_price'),
      choose('refund'),
    ];
    for (const command of commands) {
      const { event, scan, reason } = toldOf(command);
      expect(isFactType(event)).toBe(true);
      expect(scan !== null).toBe(['receive', 'inspect', 'forward'].includes(command.kind));
      expect(reason).toBe(command.kind === 'inspect' ? command.note : null);
    }
  });
});
