/** What the bad inputs are about, and what one of them is. */

import type { Reply } from '../../../dev/client/request.ts';
import type { PlacedOrder, Product } from '../../../dev/client/resources.ts';
import type { ErrorCode } from '../../../domain/error-codes.ts';
import type { E2eStack } from '../support/e2e-stack.ts';

/** What the requests are about: goods for sale, goods that are sold out, and one order in each state of interest. */
export type Scene = {
  e2e: E2eStack;
  goods: Product;
  soldOut: Product;
  dear: Product;
  unpaid: PlacedOrder;
  /** The key `unpaid` was placed with. */
  usedKey: string;
  held: PlacedOrder;
  shipped: PlacedOrder;
  released: PlacedOrder;
};

/** How it is sent, and with which status and code it is refused. */
export type BadInput = {
  title: string;
  send(scene: Scene): Promise<Reply<unknown>>;
  status: number;
  code: ErrorCode;
};
