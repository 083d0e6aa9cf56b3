/** What waits in an escrow's inbox. */

import type { DisputeCase } from '../../domain/disputes/dispute.ts';
import type { EscrowCommand } from '../../domain/escrow-commands.ts';
import type { Request } from '../shared/request.ts';
import type {
  AuthenticityDecided,
  CarrierReported,
  DigitalAccessed,
  DisputeResolved,
  EscrowChargebackClosed,
  EscrowChargebackOpened,
  EscrowSnapshot,
  OpenDisputeInput,
} from './contract.ts';

/** `at`: when the request was accepted. The time to object is judged by that, however long the work before it takes. */
export type OpeningRequest = Request<OpenDisputeInput & { at: string }, DisputeCase>;

export type CommandRequest = Request<EscrowCommand, EscrowSnapshot>;

export type EscrowMessage =
  /** `isAgain`: Postgres turned out to hold a change that was not in the story; it may be this request's. */
  | { kind: 'command'; request: CommandRequest; isAgain?: true }
  | { kind: 'openDispute'; request: OpeningRequest }
  | { kind: 'carrier'; fact: CarrierReported }
  | { kind: 'access'; fact: DigitalAccessed }
  | { kind: 'authenticity'; fact: AuthenticityDecided }
  | { kind: 'resolved'; fact: DisputeResolved }
  | { kind: 'bankOpened'; fact: EscrowChargebackOpened }
  | { kind: 'bankClosed'; fact: EscrowChargebackClosed };
