/** Phases, deadlines and defaults of a dispute, the channels' rules for them, and what is sealed. */

import { describe, expect, it } from '@jest/globals';
import { nextDisputeAction, phaseDefault, phaseDurationMs } from '../../../domain/disputes/deadlines.ts';
import {
  canMoveDispute,
  DISPUTE_PHASES,
  DISPUTE_TRANSITIONS,
  isTerminalDisputePhase,
} from '../../../domain/disputes/dispute.ts';
import { type EvidenceFile, evidenceManifest } from '../../../domain/disputes/evidence.ts';
import { DAY_MS } from '../../../domain/durations.ts';
import { type Policy, PRESET_NAMES, scalePolicyDurations } from '../../../domain/policy/policy.ts';
import { PRESETS } from '../../../domain/policy/presets.ts';
import { validatePolicy } from '../../../domain/policy/validate-policy.ts';
import { buyer, day, disputeId, inPhase, opened, policy, seller } from './support.ts';

describe('the transition table of a dispute', () => {
  it('has a row for every phase, names phases only, and never stays put', () => {
    expect(Object.keys(DISPUTE_TRANSITIONS)).toEqual([...DISPUTE_PHASES]);
    for (const from of DISPUTE_PHASES) {
      const moves = DISPUTE_TRANSITIONS[from];
      expect(new Set(moves).size).toBe(moves.length);
      for (const to of DISPUTE_PHASES) expect(canMoveDispute(from, to)).toBe(moves.includes(to));
      expect(canMoveDispute(from, from)).toBe(false);
    }
  });

  it('never leads back, so a dispute ends', () => {
    for (const from of DISPUTE_PHASES) {
      for (const to of DISPUTE_TRANSITIONS[from]) {
        expect(DISPUTE_PHASES.indexOf(to)).toBeGreaterThan(DISPUTE_PHASES.indexOf(from));
      }
    }
    expect(DISPUTE_PHASES.filter(isTerminalDisputePhase)).toEqual(['resolved', 'withdrawn']);
  });

  it('reaches every phase from the first, and offers withdrawing only before a verdict', () => {
    const seen = new Set<string>(['seller_response']);
    for (const phase of DISPUTE_PHASES) if (seen.has(phase)) for (const to of DISPUTE_TRANSITIONS[phase]) seen.add(to);
    expect(seen.size).toBe(DISPUTE_PHASES.length);
    expect(DISPUTE_PHASES.filter((from) => canMoveDispute(from, 'withdrawn'))).toEqual([
      'seller_response',
      'mediation',
    ]);
  });
});

describe('every phase', () => {
  it.each(PRESET_NAMES)('has a deadline and a default in %s, until the dispute has ended', (name) => {
    const channel = PRESETS[name].policy.dispute;
    for (const phase of DISPUTE_PHASES) {
      const durationMs = phaseDurationMs(channel, phase);
      const { kind } = phaseDefault(channel, phase);
      expect([phase, durationMs === null, kind === 'none']).toEqual([
        phase,
        isTerminalDisputePhase(phase),
        isTerminalDisputePhase(phase),
      ]);
      if (durationMs !== null) expect(durationMs > 0).toBe(phase !== 'final');
    }
  });

  it('shows up front when it ends and what then happens', () => {
    expect(nextDisputeAction(opened())).toEqual({ kind: 'mediate', at: day(3) });
    expect(nextDisputeAction(inPhase.mediation())).toEqual({ kind: 'decide', outcome: 'refund', at: day(7) });
    expect(nextDisputeAction(inPhase.decided())).toEqual({ kind: 'finalise', at: day(4) });
    expect(nextDisputeAction(inPhase.review())).toEqual({ kind: 'finalise', at: day(7) });
    expect(nextDisputeAction(inPhase.final())).toEqual({ kind: 'execute', at: day(3) });
    expect(nextDisputeAction(inPhase.awaiting_replacement())).toEqual({ kind: 'refund', at: day(9) });
    expect(nextDisputeAction(inPhase.awaiting_return())).toEqual({ kind: 'release', at: day(9) });
    expect(nextDisputeAction(inPhase.return_sent())).toEqual({ kind: 'refund', at: day(17) });
    expect(nextDisputeAction(inPhase.resolved())).toEqual({ kind: 'none', at: null });
    const strict = opened({ policy: { ...policy, onSellerSilence: 'buyer' } });
    expect(nextDisputeAction(strict)).toEqual({ kind: 'decide', outcome: 'refund', at: day(3) });
  });
});

describe('the disputes of the channels', () => {
  it('have the outcomes and appeals of the design', () => {
    expect(
      PRESET_NAMES.map((name) => [name, PRESETS[name].policy.dispute.outcomes, PRESETS[name].policy.dispute.appeal]),
    ).toEqual([
      ['pi-market', ['release', 'refund'], false],
      ['multi-vendor', ['release', 'refund', 'split'], false],
      ['fliiply', ['refund', 'replacement', 'dismissal'], false],
      ['escrow-platform', ['refund', 'split', 'release'], true],
      ['pilimarket', [], false],
    ]);
  });

  it.each(PRESET_NAMES)('have the times of the design in %s', (name) => {
    expect(PRESETS[name].policy.dispute).toMatchObject({
      sellerResponseMs: 3 * DAY_MS,
      mediationMs: 7 * DAY_MS,
      appealWindowMs: 3 * DAY_MS,
      reviewMs: 5 * DAY_MS,
    });
  });

  const base = PRESETS['escrow-platform'].policy;
  const withDispute = (change: Partial<Policy['dispute']>): Policy => ({
    ...base,
    dispute: { ...base.dispute, ...change },
  });

  it.each<[string, Policy, string[]]>([
    ['an outcome twice', withDispute({ outcomes: ['refund', 'refund'] }), ['dispute.outcomes']],
    [
      'no refund to end with',
      withDispute({ outcomes: ['release'], onMediationSilence: 'release' }),
      ['dispute.outcomes'],
    ],
    ['a default it does not have', withDispute({ onMediationSilence: 'dismissal' }), ['dispute.onMediationSilence']],
    ['no time to respond', withDispute({ sellerResponseMs: 0 }), ['dispute.sellerResponseMs']],
    ['half a millisecond to review', withDispute({ reviewMs: 0.5 }), ['dispute.reviewMs']],
  ])('refuse %s', (_what, wrong, paths) => {
    expect(validatePolicy(wrong).map((problem) => problem.path)).toEqual(paths);
  });

  it('run faster than life like every clock, with the same rules', () => {
    const scaled = scalePolicyDurations(base, 86_400).dispute;
    expect(scaled).toEqual({
      outcomes: base.dispute.outcomes,
      appeal: true,
      sellerResponseMs: 5_000,
      onSellerSilence: 'mediation',
      mediationMs: 7_000,
      onMediationSilence: 'refund',
      appealWindowMs: 5_000,
      reviewMs: 5_000,
      replacementShipMs: 7_000,
      returnShipMs: 7_000,
      returnConfirmMs: 14_000,
    });
  });
});

describe('the evidence of a phase', () => {
  const files: EvidenceFile[] = [
    { sha256: 'bb', phase: 'mediation', by: seller, at: day(1) },
    { sha256: 'aa', phase: 'mediation', by: buyer, at: day(2) },
    { sha256: 'cc', phase: 'review', by: buyer, at: day(3) },
  ];
  const sealed = evidenceManifest(disputeId, 'mediation', files, 'seal-1');

  it('is the same text for the same files in any order, and names no other phase’s', () => {
    expect(evidenceManifest(disputeId, 'mediation', files.toReversed(), 'seal-1')).toBe(sealed);
    expect(sealed.split('\n')).toEqual([
      `${disputeId} mediation seal-1`,
      `aa buyer ${buyer.id} ${day(2)}`,
      `bb seller ${seller.id} ${day(1)}`,
    ]);
  });

  it('is another text where a file is added, changed or gone, or an earlier phase was sealed otherwise', () => {
    const [first, second] = files;
    if (first === undefined || second === undefined) throw new Error('two files');
    const others = [
      evidenceManifest(disputeId, 'mediation', [first], 'seal-1'),
      evidenceManifest(disputeId, 'mediation', [first, { ...second, sha256: 'ab' }], 'seal-1'),
      evidenceManifest(disputeId, 'mediation', [first, { ...second, by: seller }], 'seal-1'),
      evidenceManifest(disputeId, 'mediation', files, null),
      evidenceManifest(disputeId, 'review', files, 'seal-1'),
    ];
    expect(new Set([sealed, ...others]).size).toBe(6);
  });
});
