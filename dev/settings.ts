/** What the dev stack reads from the environment. */

import { z } from 'zod';
import { freePort } from './ports.ts';
import { StackError } from './stack-error.ts';

/** The loopback ports the stack listens on. */
export type StackPorts = {
  api: number;
  postgres: number;
  temporal: number;
  temporalUi: number;
  stripe: number;
  paymongo: number;
};

/** Services of your own to use instead of starting one; null: start it. */
export type ExternalServices = {
  databaseUrl: string | null;
  temporal: { address: string; namespace: string } | null;
  stripe: { secretKey: string; webhookSecret: string } | null;
  paymongo: { secretKey: string; webhookSecret: string } | null;
};

export const NO_EXTERNAL_SERVICES: ExternalServices = {
  databaseUrl: null,
  temporal: null,
  stripe: null,
  paymongo: null,
};

/** The variable that moves each port, for the sentence about a taken one. */
export const PORT_VARIABLES = {
  api: 'PORT',
  postgres: 'HOLDFAST_PG_PORT',
  temporal: 'HOLDFAST_TEMPORAL_PORT',
  temporalUi: 'HOLDFAST_TEMPORAL_UI_PORT',
  stripe: 'HOLDFAST_STRIPE_PORT',
  paymongo: 'HOLDFAST_PAYMONGO_PORT',
} as const satisfies Record<keyof StackPorts, string>;

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);

const environmentSchema = z.object({
  PORT: port(3000),
  HOLDFAST_PG_PORT: port(54_330),
  HOLDFAST_TEMPORAL_PORT: port(7233),
  HOLDFAST_TEMPORAL_UI_PORT: port(8233),
  HOLDFAST_STRIPE_PORT: port(12_121),
  HOLDFAST_PAYMONGO_PORT: port(12_122),
  HOLDFAST_TIME_SCALE: z.coerce.number().positive().default(1),
  DATABASE_URL: z.string().startsWith('postgres').optional(),
  TEMPORAL_ADDRESS: z.string().optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().optional(),
  PAYMONGO_SECRET_KEY: z.string().optional(),
  PAYMONGO_WEBHOOK_SECRET: z.string().optional(),
});

/** What `npm start` was asked for through the environment. */
export type StackSettings = { ports: StackPorts; external: ExternalServices; timeScale: number };

/** Reads and checks the environment; an empty variable counts as unset. Fails with StackError. */
export function readSettings(environment: NodeJS.ProcessEnv): StackSettings {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = environmentSchema.safeParse(set);
  if (!read.success) {
    const problems = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new StackError(`The environment cannot be used (${problems.join('; ')}): see .env.example.`);
  }
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_WEBHOOK_SECRET: webhookSecret, ...rest } = read.data;
  if (secretKey !== undefined && webhookSecret === undefined) {
    throw new StackError(
      'STRIPE_SECRET_KEY is set but STRIPE_WEBHOOK_SECRET is not: set it too (stripe listen prints one), or unset both to use the simulator.',
    );
  }
  const { PAYMONGO_SECRET_KEY: paymongoKey, PAYMONGO_WEBHOOK_SECRET: paymongoSecret } = rest;
  if (paymongoKey !== undefined && paymongoSecret === undefined) {
    throw new StackError(
      'PAYMONGO_SECRET_KEY is set but PAYMONGO_WEBHOOK_SECRET is not: set it too, or unset both to use the simulator.',
    );
  }
  const { TEMPORAL_ADDRESS: address } = rest;
  return {
    ports: {
      api: rest.PORT,
      postgres: rest.HOLDFAST_PG_PORT,
      temporal: rest.HOLDFAST_TEMPORAL_PORT,
      temporalUi: rest.HOLDFAST_TEMPORAL_UI_PORT,
      stripe: rest.HOLDFAST_STRIPE_PORT,
      paymongo: rest.HOLDFAST_PAYMONGO_PORT,
    },
    external: {
      databaseUrl: rest.DATABASE_URL ?? null,
      temporal: address === undefined ? null : { address, namespace: rest.TEMPORAL_NAMESPACE },
      stripe: accountOf(secretKey, webhookSecret),
      paymongo: accountOf(paymongoKey, paymongoSecret),
    },
    timeScale: rest.HOLDFAST_TIME_SCALE,
  };
}

function accountOf(secretKey: string | undefined, webhookSecret: string | undefined): ExternalServices['stripe'] {
  return secretKey !== undefined && webhookSecret !== undefined ? { secretKey, webhookSecret } : null;
}

/** Ports nobody uses: for a stack beside others. */
export async function ephemeralPorts(): Promise<StackPorts> {
  const [api, postgres, temporal, temporalUi, stripe, paymongo] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  return { api, postgres, temporal, temporalUi, stripe, paymongo };
}
