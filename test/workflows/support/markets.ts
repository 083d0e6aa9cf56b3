/** Real market workflows on a real server, with their records in memory: numbered changes, as Postgres keeps them. */

import { EventEmitter, once } from 'node:events';
import type { WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type {
  ChangeMarketInput,
  MarketBulkActivities,
  MarketRecords,
  StoredMarket,
} from '../../../activities/records/markets/market-records.ts';
import { newId } from '../../../db/new-id.ts';
import type { MarketId, OutcomeId, UserId } from '../../../domain/ids.ts';
import type { MarketClocks } from '../../../domain/markets/clocks.ts';
import type { MarketCommand } from '../../../domain/markets/commands.ts';
import {
  cancelMarketUpdate,
  challengeUpdate,
  createUpdate,
  decideUpdate,
  MARKET_WORKFLOW_TYPE,
  type MarketInput,
  type MarketResult,
  type MarketStored,
  marketWorkflowId,
  proposeUpdate,
  reopenUpdate,
  suspendUpdate,
} from '../../../workflows/market/contract.ts';
import { TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { connectTemporal, testBundle } from '../../support/temporal.ts';
import type { TestServer } from './environment.ts';
import { refusal } from './fake-world.ts';
import { fromNow, NEVER_MS } from './policies.ts';

export const MODERATORS = [newId('user'), newId('user')] as const;
export const FORECASTER = newId('user');
const STRANGERS = new Set<UserId>();
/** Has no forecast. */
export const STRANGER = newId('user');
STRANGERS.add(STRANGER);

/** What the records of one market hold. */
export class FakeMarket {
  readonly policy: MarketClocks;
  stored: StoredMarket | null = null;
  /** The changes that were stored, in order. */
  readonly facts: { fact: string; at: string; by: string }[] = [];
  refuseCreation: Error | null = null;
  settlings = 0;
  readonly failures: Error[] = [];
  /** Moderators with a forecast on it. */
  readonly conflicted = new Set<UserId>();
  /** The next change waits until this resolves. */
  gate: Promise<void> | null = null;
  private readonly made = new Map<number, string>();
  private readonly news = new EventEmitter();

  constructor(policy: Partial<MarketClocks>) {
    const never = { challengeWindowMs: NEVER_MS, resolveByMs: NEVER_MS, decideWithinMs: NEVER_MS };
    this.policy = { ...never, cancelAfterAlertMs: NEVER_MS, ...policy };
  }

  create({ closesAt, outcomes }: MarketInput): StoredMarket {
    if (this.refuseCreation) throw this.refuseCreation;
    this.stored ??= {
      applied: true,
      version: 1,
      status: 'open',
      closesAt,
      policy: this.policy,
      outcomeIds: outcomes.map((): OutcomeId => newId('outcome')),
      proposal: null,
      challenge: null,
      resolution: null,
      nextAction: { kind: 'close', at: closesAt },
    };
    return this.stored;
  }

  async change(change: ChangeMarketInput): Promise<StoredMarket> {
    await this.gate;
    const before = this.stored;
    if (!before) throw new Error('the market is not created yet');
    const made = `${change.fact} by ${change.actor.id} ${change.reason}`;
    if (before.version >= change.version) return { ...before, applied: this.made.get(change.version) === made };
    if (change.challenge && STRANGERS.has(change.challenge.challengedBy)) throw refusal('not_a_forecaster');
    if (change.actor.role === 'moderator' && this.conflicted.has(change.actor.id as UserId)) {
      throw refusal('resolver_conflict');
    }
    this.made.set(change.version, made);
    this.facts.push({ fact: change.fact, at: change.at, by: change.actor.id });
    this.store(change);
    return this.stored ?? before;
  }

  /** A change, or one behind the back of a running workflow: another worker had committed it. */
  store(change: Partial<ChangeMarketInput> & Pick<ChangeMarketInput, 'version' | 'to' | 'nextAction'>): void {
    if (!this.stored) throw new Error('the market is not created yet');
    const { version, to: status, nextAction, proposal, challenge, resolution } = change;
    this.stored = {
      ...this.stored,
      version,
      status,
      nextAction,
      ...(proposal && { proposal }),
      ...(challenge && { challenge: { ...challenge, forecastId: 'fct_1' } }),
      ...(resolution && { resolution }),
    };
    this.news.emit('change');
  }

  async until(described: (market: this) => boolean): Promise<void> {
    const signal = AbortSignal.timeout(20_000);
    while (!described(this)) await once(this.news, 'change', { signal });
  }

  settle(): { kind: 'paid' | 'returned'; forecasts: number; batches: number } {
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.settlings += 1;
    return { kind: this.stored?.status === 'cancelled' ? 'returned' : 'paid', forecasts: 3, batches: 1 };
  }
}

export type RunningMarket = {
  input: MarketInput;
  records: FakeMarket;
  handle: WorkflowHandle<(input: MarketInput) => Promise<MarketResult>>;
  outcomeId(position?: number): OutcomeId;
  say(command: MarketCommand): Promise<MarketStored>;
};

export type MarketEnvironment = {
  /** A market that was just created; it closes in an hour unless told otherwise. */
  market(
    policy?: Partial<MarketClocks>,
    changes?: Partial<MarketInput>,
    prepare?: (records: FakeMarket) => void,
  ): Promise<RunningMarket>;
  close(): Promise<void>;
};

/** Starts the bulk worker. Call it in beforeAll and `close` in afterAll. */
export async function startMarkets(given?: TestServer): Promise<MarketEnvironment> {
  const server = given ?? (await connectTemporal());
  const { client, nativeConnection: connection, namespace } = server;
  const markets = new Map<MarketId, FakeMarket>();
  const of = ({ marketId }: { marketId: MarketId }): FakeMarket => {
    const market = markets.get(marketId);
    if (!market) throw new Error(`nobody has made ${marketId}`);
    return market;
  };
  const activities: MarketRecords & MarketBulkActivities = {
    createMarket: async (input) => of(input).create(input),
    changeMarket: (change) => of(change).change(change),
    settleMarket: async (input) => of(input).settle(),
  };
  const common = { connection, namespace, activities, identity: 'test markets' };
  const worker = await Worker.create({ ...common, taskQueue: TASK_QUEUES.bulk, workflowBundle: testBundle() });
  const running = worker.run();
  return {
    async market(policy = {}, changes = {}, prepare = () => {}) {
      const input = inputOf(changes);
      const records = new FakeMarket(policy);
      prepare(records);
      markets.set(input.marketId, records);
      const handle = await client.workflow.start<(market: MarketInput) => Promise<MarketResult>>(MARKET_WORKFLOW_TYPE, {
        workflowId: marketWorkflowId(input.marketId),
        taskQueue: TASK_QUEUES.bulk,
        args: [input],
      });
      if (!records.refuseCreation) await handle.executeUpdate(createUpdate);
      return {
        input,
        records,
        handle,
        outcomeId: (n = 0) => outcomeOf(records, n),
        say: (command) => say(handle, command),
      };
    },
    async close() {
      worker.shutdown();
      await running;
      if (!given) await server.close();
    },
  };
}

function inputOf(changes: Partial<MarketInput>): MarketInput {
  return {
    marketId: newId('market'),
    createdBy: MODERATORS[0],
    channel: 'pilimarket',
    title: 'Will it rain?',
    description: '',
    category: 'other',
    metadata: {},
    outcomes: ['Yes', 'No'],
    closesAt: fromNow(NEVER_MS),
    maxPointsPerUser: null,
    overrides: {},
    requestHash: 'hash',
    requestId: 'req_1',
    ...changes,
  };
}

function outcomeOf({ stored }: FakeMarket, position: number): OutcomeId {
  const outcomeId = stored?.outcomeIds[position];
  if (!outcomeId) throw new Error('no such outcome');
  return outcomeId;
}

function say(handle: RunningMarket['handle'], command: MarketCommand): Promise<MarketStored> {
  switch (command.kind) {
    case 'suspend':
      return handle.executeUpdate(suspendUpdate, { args: [{ moderatorId: command.by, reason: command.reason }] });
    case 'reopen':
      return handle.executeUpdate(reopenUpdate, { args: [{ moderatorId: command.by }] });
    case 'cancel':
      return handle.executeUpdate(cancelMarketUpdate, { args: [{ moderatorId: command.by, reason: command.reason }] });
    case 'challenge':
      return handle.executeUpdate(challengeUpdate, { args: [{ userId: command.by, reason: command.reason }] });
    case 'propose': {
      const { by: moderatorId, outcomeId, evidenceUrls, note } = command;
      return handle.executeUpdate(proposeUpdate, { args: [{ moderatorId, outcomeId, evidenceUrls, note }] });
    }
    case 'decide': {
      const { by: moderatorId, outcomeId, note } = command;
      return handle.executeUpdate(decideUpdate, { args: [{ moderatorId, outcomeId, note }] });
    }
  }
}

/** What each of them would ask of this market. */
export function commandsOf(market: Pick<RunningMarket, 'outcomeId'>) {
  const [one, other] = MODERATORS;
  const outcomeId = market.outcomeId();
  return {
    suspend: { kind: 'suspend', by: one, reason: 'the question is unclear' },
    reopen: { kind: 'reopen', by: one },
    cancel: { kind: 'cancel', by: one, reason: 'the match was called off' },
    propose: { kind: 'propose', by: one, outcomeId, evidenceUrls: ['https://pagasa.test/friday'], note: 'It rained.' },
    challenge: { kind: 'challenge', by: FORECASTER, reason: 'The gauge was broken.' },
    decide: { kind: 'decide', by: other, outcomeId: market.outcomeId(1), note: 'It was.' },
  } as const satisfies Record<MarketCommand['kind'], MarketCommand>;
}
