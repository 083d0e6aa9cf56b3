/** The journeys of orders, in the order they are told; those that wait for a clock come last. */

import type { Journey } from '../journey.ts';
import { CANCELLED } from './cancelled.ts';
import { CAPTURE_ON_RELEASE } from './capture-on-release.ts';
import { DECLINED } from './declined.ts';
import { DIGITAL } from './digital.ts';
import { FLIIPLY } from './fliiply.ts';
import { NEVER_SHIPPED } from './never-shipped.ts';
import { OVERSELL } from './oversell.ts';
import { SILENT_BUYER } from './silent-buyer.ts';
import { TWO_VENDORS } from './two-vendors.ts';
import { WEBHOOK_FIVE_TIMES } from './webhook-five-times.ts';

export const ORDER_JOURNEYS: readonly Journey[] = [
  OVERSELL,
  TWO_VENDORS,
  DECLINED,
  CANCELLED,
  WEBHOOK_FIVE_TIMES,
  CAPTURE_ON_RELEASE,
  DIGITAL,
  FLIIPLY,
  NEVER_SHIPPED,
  SILENT_BUYER,
];
