/** What each command adds to the timeline and to the goods' way from hand to hand. */

import type { FactType } from '../facts.ts';
import type { CustodyStep } from './case.ts';
import type { AuthenticityCommand } from './commands.ts';

/** One step of the goods, as somebody with them in their hands reports it; the seller's sending begins the case. */
export type Scan = {
  step: Exclude<CustodyStep, 'sent'>;
  location: string | null;
  note: string | null;
  carrier: string | null;
  trackingNumber: string | null;
};

export type Told = { event: Extract<FactType, `authenticity.${string}`>; reason: string | null; scan: Scan | null };

export function toldOf(command: AuthenticityCommand): Told {
  switch (command.kind) {
    case 'assign':
      return { event: 'authenticity.assigned', reason: null, scan: null };
    case 'receive': {
      const { location, note } = command;
      return { event: 'authenticity.received', reason: null, scan: scan('received', { location, note }) };
    }
    case 'inspect': {
      const { finding, note } = command;
      return { event: `authenticity.${finding}`, reason: note, scan: scan('inspected', { note }) };
    }
    case 'choose':
      return { event: CHOSEN[command.choice], reason: null, scan: null };
    case 'forward': {
      const { carrier, trackingNumber } = command;
      return { event: 'authenticity.forwarded', reason: null, scan: scan('forwarded', { carrier, trackingNumber }) };
    }
  }
}

const CHOSEN = {
  accept: 'authenticity.accepted',
  lower_price: 'authenticity.price_lowered',
  refund: 'authenticity.declined',
} as const;

function scan(step: Scan['step'], what: Partial<Scan>): Scan {
  return { location: null, note: null, carrier: null, trackingNumber: null, ...what, step };
}
