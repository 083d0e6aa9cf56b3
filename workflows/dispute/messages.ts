/** What waits in a dispute's inbox. */

import type { DisputeCase } from '../../domain/disputes/dispute.ts';
import type { Request } from '../shared/request.ts';
import type { BankClosed, BankOpened, RunningDisputeCommand } from './contract.ts';

/** `at`: when it was accepted. Its deadline is judged by that, however long the work before it takes. */
export type CommandRequest = Request<{ command: RunningDisputeCommand; at: string }, DisputeCase>;

export type DisputeMessage =
  /** `isAgain`: Postgres turned out to hold a change that was not in the story; it may be this request's. */
  | { kind: 'command'; request: CommandRequest; isAgain?: true }
  | { kind: 'bankOpened'; fact: BankOpened }
  | { kind: 'bankClosed'; fact: BankClosed };
