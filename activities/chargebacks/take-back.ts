/** Books one claim on released money: the reversed payout, then the seller's wallet, and the rest as owed. */

import { LockMode } from '@mikro-orm/postgresql';
import { Chargeback } from '../../db/entities/chargeback.entity.ts';
import { ClawBack } from '../../db/entities/claw-back.entity.ts';
import { balanceOf } from '../../db/ledger/balances.ts';
import { postJournals } from '../../db/ledger/post.ts';
import { lockOwedBy } from '../../db/ledger/receivables.ts';
import type { EntityManager } from '../../db/orm.ts';
import { walletAccount } from '../../domain/accounts.ts';
import { type ClawBackStep, planClawBack } from '../../domain/disputes/claw-back.ts';
import type { FactType } from '../../domain/facts.ts';
import type { EscrowId } from '../../domain/ids.ts';
import { sumMinor } from '../../domain/money.ts';
import { clawedBack, transferReversed } from '../../domain/postings.ts';
import { tell } from '../records/tell.ts';
import type { ChargebackStep, TakenBack } from './chargeback-records.ts';
import { reversalsDone } from './reversals.ts';

const LADDER = { role: 'system', id: 'claw-back' } as const;

const FACT_OF: Readonly<Record<ClawBackStep['kind'], FactType>> = {
  reverse_transfer: 'claw_back.reversed',
  wallet: 'claw_back.taken',
  receivable: 'claw_back.owed',
};

/**
 * One transaction: the reversals fill the wallet and the claim empties it, so nobody sees the money in between. A wallet
 * that was spent from meanwhile is refused by the ledger; the next try looks again.
 */
export async function takeBack(
  em: EntityManager,
  { chargebackId, escrowId, at }: ChargebackStep & { escrowId: EscrowId },
): Promise<TakenBack> {
  const mine = { chargebackId, escrowId };
  const claim = await em.findOneOrFail(ClawBack, mine, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (claim.takenAt) return takenOf(claim);
  const { provider } = await em.findOneOrFail(Chargeback, { id: chargebackId });
  const { orderId, sellerId, currency, amountMinor } = claim;
  await lockOwedBy(em, sellerId, currency);
  const reversals = await reversalsDone(em, claim);
  const reversedMinor = sumMinor(reversals.map((reversal) => reversal.amountMinor));
  const walletMinor = await balanceOf(em, walletAccount(sellerId), currency);
  const plan = planClawBack({ amountMinor, reversibleMinor: reversedMinor, walletMinor });
  const from = (kind: ClawBackStep['kind']): number => plan.find((step) => step.kind === kind)?.amountMinor ?? 0;
  const taken = { reversedMinor, walletMinor: from('wallet'), owedMinor: from('receivable') };
  const common = { escrowId, orderId, sellerId, provider, currency };
  await postJournals(em, [
    ...reversals.map(({ reversalId, amountMinor: backMinor }) =>
      transferReversed({ ...common, amountMinor: backMinor, reference: reversalId }),
    ),
    clawedBack({
      ...common,
      amountMinor,
      reference: chargebackId,
      walletBalanceMinor: reversedMinor + taken.walletMinor,
    }),
  ]);
  const takenAt = new Date(at);
  await em.nativeUpdate(ClawBack, mine, { ...taken, takenAt, updatedAt: new Date() });
  const facts = plan.map((step) => ({
    type: FACT_OF[step.kind],
    orderId,
    escrowId,
    subjectId: chargebackId,
    actor: LADDER,
    at: takenAt,
    data: { chargebackId, amountMinor: step.amountMinor },
  }));
  await tell(em, facts);
  return taken;
}

function takenOf({ reversedMinor, walletMinor, owedMinor }: ClawBack): TakenBack {
  return { reversedMinor, walletMinor, owedMinor };
}
