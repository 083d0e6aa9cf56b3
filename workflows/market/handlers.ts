/** The messages a market takes in: each validator refuses early, each handler only records. */

import type { UpdateDefinition } from '@temporalio/common';
import { CancellationScope, condition, setHandler } from '@temporalio/workflow';
import { type MarketCommand, marketRefusal } from '../../domain/markets/commands.ts';
import { fail } from '../shared/fail.ts';
import { Request } from '../shared/request.ts';
import { now } from './changes.ts';
import {
  cancelMarketUpdate,
  challengeUpdate,
  createUpdate,
  decideUpdate,
  type MarketStored,
  marketSnapshotQuery,
  marketTimelineQuery,
  proposeUpdate,
  reopenUpdate,
  suspendUpdate,
} from './contract.ts';
import type { CommandRequest, MarketState } from './state.ts';

/** Registers every handler; called before the first await, so that no message finds the door closed. */
export function registerHandlers(state: MarketState): void {
  setHandler(createUpdate, () => creating(state));
  const on = <Input>(
    update: UpdateDefinition<MarketStored, [Input], string>,
    toCommand: (input: Input) => MarketCommand,
  ): void => {
    const validator = (input: Input): void => validate(state, () => toCommand(input));
    setHandler(update, (input) => take(state, toCommand(input)), { validator });
  };
  on(suspendUpdate, ({ moderatorId: by, reason }) => ({ kind: 'suspend', by, reason }));
  on(reopenUpdate, ({ moderatorId: by }) => ({ kind: 'reopen', by }));
  on(cancelMarketUpdate, ({ moderatorId: by, reason }) => ({ kind: 'cancel', by, reason }));
  on(proposeUpdate, ({ moderatorId: by, ...proposal }) => ({ ...proposal, kind: 'propose', by }));
  on(challengeUpdate, ({ userId: by, reason }) => ({ kind: 'challenge', by, reason }));
  on(decideUpdate, ({ moderatorId: by, ...decision }) => ({ ...decision, kind: 'decide', by }));
  setHandler(marketSnapshotQuery, () => state.snapshot());
  setHandler(marketTimelineQuery, () => state.timeline());
}

async function creating(state: MarketState): Promise<MarketStored> {
  await CancellationScope.nonCancellable(() => condition(() => state.isCreated));
  if (state.refusal) throw fail(state.refusal.code, state.refusal.message);
  return state.answer();
}

function take(state: MarketState, command: MarketCommand): Promise<MarketStored> {
  const request: CommandRequest = new Request({ command, at: now() });
  state.inbox.push({ request, isAgain: state.hasTakenOver });
  return request.answered();
}

/** What comes before the market stands waits for it, and is judged then. */
function validate(state: MarketState, toCommand: () => MarketCommand): void {
  const command = commandIn(toCommand);
  if (state.stored === null) return;
  const refusal = marketRefusal(command, state.stored, now());
  // A change of an earlier try was taken over: the request may be the one that had made it, and its turn will tell.
  if (refusal && !state.hasTakenOver) throw fail(refusal.code, refusal.message);
}

/** The wire can carry anything. */
function commandIn(toCommand: () => MarketCommand): MarketCommand {
  let command: MarketCommand | null = null;
  try {
    command = toCommand();
  } catch {
    // No input at all: refused below.
  }
  if (command === null || !isWhole(command)) throw fail('validation_failed', 'a request says who asks, and for what');
  return command;
}

function isWhole(command: MarketCommand): boolean {
  if (typeof command.by !== 'string') return false;
  switch (command.kind) {
    case 'reopen':
      return true;
    case 'suspend':
    case 'cancel':
    case 'challenge':
      return typeof command.reason === 'string';
    case 'propose':
      return (
        typeof command.note === 'string' &&
        Array.isArray(command.evidenceUrls) &&
        command.evidenceUrls.every((url) => typeof url === 'string')
      );
    case 'decide':
      return typeof command.note === 'string';
  }
}
