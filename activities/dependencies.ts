/** What activities need from outside; tests bring their own. */

import type { MikroORM } from '@mikro-orm/postgresql';
import type { PaymentProviders } from '../providers/payments/create-providers.ts';

export type ActivityDependencies = {
  orm: MikroORM;
  providers: PaymentProviders;
  /** Every duration of a policy is divided by this when an order is placed (1 in life). */
  timeScale: number;
};
