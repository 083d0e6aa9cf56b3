/** People who register over HTTP, each with a device and an address of their own unless told otherwise. */

import { readConfig } from '../../../api/config.ts';
import type { UserId } from '../../../domain/ids.ts';
import type { Answer, TestApi } from './test-api.ts';

/** For `createTestApi`: one proxy in front, so that each request may come from somewhere else. */
export const BEHIND_A_PROXY = {
  config: readConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', HOLDFAST_TRUSTED_PROXIES: '1' }),
};

/** Of everybody who registers here. */
export const PASSWORD = 'correct-horse-battery';

export type Person = {
  id: UserId;
  email: string;
  token: string;
  refreshToken: string;
  /** What their requests carry. */
  headers: Record<string, string>;
};

/** `headers` replace some of those that tell device and address. */
type From = { headers?: Record<string, string>; referralCode?: string };

export type People = {
  register(
    displayName: string,
    from?: From,
  ): Promise<{ answer: Answer; email: string; headers: Record<string, string> }>;
  /** Registers; fails when that is refused. */
  join(displayName: string, from?: From): Promise<Person>;
};

export function createPeople(api: TestApi): People {
  let count = 0;
  const register: People['register'] = async (displayName, { headers: others = {}, referralCode } = {}) => {
    count += 1;
    const headers = {
      'X-Device-Id': `device-of-person-${count}`,
      'X-Forwarded-For': `203.0.113.${count}`,
      ...others,
    };
    const email = `person${count}@example.com`;
    const body = { email, password: PASSWORD, displayName, referralCode };
    return { answer: await api.ask('POST', '/auth/register', { body, headers }), email, headers };
  };
  return {
    register,
    join: async (displayName, from) => {
      const { answer, email, headers } = await register(displayName, from);
      if (answer.status !== 201) throw new Error(`not registered: ${JSON.stringify(answer.body)}`);
      const { accessToken: token, refreshToken, user } = answer.body;
      return { id: user.id as UserId, email, token, refreshToken, headers };
    },
  };
}
