/** What looks like cheating with chips: rules as data, and whether something measured breaks one. A person decides, always. */

export const FRAUD_RULE_CODES = [
  'many_accounts_on_device',
  'both_sides_of_market',
  'burst_before_closing',
  'purchase_velocity',
  'chargeback_history',
  'unrecovered_chips',
  'self_referral',
] as const;
export type FraudRuleCode = (typeof FRAUD_RULE_CODES)[number];

/** From the weakest on. */
export const FRAUD_SEVERITIES = ['low', 'medium', 'high'] as const;
export type FraudSeverity = (typeof FRAUD_SEVERITIES)[number];

export type FraudRule = {
  code: FraudRuleCode;
  title: string;
  severity: FraudSeverity;
  /** Breaks the rule from this many on; `measures` says what is counted. */
  threshold: number;
  measures: string;
  /** One step more severe from this many on; null: never. */
  escalatesAt: number | null;
  /** Looks back this far; null: over the whole life of what is judged. */
  windowMs: number | null;
  /**
   * What accounts with one address in common weigh; null: an address says nothing here. Above `crowd` accounts it is a
   * café, an office or a phone company's gateway, and says nothing either.
   */
  byAddress: { severity: FraudSeverity; crowd: number } | null;
  /** Why it is a rule. */
  reason: string;
};

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Accounts count as new for this long. */
export const NEW_ACCOUNT_MS = 7 * DAY_MS;
/** A market that lives shortly has a shorter end: at most this part of its life, so 10 is a tenth. */
export const LAST_PART_OF_LIFE = 10;

export const FRAUD_RULES: Readonly<Record<FraudRuleCode, FraudRule>> = {
  many_accounts_on_device: {
    code: 'many_accounts_on_device',
    title: 'Many accounts on one device',
    severity: 'medium',
    threshold: 4,
    measures: 'accounts seen on the device',
    escalatesAt: 8,
    windowMs: 30 * DAY_MS,
    byAddress: null,
    reason: 'A family shares a tablet; four accounts and more are usually one person with more than one forecast each.',
  },
  both_sides_of_market: {
    code: 'both_sides_of_market',
    title: 'Both sides of a market from one device',
    severity: 'high',
    threshold: 2,
    measures: 'outcomes of one market staked on',
    escalatesAt: null,
    windowMs: null,
    byAddress: { severity: 'low', crowd: 5 },
    reason: 'Who stakes on every outcome cannot lose: it moves chips and reputation to one account of several.',
  },
  burst_before_closing: {
    code: 'burst_before_closing',
    title: 'Many new accounts on one outcome just before closing',
    severity: 'medium',
    threshold: 5,
    measures: 'accounts younger than a week that staked on the outcome',
    escalatesAt: 15,
    windowMs: 10 * MINUTE_MS,
    byAddress: null,
    reason: 'Accounts made for one market come when its end is known and nobody has time to answer.',
  },
  purchase_velocity: {
    code: 'purchase_velocity',
    title: 'Many purchases of chips in a day',
    severity: 'medium',
    threshold: 10,
    measures: 'purchases begun',
    escalatesAt: 20,
    windowMs: DAY_MS,
    byAddress: null,
    reason: 'Stolen cards are tried out in many small purchases, on one account or on several of one device.',
  },
  chargeback_history: {
    code: 'chargeback_history',
    title: 'Payments taken back by the bank',
    severity: 'high',
    threshold: 2,
    measures: 'chargebacks',
    escalatesAt: null,
    windowMs: 180 * DAY_MS,
    byAddress: null,
    reason: 'One chargeback is a mistake or a lost card; the second is how chips are had for nothing.',
  },
  unrecovered_chips: {
    code: 'unrecovered_chips',
    title: 'Chips gone whose price went back',
    severity: 'medium',
    threshold: 1,
    measures: 'chips missing',
    escalatesAt: 1_000,
    windowMs: null,
    byAddress: null,
    reason: 'The money of a purchase was returned, and its chips were no longer there to be taken back.',
  },
  self_referral: {
    code: 'self_referral',
    title: 'A referred friend who is the same person',
    severity: 'high',
    threshold: 1,
    measures: 'friends on the same device or address',
    escalatesAt: null,
    windowMs: null,
    byAddress: { severity: 'low', crowd: 5 },
    reason: 'The reward is for a friend, not for a second account.',
  },
};

/** What was measured of one account. */
export type Measured = {
  /** How many, as the rule's `measures` says. */
  measured: number;
  /** What the accounts have in common: a device (or the account itself), or only the address. */
  by: 'device' | 'address';
  /** How many accounts there are behind the device or address. */
  accounts: number;
};

/** How severely the rule is broken; null: it is not. */
export function judge(rule: FraudRule, { measured, by, accounts }: Measured): FraudSeverity | null {
  if (measured < rule.threshold) return null;
  if (by === 'address') return rule.byAddress && accounts <= rule.byAddress.crowd ? rule.byAddress.severity : null;
  return rule.escalatesAt !== null && measured >= rule.escalatesAt ? oneStepMore(rule.severity) : rule.severity;
}

function oneStepMore(severity: FraudSeverity): FraudSeverity {
  return FRAUD_SEVERITIES[FRAUD_SEVERITIES.indexOf(severity) + 1] ?? severity;
}
