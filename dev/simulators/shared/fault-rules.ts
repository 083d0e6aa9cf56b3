/** Which requests to a simulator fail, and when. */

export const FAULT_ACTIONS = ['error', 'reset', 'rate_limit', 'lock_timeout', 'wait'] as const;

export type FaultRule = {
  /** Only requests with this method and with this text in their path; all when absent. */
  method?: string;
  path?: string;
  /** How many requests it meets, 1 by default. The stripe package repeats once after a reset. */
  times?: number;
  /**
   * `before`: nothing has happened. `after`: the effect is there; where the provider keeps answers under a key, a 500 is
   * then what the key answers for a day.
   */
  when: 'before' | 'after';
  action: (typeof FAULT_ACTIONS)[number];
  /** For `wait`. */
  waitMs?: number;
  /** Runs at that moment, in tests within the process: for instance to kill a worker. */
  hook?: () => void | Promise<void>;
};

export type Faults = {
  add: (rule: FaultRule) => void;
  clear: () => void;
  /** The first rule that meets this request, counted as used. */
  take: (method: string, path: string) => FaultRule | null;
};

export function createFaults(): Faults {
  let rules: FaultRule[] = [];
  return {
    add(rule) {
      rules.push(rule);
    },
    clear() {
      rules = [];
    },
    take(method, path) {
      const rule = rules.find((candidate) => matches(candidate, method, path));
      if (!rule) return null;
      const left = (rule.times ?? 1) - 1;
      rules = rules.flatMap((other) => (other === rule ? (left > 0 ? [{ ...rule, times: left }] : []) : [other]));
      return rule;
    },
  };
}

/** What happens at the moment of the fault, before its answer. */
export async function runFault({ hook, action, waitMs = 0 }: FaultRule): Promise<void> {
  await hook?.();
  if (action === 'wait') await new Promise((resolve) => setTimeout(resolve, waitMs));
}

function matches(rule: FaultRule, method: string, path: string): boolean {
  return (rule.method ?? method).toUpperCase() === method && path.includes(rule.path ?? '');
}
