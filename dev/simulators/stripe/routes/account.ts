/** /v1/accounts, /v1/balance, /v1/events */

import type { Hono } from 'hono';
import { z } from 'zod';
import { requireAccount } from '../engine/accounts.ts';
import { balancesOf } from '../engine/balances.ts';
import type { SimulatorEnv } from '../http/env.ts';
import { expanded, listPage } from '../http/lists.ts';
import { list, listing, parseParams, text } from '../http/params.ts';
import { PLATFORM } from '../objects.ts';
import type { Simulation } from '../simulation.ts';
import { noSuch } from '../stripe-fault.ts';

const eventListing = z.strictObject({ ...listing, type: text.optional(), types: list.optional() });

export function accountRoutes(app: Hono<SimulatorEnv>, simulation: Simulation): void {
  const { store, clock, settings } = simulation;
  const listableEvents = () => {
    const since = (clock.now() - settings.eventLifeMs) / 1000;
    return store.all('events').filter(({ created }) => created >= since);
  };

  app.get('/v1/accounts', (c) => {
    const params = parseParams(z.strictObject(listing), c.get('params'));
    return c.json(expanded(store, listPage('/v1/accounts', store.all('accounts'), params), params.expand));
  });

  app.get('/v1/accounts/:id', (c) => c.json(requireAccount(simulation, c.req.param('id'))));

  app.get('/v1/balance', (c) => {
    const balances = [...balancesOf(simulation, c.req.header('Stripe-Account') ?? PLATFORM)];
    const amounts = (part: 'available' | 'pending') =>
      balances.map(([currency, balance]) => ({
        amount: balance[part],
        currency,
        source_types: { card: balance[part] },
      }));
    return c.json({
      object: 'balance',
      available: amounts('available'),
      livemode: false,
      pending: amounts('pending'),
    });
  });

  app.get('/v1/events', (c) => {
    const params = parseParams(eventListing, c.get('params'));
    const types = params.types ?? (params.type === undefined ? null : [params.type]);
    const rows = listableEvents().filter(({ type }) => types === null || types.includes(type));
    return c.json(listPage('/v1/events', rows, params));
  });

  app.get('/v1/events/:id', (c) => {
    const event = listableEvents().find(({ id }) => id === c.req.param('id'));
    if (!event) throw noSuch('event', c.req.param('id'));
    return c.json(event);
  });
}
