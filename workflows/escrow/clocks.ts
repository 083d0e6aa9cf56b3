/** The escrow's clocks: what it does by itself (cancel, count as delivered, release), and the capture before expiry. */

import { condition } from '@temporalio/workflow';
import type { Actor } from '../../domain/escrow.ts';
import { Deadline } from '../shared/deadline.ts';
import { capture, markDelivered, refund, release } from './changes.ts';
import { shouldContinueInNewRun } from './continuing.ts';
import type { EscrowState } from './state.ts';
import { hasGoodsToMove } from './verifying.ts';

const CLOCK: Actor = { role: 'system', id: 'escrow clock' };

export class Clocks {
  private readonly escrow: EscrowState;
  private readonly nextAction = new Deadline();
  /** Runs while paused too: a card authorisation does not wait for an admin. */
  private readonly capture = new Deadline();

  constructor(escrow: EscrowState) {
    this.escrow = escrow;
  }

  async untilSomethingHappens(): Promise<void> {
    const { escrow } = this;
    const { kind, at } = escrow.nextAction;
    this.nextAction.arm(epochMs(at), kind);
    this.capture.arm(escrow.captured ? null : epochMs(escrow.captureAt), 'capture before the authorisation lapses');
    await condition(
      () =>
        escrow.inbox.length > 0 ||
        escrow.hasPartsToMove ||
        hasGoodsToMove(escrow) ||
        this.nextAction.passed ||
        this.capture.passed ||
        shouldContinueInNewRun(escrow),
    );
  }

  /** Does what the passed deadline asks for; nothing if none has passed. */
  async act(): Promise<void> {
    const { escrow } = this;
    if (this.capture.passed && !escrow.captured) {
      await this.captureOrGiveBack();
    } else if (this.nextAction.passed) {
      await this.takeNextAction();
    }
  }

  private async captureOrGiveBack(): Promise<void> {
    const reason = 'the card authorisation was about to lapse';
    if (await capture(this.escrow, { actor: CLOCK, reason })) return;
    await refund(this.escrow, { actor: CLOCK, reason: 'the card authorisation had lapsed' });
  }

  private async takeNextAction(): Promise<void> {
    const { escrow } = this;
    switch (escrow.nextAction.kind) {
      case 'cancel_and_refund':
        await refund(escrow, { actor: CLOCK, reason: 'not shipped in time' });
        break;
      case 'mark_delivered':
        await markDelivered(escrow, { actor: CLOCK, reason: 'no news from the carrier' });
        break;
      case 'release':
        await release(escrow, { actor: CLOCK, reason: 'the buyer did not object in time' });
        break;
      case 'none':
        break;
    }
  }
}

function epochMs(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}
