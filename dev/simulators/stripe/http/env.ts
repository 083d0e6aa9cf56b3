/** What travels with a request through the simulator's middleware. */

import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { FaultRule } from '../../shared/fault-rules.ts';
import type { Params } from './params.ts';

export type SimulatorEnv = {
  Bindings: HttpBindings;
  Variables: {
    requestId: string;
    params: Params;
    /** Whether a secret key came along; without one only a buyer's calls with a client secret pass. */
    hasSecretKey: boolean;
    replayed: boolean;
    lateFault: FaultRule | null;
  };
};

export type SimulatorContext = Context<SimulatorEnv>;
