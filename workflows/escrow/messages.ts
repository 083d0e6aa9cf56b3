/** What waits in an escrow's inbox. */

import type { EscrowCommand } from '../../domain/escrow-commands.ts';
import type { Request } from '../shared/request.ts';
import type { CarrierReported, DigitalAccessed, EscrowSnapshot } from './contract.ts';

export type EscrowMessage =
  | { kind: 'command'; request: Request<EscrowCommand, EscrowSnapshot> }
  | { kind: 'carrier'; fact: CarrierReported }
  | { kind: 'access'; fact: DigitalAccessed };
