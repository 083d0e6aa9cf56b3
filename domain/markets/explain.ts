/** Says in words and in data where a market stands, what happens next by itself, and who can change it. */

import type { NextStep, PossibleMove } from '../timeline.ts';
import type { NextMarketAction } from './clocks.ts';
import type { MarketActor, MarketStatus } from './market.ts';

export type MarketExplanation = { next: NextStep; canChange: PossibleMove<MarketActor['role']>[] };

/** The same words in the Temporal UI, in the workflow's query and in the API. `returned`: nobody had chosen the outcome. */
export function explainMarket({
  status,
  nextAction,
  returned = false,
}: {
  status: MarketStatus;
  nextAction: NextMarketAction;
  returned?: boolean;
}): MarketExplanation {
  const text = (returned ? RETURNED[status] : undefined) ?? textOf(status, nextAction);
  return { next: { ...nextAction, text }, canChange: [...MOVES[status]] };
}

/** Who asks, in relation to one market. */
export type MarketViewer = { signedIn: boolean; moderator: boolean; forecaster: boolean; proposer: boolean };

/** What a moderator with a forecast on the market leaves to another. */
const CONFLICTING: readonly string[] = ['resolution', 'decision', 'cancel'];

/** The moves that are this viewer's own: a visitor has none, and whoever has a forecast places no other. */
export function movesOfViewer({ canChange }: MarketExplanation, viewer: MarketViewer): string[] {
  const isTheirs = ({ by, move }: PossibleMove<MarketActor['role']>): boolean => {
    if (by === 'forecaster') return move === 'forecasts' ? viewer.signedIn && !viewer.forecaster : viewer.forecaster;
    if (!viewer.moderator || (viewer.forecaster && CONFLICTING.includes(move))) return false;
    return !(viewer.proposer && move === 'decision');
  };
  return canChange.filter(isTheirs).map(({ move }) => move);
}

const RETURNED: Partial<Readonly<Record<MarketStatus, string>>> = {
  resolved: 'The outcome is final, and nobody had chosen it: every stake goes back.',
  settled: 'Nobody had chosen the outcome: every stake went back.',
};

function textOf(status: MarketStatus, { kind }: NextMarketAction): string {
  const wasAlerted = kind === 'cancel';
  switch (status) {
    case 'open':
      return 'Forecasts are placed until the market closes.';
    case 'suspended':
      return 'No forecasts for now. A moderator may open the market again before it closes.';
    case 'closed':
      if (kind === 'close') return 'The time for forecasts is over: the market is closing.';
      return wasAlerted
        ? 'Nobody has proposed an outcome, and the moderators were alerted. Without a proposal by then, every stake goes back.'
        : 'A moderator proposes the outcome, with evidence. Without a proposal by then, the moderators are alerted.';
    case 'proposed':
      return 'An outcome is proposed. Unless a forecaster challenges it by then, it is final.';
    case 'challenged':
      return wasAlerted
        ? 'The challenge is not decided, and the moderators were alerted. Without a decision by then, every stake goes back.'
        : 'Another moderator decides about the challenge. Without a decision by then, the moderators are alerted.';
    case 'resolved':
      return 'The outcome is final. The pool is being paid out.';
    case 'settled':
      return 'The pool was paid out.';
    case 'cancelled':
      return kind === 'none' ? 'The market was cancelled; every stake went back.' : 'Cancelled: every stake goes back.';
  }
}

type Moves = readonly PossibleMove<MarketActor['role']>[];
const CANCEL = { by: 'moderator', move: 'cancel' } as const;

const MOVES: Readonly<Record<MarketStatus, Moves>> = {
  open: [{ by: 'forecaster', move: 'forecasts' }, { by: 'moderator', move: 'suspend' }, CANCEL],
  suspended: [{ by: 'moderator', move: 'reopen' }, CANCEL],
  closed: [{ by: 'moderator', move: 'resolution' }, CANCEL],
  proposed: [{ by: 'forecaster', move: 'challenge' }, CANCEL],
  challenged: [{ by: 'moderator', move: 'decision' }, CANCEL],
  resolved: [],
  settled: [],
  cancelled: [],
};
