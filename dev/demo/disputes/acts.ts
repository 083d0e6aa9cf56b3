/** What most journeys about disputes do: object, look at why money is held, be refused. Each act tells what it did. */

import { UnexpectedReply } from '../../client/request.ts';
import type { Complaint, Dispute, VendorOrder } from '../../client/resources.ts';
import type { Patience } from '../../client/wait-for.ts';
import { inWords } from '../books.ts';
import type { Person, Stage } from '../stage.ts';

/** The clocks of a dispute add up. */
export const PATIENCE: Patience = { timeoutMs: 90_000, pollMs: 200 };

/** Decides, and may decide nothing twice. */
export function admin(stage: Stage): Promise<Person> {
  return stage.demoAccount('Ada', 'admin@holdfast.test');
}

/** Another one who may decide. */
export function verifier(stage: Stage): Promise<Person> {
  return stage.demoAccount('Vera', 'verifier@holdfast.test');
}

/** The seller ships, and the goods arrive. */
export async function send(stage: Stage, seller: Person, { id }: Pick<VendorOrder, 'id'>): Promise<void> {
  await seller.client.ship(id);
  await seller.client.deliver(id);
  stage.tell(`${seller.name} ships, and the goods arrive.`);
}

/** The buyer contests goods: everything that can be, unless lines are named. */
export async function complain(
  stage: Stage,
  buyer: Person,
  { id }: Pick<VendorOrder, 'id'>,
  complaint: Complaint,
): Promise<Dispute> {
  const dispute = await buyer.client.disputes.open(id, complaint);
  stage.tell(`${buyer.name} objects: “${complaint.description}” ${inWords(dispute.frozen)} are frozen.`);
  return dispute;
}

export async function respond(stage: Stage, seller: Person, { id }: Dispute, text: string): Promise<void> {
  const { phase } = await seller.client.disputes.respond(id, text);
  stage.expect('the phase after the response', phase, 'mediation');
  stage.tell(`${seller.name} responds: “${text}”`);
}

/** Asks the API the question of all questions. */
export async function askWhy(stage: Stage, person: Person, { id }: Dispute): Promise<void> {
  const { next } = await person.client.disputes.get(id);
  stage.tell(`Why is the money held? “${next.text}”`);
}

/** Throws unless the request is refused like this: `409 same_reviewer`. */
export async function expectRefusal(
  stage: Stage,
  what: string,
  request: Promise<unknown>,
  expected: string,
): Promise<void> {
  const outcome = await request.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof UnexpectedReply) return `${error.status} ${error.code}`;
      throw error;
    },
  );
  stage.expect(what, outcome, expected);
}
