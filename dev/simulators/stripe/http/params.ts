/** Reads Stripe's form encoding (`metadata[order_id]=…`, `expand[0]=…`) and checks it against a schema. */

import { z } from 'zod';
import { invalidParameter } from '../stripe-fault.ts';

export type Params = { [key: string]: string | Params };

/** A form body or query string as nested objects without prototype. */
export function decodeForm(text: string): Params {
  const root = emptyParams();
  for (const [name, value] of new URLSearchParams(text)) {
    const [first = '', ...rest] = name.split('[').map((part) => part.replace(/\]$/, ''));
    insert(root, [first, ...rest], value);
  }
  return root;
}

function insert(target: Params, [key = '', ...rest]: string[], value: string): void {
  // `expand[]=a&expand[]=b` numbers itself.
  const name = key === '' ? String(Object.keys(target).length) : key;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const existing = target[name];
  const child = typeof existing === 'object' ? existing : emptyParams();
  target[name] = child;
  insert(child, rest, value);
}

/** Without prototype, so that `__proto__` is a name like any other. */
function emptyParams(): Params {
  return Object.create(null) as Params;
}

export const text = z.string().min(1).max(5000);
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number);
export const list = z.record(z.string(), z.string()).transform((items) => Object.values(items));
export const metadata = z.record(z.string().max(40), z.string().max(500));
export const expand = list.optional();

/** For listing: newest first, `limit` 1 to 100. */
export const listing = {
  limit: integer.pipe(z.number().min(1).max(100)).default(10),
  starting_after: text.optional(),
  ending_before: text.optional(),
  created: z
    .union([integer, z.strictObject({ gt: integer, gte: integer, lt: integer, lte: integer }).partial()])
    .optional(),
  expand,
};

/** The parameters as the schema has them; a StripeFault (400, not kept under the key) for anything else. */
export function parseParams<S extends z.ZodType>(schema: S, params: Params): z.output<S> {
  const parsed = schema.safeParse(params);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    if (key === 'payment_method_types') {
      throw invalidParameter(
        'payment_method_types_no_longer_supported',
        'payment_method_types is no longer supported. Use allowed_payment_method_types.',
        key,
      );
    }
    throw invalidParameter('parameter_unknown', `Received unknown parameter: ${key}`, key);
  }
  const [name = '', ...rest] = (issue?.path ?? []).map(String);
  const param = name + rest.map((part) => `[${part}]`).join('');
  if (!Object.hasOwn(params, name)) {
    throw invalidParameter('parameter_missing', `Missing required param: ${param}.`, param);
  }
  throw invalidParameter('parameter_invalid', `Invalid ${param}`, param);
}
