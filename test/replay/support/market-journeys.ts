/** The journeys of markets: resolved, challenged, cancelled, left alone. */

import { refusal } from '../../workflows/support/fake-world.ts';
import { refusalCode } from '../../workflows/support/history.ts';
import { commandsOf, type MarketEnvironment, MODERATORS, type RunningMarket } from '../../workflows/support/markets.ts';
import { fromNow, NEVER_MS } from '../../workflows/support/policies.ts';
import { type Recorded, recorded } from './journey.ts';

export type MarketJourney = (environment: MarketEnvironment) => Promise<Recorded[]>;

const SOON_MS = 500;

async function closed(
  environment: MarketEnvironment,
  policy: Parameters<MarketEnvironment['market']>[0] = {},
): Promise<RunningMarket> {
  const market = await environment.market(policy, { closesAt: fromNow(SOON_MS) });
  await market.records.until(({ stored }) => stored?.status === 'closed');
  return market;
}

export const MARKETS: readonly MarketJourney[] = [
  async (environment) => {
    const market = await closed(environment, { challengeWindowMs: SOON_MS });
    await market.say(commandsOf(market).propose);
    return [await recorded('market-resolved-as-proposed', market.handle)];
  },
  async (environment) => {
    const market = await closed(environment, { challengeWindowMs: 0 });
    await market.say(commandsOf(market).propose);
    return [await recorded('market-resolved-at-once', market.handle)];
  },
  async (environment) => {
    const market = await closed(environment, { resolveByMs: SOON_MS, decideWithinMs: SOON_MS });
    const { propose, challenge, decide } = commandsOf(market);
    await market.records.until(({ stored }) => stored?.nextAction.kind === 'cancel');
    await Promise.all(MODERATORS.map((by) => refusalCode(market.say({ ...propose, by }))));
    await market.say(challenge);
    await market.records.until(({ stored }) => stored?.nextAction.kind === 'cancel');
    await Promise.all(MODERATORS.map((by) => refusalCode(market.say({ ...decide, by }))));
    return [await recorded('market-alerted-challenged-decided', market.handle)];
  },
  async (environment) => {
    const market = await environment.market();
    const { suspend, reopen, cancel } = commandsOf(market);
    for (const command of [suspend, reopen, suspend, cancel]) await market.say(command);
    return [await recorded('market-suspended-reopened-cancelled', market.handle)];
  },
  async (environment) => {
    const market = await closed(environment, { resolveByMs: SOON_MS, cancelAfterAlertMs: SOON_MS });
    return [await recorded('market-never-proposed', market.handle)];
  },
  async (environment) => {
    const market = await closed(environment, { decideWithinMs: SOON_MS, cancelAfterAlertMs: SOON_MS });
    const { propose, challenge } = commandsOf(market);
    await market.say(propose);
    await market.say(challenge);
    return [await recorded('market-never-decided', market.handle)];
  },
  async (environment) => {
    const market = await environment.market({}, {}, (records) => {
      records.refuseCreation = refusal('markets_not_offered');
    });
    return [await recorded('market-rejected', market.handle)];
  },
  async (environment) => {
    const market = await closed(environment);
    const { propose, cancel } = commandsOf(market);
    const proposal = { ...propose, proposedBy: MODERATORS[1], proposedAt: fromNow(0) };
    const nextAction = { kind: 'resolve_as_proposed', at: fromNow(NEVER_MS) } as const;
    market.records.store({ version: 3, to: 'proposed', nextAction, proposal });
    await refusalCode(market.say(propose));
    await market.say({ ...propose, by: MODERATORS[1] });
    await market.say(cancel);
    return [await recorded('market-took-over-another-change', market.handle)];
  },
];
