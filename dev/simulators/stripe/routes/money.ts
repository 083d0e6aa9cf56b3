/** /v1/charges, /v1/refunds, /v1/transfers */

import type { Hono } from 'hono';
import { z } from 'zod';
import { createRefund } from '../engine/refunds.ts';
import { createTransfer, reverseTransfer } from '../engine/transfers.ts';
import type { SimulatorEnv } from '../http/env.ts';
import { expanded, listPage } from '../http/lists.ts';
import { expand, integer, listing, metadata, parseParams, text } from '../http/params.ts';
import type { Simulation } from '../simulation.ts';
import { noSuch } from '../stripe-fault.ts';

const positive = integer.pipe(z.number().min(1));
const onlyExpand = z.strictObject({ expand });
const refundParams = z.strictObject({
  payment_intent: text.optional(),
  charge: text.optional(),
  amount: positive.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: metadata.optional(),
  expand,
});
const transferParams = z.strictObject({
  amount: positive,
  currency: text,
  destination: text,
  source_transaction: text.optional(),
  transfer_group: text.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  expand,
});
const reversalParams = z.strictObject({ amount: positive.optional(), metadata: metadata.optional(), expand });
const chargeListing = z.strictObject({
  ...listing,
  payment_intent: text.optional(),
  transfer_group: text.optional(),
});
const refundListing = z.strictObject({ ...listing, payment_intent: text.optional(), charge: text.optional() });
const transferListing = z.strictObject({ ...listing, transfer_group: text.optional(), destination: text.optional() });

export function moneyRoutes(app: Hono<SimulatorEnv>, simulation: Simulation): void {
  const { store } = simulation;

  app.post('/v1/refunds', (c) => {
    const params = parseParams(refundParams, c.get('params'));
    return c.json(expanded(store, createRefund(simulation, params), params.expand));
  });

  app.post('/v1/transfers', (c) => {
    const params = parseParams(transferParams, c.get('params'));
    return c.json(expanded(store, createTransfer(simulation, params), params.expand));
  });

  app.post('/v1/transfers/:id/reversals', (c) => {
    const params = parseParams(reversalParams, c.get('params'));
    return c.json(expanded(store, reverseTransfer(simulation, c.req.param('id'), params), params.expand));
  });

  app.get('/v1/transfers/:id/reversals', (c) => {
    const params = parseParams(z.strictObject(listing), c.get('params'));
    const id = c.req.param('id');
    const rows = store.all('transfer_reversals').filter(({ transfer }) => transfer === id);
    return c.json(expanded(store, listPage(`/v1/transfers/${id}/reversals`, rows, params), params.expand));
  });

  app.get('/v1/charges', (c) => {
    const params = parseParams(chargeListing, c.get('params'));
    const rows = store.all('charges').filter(matching(params, ['payment_intent', 'transfer_group']));
    return c.json(expanded(store, listPage('/v1/charges', rows, params), params.expand));
  });

  app.get('/v1/refunds', (c) => {
    const params = parseParams(refundListing, c.get('params'));
    const rows = store.all('refunds').filter(matching(params, ['payment_intent', 'charge']));
    return c.json(expanded(store, listPage('/v1/refunds', rows, params), params.expand));
  });

  app.get('/v1/transfers', (c) => {
    const params = parseParams(transferListing, c.get('params'));
    const rows = store.all('transfers').filter(matching(params, ['transfer_group', 'destination']));
    return c.json(expanded(store, listPage('/v1/transfers', rows, params), params.expand));
  });

  for (const table of ['charges', 'refunds', 'transfers'] as const) {
    app.get(`/v1/${table}/:id`, (c) => {
      const params = parseParams(onlyExpand, c.get('params'));
      const id = c.req.param('id') ?? '';
      const object = store.get(table, id);
      if (!object) throw noSuch(table.slice(0, -1), id);
      return c.json(expanded(store, object, params.expand));
    });
  }
}

/** Rows that equal the parameters in the given fields; a parameter that is absent asks for nothing. */
function matching<K extends string>(params: { [P in K]?: string }, fields: readonly K[]) {
  return (row: { [P in K]: string | null }) =>
    fields.every((field) => params[field] === undefined || row[field] === params[field]);
}
