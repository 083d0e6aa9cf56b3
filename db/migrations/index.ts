/** Every migration in its order. History: a migration that has run anywhere is never edited, only followed. */

import { Roles } from './0001-roles.ts';
import { Identity } from './0002-identity.ts';
import { Catalogue } from './0003-catalogue.ts';
import { Orders } from './0004-orders.ts';
import { Payments } from './0005-payments.ts';
import { Messages } from './0006-messages.ts';
import { Ledger } from './0007-ledger.ts';
import { LedgerGuards } from './0008-ledger-guards.ts';
import { LedgerFunctions } from './0009-ledger-functions.ts';
import { Disputes } from './0010-disputes.ts';
import { Chargebacks } from './0011-chargebacks.ts';
import { Authenticity } from './0012-authenticity.ts';
import { Markets } from './0013-markets.ts';
import { Forecasting } from './0014-forecasting.ts';
import { Purchases } from './0015-purchases.ts';
import { Forecasters } from './0016-forecasters.ts';
import { Fraud } from './0017-fraud.ts';
import { Social } from './0018-social.ts';
import { Settling } from './0019-settling.ts';

export const MIGRATIONS = [
  { name: '0001-roles', class: Roles },
  { name: '0002-identity', class: Identity },
  { name: '0003-catalogue', class: Catalogue },
  { name: '0004-orders', class: Orders },
  { name: '0005-payments', class: Payments },
  { name: '0006-messages', class: Messages },
  { name: '0007-ledger', class: Ledger },
  { name: '0008-ledger-guards', class: LedgerGuards },
  { name: '0009-ledger-functions', class: LedgerFunctions },
  { name: '0010-disputes', class: Disputes },
  { name: '0011-chargebacks', class: Chargebacks },
  { name: '0012-authenticity', class: Authenticity },
  { name: '0013-markets', class: Markets },
  { name: '0014-forecasting', class: Forecasting },
  { name: '0015-purchases', class: Purchases },
  { name: '0016-forecasters', class: Forecasters },
  { name: '0017-fraud', class: Fraud },
  { name: '0018-social', class: Social },
  { name: '0019-settling', class: Settling },
];
